import { expect, it } from "vitest";
import { testHost } from "../../support/mcp-host.ts";
import { opened, serve } from "../../support/mcp-opened.ts";
import { result, tool } from "../../support/mcp-scripted-server.ts";

const SERVERS = 50;
const TOOLS = 40;

// How long it takes is measured by the bench of the same name, which has a budget for it.
it("opens a conversation with fifty servers of forty tools without asking any of them a second time", async () => {
  const server = await serve({ "tools/list": result({ tools: Array.from({ length: TOOLS }, (_, at) => tool(`tool_${at}`)) }) });
  const names = Array.from({ length: SERVERS }, (_, at) => `server_${at}`);
  const host = opened(testHost(names.map((key) => ({ key, name: key, url: server.url }))));
  const first = await host.open("conversation-1");
  expect(first).toMatchObject({ unavailable: [] });
  expect(first.tools).toHaveLength(SERVERS * TOOLS);
  const requests = server.requests.length;
  const second = await host.open("conversation-2");
  expect(second.tools.map(({ name }) => name)).toEqual(first.tools.map(({ name }) => name));
  expect(server.requests).toHaveLength(requests);
  // What does not depend on who calls is prepared once.
  expect(second.tools.every(({ inputSchema }, at) => inputSchema === first.tools[at]?.inputSchema)).toBe(true);
});
