import { expect, onTestFinished, test } from "vitest";
import { HeardConversations } from "../../server/publish/calls/heard-conversations.ts";
import { StaffCalls } from "../../server/publish/calls/staff-calls.ts";
import { depthOf } from "../../server/tools/calls/depth.ts";
import { httpService, httpTool, httpToolsHost } from "../tools/http/http-service.ts";
import { callContext, finished } from "../support/mcp-host.ts";
import { ManualClock } from "../support/manual-clock.ts";

test("of two requests in one conversation, the end of the first leaves the second as deep as it is", async () => {
  const calls = new StaffCalls({ clock: new ManualClock(), heard: new HeardConversations() });
  const depths: (number | undefined)[] = [];
  const tools = calls.tools({
    open: async ({ depth }) => {
      depths.push(depth);
      return { tools: [], unavailable: [] };
    },
    rest: () => undefined,
    close: async () => undefined,
  });
  const open = () => tools.open({ conversationId: "one" } as Parameters<typeof tools.open>[0]);
  const leaves = [calls.within("one", 2), calls.within("one", 3), calls.within("one", 2)];
  for (const leave of leaves) {
    await open();
    leave();
  }
  await open();
  expect(depths).toEqual([3, 3, 2, 1]);
});

test("of a header that came twice, the deepest counts", () => {
  expect(depthOf("0, 1", undefined)).toBe(1);
  expect(depthOf("2,1", { "frontdesk/depth": 1 })).toBe(2);
  expect(depthOf("nothing", undefined)).toBe(0);
  expect(depthOf(null, undefined)).toBe(0);
});

test("an HTTP tool says how deep it is, whatever its own headers say", async () => {
  const service = await httpService((response) => response.writeHead(204).end());
  onTestFinished(() => service.close());
  const host = httpToolsHost([httpTool("one", service.url, { headers: { "x-frontdesk-depth": "0" } })]);
  for (const depth of [1, 2]) {
    const { tools } = await host.open(undefined, undefined, depth);
    await finished(tools[0]!.call({}, callContext({})));
  }
  expect(service.seen.map(({ headers }) => depthOf(String(headers["x-frontdesk-depth"]), undefined))).toEqual([1, 2]);
});
