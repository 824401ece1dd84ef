import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WrittenLocal } from "../../support/static-directory.ts";
import { peerScript, startEverything } from "../../support/mcp-everything.ts";
import { callContext, testHost, toolOf, type TestHost } from "../../support/mcp-host.ts";
import { waitFor } from "../../support/wait-for.ts";

let folder: string;
const open: TestHost[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "frontdesk-tools-"));
});
afterEach(async () => {
  for (const host of open.splice(0)) await host.close();
  await rm(folder, { recursive: true });
});

function hostOf(settings: Omit<WrittenLocal, "key" | "name">): TestHost {
  const host = testHost([{ key: "local", name: "Local", connectTimeoutMs: 20_000, ...settings }]);
  open.push(host);
  return host;
}

const node = (...args: string[]): { command: string; args: string[] } => ({ command: process.execPath, args });

describe("servers that we start ourselves", () => {
  it("server-filesystem: reads, writes, and says which tools only read", async () => {
    await writeFile(join(folder, "greeting.txt"), "Good morning");
    const host = hostOf(node(await peerScript("@modelcontextprotocol/server-filesystem", "dist/index.js"), folder));
    const toolbox = await host.open();
    const read = toolOf(toolbox, "local__read_text_file");
    expect(read.reference.readOnly).toBe(true);
    expect(toolOf(toolbox, "local__write_file").reference).toMatchObject({ readOnly: false, destructive: true });
    expect((await read.call({ path: join(folder, "greeting.txt") }, callContext())).content).toContainEqual({
      kind: "text",
      text: "Good morning",
    });
    expect(
      (await toolOf(toolbox, "local__write_file").call({ path: join(folder, "new.txt"), content: "written" }, callContext())).outcome,
    ).toBe("ok");
    expect(await readFile(join(folder, "new.txt"), "utf8")).toBe("written");
    expect((await read.call({ path: "/etc/passwd" }, callContext())).outcome).toBe("failed");
    expect(read.check({})).toContain("path");
  });

  it("server-memory: keeps what it was told for the conversation that told it", async () => {
    const host = hostOf({
      ...node(await peerScript("@modelcontextprotocol/server-memory", "dist/index.js")),
      env: { MEMORY_FILE_PATH: join(folder, "memory.json") },
    });
    const toolbox = await host.open();
    const entities = [{ name: "Ada", entityType: "customer", observations: ["likes tea"] }];
    expect((await toolOf(toolbox, "local__create_entities").call({ entities }, callContext())).outcome).toBe("ok");
    expect((await toolOf(toolbox, "local__read_graph").call({}, callContext())).structured).toMatchObject({ entities });
  });

  it("are ended with the conversation's rest", async () => {
    const host = testHost(
      [
        {
          key: "local",
          name: "Local",
          connectTimeoutMs: 20_000,
          ...node("-e", script(`writeFileSync(${JSON.stringify(join(folder, "pid"))}, String(process.pid));`)),
        },
      ],
      { idleMs: 100 },
    );
    open.push(host);
    await host.open();
    const pid = Number(await readFile(join(folder, "pid"), "utf8"));
    expect(isRunning(pid)).toBe(true);
    host.tools.rest("conversation-1");
    await waitFor(() => !isRunning(pid));
  });

  it("that cannot be started are unavailable, with what they said last", async () => {
    expect((await hostOf({ command: "no-such-program" }).open()).unavailable[0]?.cause).toBe(
      'Local at the command "no-such-program": there is no such program (ENOENT)',
    );
    const dies = await hostOf(node("-e", "console.error('The licence is missing.'); process.exit(3)")).open();
    expect(dies.unavailable[0]?.cause).toContain("the connection was closed. Its last words: The licence is missing.");
  });

  it("that die in the middle of a call leave it unknown, and are started again for the next", async () => {
    const host = hostOf(node("-e", script("", "process.exit(1)")));
    const act = toolOf(await host.open(), "local__act");
    expect(await act.call({}, callContext())).toMatchObject({
      outcome: "unknown",
      cause: expect.stringContaining("the connection was closed") as string,
    });
    expect(await act.call({}, callContext())).toMatchObject({ outcome: "unknown" });
  });

  it("that answer with more than allowed leave the call unknown", async () => {
    const host = testHost(
      [
        {
          key: "local",
          name: "Local",
          connectTimeoutMs: 20_000,
          ...node("-e", script("", "answer({ content: [{ type: 'text', text: 'x'.repeat(400_000) }] })")),
        },
      ],
      { answerBytes: 200_000 },
    );
    open.push(host);
    expect(await toolOf(await host.open(), "local__act").call({}, callContext())).toMatchObject({
      outcome: "unknown",
      cause: expect.stringMatching(/exceed|maximum|size/i) as string,
    });
  });
});

describe("a server over SSE", () => {
  it("that dies in the middle of a call leaves it unknown at once", async () => {
    const server = await startEverything("sse");
    const host = testHost([{ key: "every", name: "Everything", url: server.url, connectTimeoutMs: 20_000, callTimeoutMs: 600_000 }]);
    open.push(host);
    const long = toolOf(await host.open(), "every__trigger-long-running-operation");
    let dying: Promise<void> | undefined;
    const result = await long.call({ duration: 60, steps: 600 }, callContext({ onProgress: () => (dying ??= server.stop()) }));
    expect(result.outcome).toBe("unknown");
    await dying;
    expect(await long.call({ duration: 1, steps: 1 }, callContext())).toMatchObject({
      outcome: "failed",
      cause: expect.stringContaining("refused") as string,
    });
  });
});

/** A server of a few lines: `begin` runs first, `act` answers the call of its one tool. */
function script(begin: string, act = "answer({ content: [] })"): string {
  return `
    import { writeFileSync } from "node:fs";
    import { createInterface } from "node:readline";
    ${begin}
    for await (const line of createInterface({ input: process.stdin })) {
      const { id, method } = JSON.parse(line);
      const answer = (result) => console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
      if (method === "initialize") answer({ protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "small", version: "1" } });
      if (method === "tools/list") answer({ tools: [{ name: "act", inputSchema: { type: "object" } }] });
      if (method === "tools/call") { ${act} }
    }`;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
