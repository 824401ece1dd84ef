/** Which voice call a server is told, over real MCP: that of the message which is answered. */
import { onTestFinished, test, expect } from "vitest";
import { alwaysAllow, needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say } from "../support/desk-scripts.ts";
import { decision, heard, rested } from "../support/desk-waits.ts";
import { testHost } from "../support/mcp-host.ts";
import { type ScriptedServer, scriptedServer } from "../support/mcp-scripted-server.ts";

/** Calls the server's tool for each message, and says so. */
const script: HarnessOptions["script"] = ({ messages }) =>
  messages.at(-1)?.role === "tool" ? say("Done.") : callTools({ name: "orders__act", arguments: {} });

async function calling(change: Partial<HarnessOptions> = {}): Promise<{ desk: Harness; server: ScriptedServer }> {
  const server = await scriptedServer();
  const host = testHost([{ key: "orders", name: "Orders", url: server.url }]);
  const connectors = [{ server: "orders", permissions: { "*": alwaysAllow } }];
  const desk = await openDesk({ script, host: host.tools, assistant: { connectors } }, change);
  onTestFinished(async () => {
    await host.close();
    await server.close();
  });
  return { desk, server };
}

async function tell(desk: Harness, messageId: string, voiceCallId?: string): Promise<void> {
  const spoken = voiceCallId === undefined ? undefined : { voiceCallId };
  await desk.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId, text: "Act" }, spoken);
}

/** The headers of the calls, in order. */
const told = ({ requests }: ScriptedServer, header: string) =>
  requests.filter(({ message }) => message?.method === "tools/call").map(({ headers }) => headers[header]);

test("a message that was said has its call, and one that was written has none, in whatever order they come", async () => {
  const { desk, server } = await calling();
  for (const [index, voiceCallId] of [undefined, "voice-call-1", undefined, "voice-call-1", "voice-call-2"].entries()) {
    await tell(desk, `message-${index}`, voiceCallId);
    await desk.turnsEnded(index + 1);
  }
  expect(told(server, "x-call-id")).toEqual([undefined, "voice-call-1", undefined, "voice-call-1", "voice-call-2"]);
});

test("a call that waited for approval is made for the message that asked, whatever was written since, also after a restart", async () => {
  const connectors = [{ server: "orders", permissions: { "*": needsApproval } }];
  const { desk: first, server } = await calling({ assistant: { connectors } });
  await first.voice.started(CUSTOMER, { conversationId: CONVERSATION, voiceCallId: "voice-call-1", via: "page" });
  await tell(first, "message-1", "voice-call-1");
  const asked = await heard(first, "approval-requested");
  await rested(first);
  await tell(first, "message-2");
  const desk = await first.restart();
  await desk.desk.decide(CUSTOMER, "approval-decide", decision(asked));
  await heard(desk, "tool-call-ended");
  expect(told(server, "x-call-id")).toEqual(["voice-call-1"]);
  expect(told(server, "x-session-id")).toEqual([CUSTOMER.sessionId]);
});

test("a message that is answered again is the same message: its page view and its call are told", async () => {
  let broken = true;
  const { desk, server } = await calling({
    script: (...asked) => {
      if (!broken) return script(...asked);
      broken = false;
      throw new Error("broken");
    },
  });
  await tell(desk, "message-1", "voice-call-1");
  await desk.turnsEnded(1);
  await rested(desk);
  const { turnId } = await heard(desk, "turn-started");
  await desk.desk.retry(CUSTOMER, { conversationId: CONVERSATION, turnId });
  await desk.turnsEnded(2);
  expect([told(server, "x-call-id"), told(server, "x-session-id")]).toEqual([["voice-call-1"], [CUSTOMER.sessionId]]);
});
