/** Three published servers with views, as our host reads them. They run as they are installed, over standard input. */
import { expect, test } from "vitest";
import { viewPolicy } from "../../server/http/sandbox/view-policy.ts";
import { sandboxDocument } from "../../server/http/sandbox/sandbox-document.ts";
import { ViewPages } from "../../server/views/view-pages.ts";
import { peerScript } from "../support/mcp-everything.ts";
import { callContext, testHost } from "../support/mcp-host.ts";
import { opened } from "../support/mcp-opened.ts";

async function toolsOf(name: string) {
  const script = await peerScript(`@modelcontextprotocol/server-${name}`, "dist/index.js");
  const host = opened(testHost([{ key: "real", name: "Real", command: process.execPath, args: [script, "--stdio"] }], { views: true }));
  return (await host.open()).tools;
}

test.each([
  { name: "basic-vanillajs", tool: "get-time", arguments: {}, kilobytes: 218, forViews: [] },
  { name: "budget-allocator", tool: "get-budget-data", arguments: {}, kilobytes: 437, forViews: [] },
  { name: "debug", tool: "debug-tool", arguments: {}, kilobytes: 235, forViews: ["debug-log", "debug-refresh"] },
])(
  "$name: its tool has a view, which is read and goes into the sandbox with no network",
  async ({ name, tool, arguments: input, kilobytes, forViews }) => {
    const tools = await toolsOf(name);
    const found = tools.find(({ reference }) => reference.tool === tool)!;
    expect(found.view?.uri).toMatch(/^ui:\/\//);
    expect(tools.filter(({ audience }) => audience?.includes("model") === false).map(({ reference }) => reference.tool)).toEqual(forViews);
    const { html, meta } = await new ViewPages({ now: () => 0 }).of("conversation-one call-one", found.view!);
    expect(Math.abs(html.length / 1000 - kilobytes)).toBeLessThan(15);
    expect(meta).toEqual({ csp: {}, clipboardWrite: expect.any(Boolean) as boolean, leftOut: expect.any(Array) as unknown[] });
    expect(viewPolicy(meta.csp, "https://shop.example")).not.toMatch(/https:\/\/(?!shop\.example)/);
    expect(sandboxDocument({ html, title: tool, host: "https://shop.example", clipboardWrite: false }).length).toBeGreaterThan(html.length);
    const result = await found.call(input, callContext());
    expect(result).toMatchObject({ outcome: "ok" });
  },
);
