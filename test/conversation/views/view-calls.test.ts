import { expect, test } from "vitest";
import { CONVERSATION, CUSTOMER, OTHER_CUSTOMER } from "../../support/desk-harness.ts";
import { callTools, say, textResult } from "../../support/desk-scripts.ts";
import { code, decision, heard, written } from "../../support/desk-waits.ts";
import { ALWAYS, ASKS, caller, openStage, tools } from "./view-stage.ts";

const DONE = { content: [{ type: "text", text: "refresh done" }] };

test("a view calls a tool that is for views alone: in the journal like any call, and nothing of it for the model", async () => {
  const stage = await openStage();
  expect(await stage.call("refresh", { arguments: { page: 2 } })).toEqual(DONE);
  expect(stage.made).toEqual([["refresh", { page: 2 }]]);
  const journal = await stage.journal();
  expect(journal.slice(-3)).toMatchObject([
    { type: "tool-call-proposed", byView: stage.callId, tool: { tool: "refresh" }, arguments: { page: 2 } },
    { type: "tool-call-started" },
    { type: "tool-call-ended", outcome: "ok", text: "refresh done" },
  ]);
  const offered = stage.requests.flatMap((request) => request.tools.map(({ name }) => name));
  expect(offered).toContain("orders__track");
  expect(offered).not.toContain("orders__refresh");
  await stage.ask("And now?");
  expect(JSON.stringify(stage.requests.at(-1)?.messages)).not.toContain("refresh");
});

test("the model cannot call what is for views alone, though it guesses the name", async () => {
  const stage = await openStage();
  const made = stage.made.length;
  const again = await stage.restart({
    script: (request) => (request.messages.at(-1)?.role === "tool" ? say("Well.") : callTools({ name: "orders__refresh", arguments: {} })),
  });
  const events = await again.ask("Refresh it");
  expect(events.findLast((event) => event.type === "tool-call-ended")).toMatchObject({ outcome: "refused", refusal: "unknown-tool" });
  expect(stage.made).toHaveLength(made);
});

test.each([
  ["secret", "is not for views"],
  ["nothing", "has no tool"],
  ["foreign", "has no tool"],
  ["orders__refresh", "has no tool"],
  ["frontdesk__find_tools", "has no tool"],
  ["off", "switched off"],
])("a view is refused %s by the server, and the staff reads why", async (name, why) => {
  const stage = await openStage();
  await expect(stage.call(name)).rejects.toEqual(code("view-refused", why));
  expect(stage.made).toEqual([]);
  expect(await written(stage, "view-noted")).toMatchObject([
    { callId: stage.callId, what: "call-refused", detail: expect.stringContaining(why) },
  ]);
});

test("nobody else's view can be used: not by another customer, not by a call without a view, not in another conversation", async () => {
  const stage = await openStage();
  const { views, callId } = stage;
  const of = { conversationId: CONVERSATION, callId };
  const asks = [
    (who: typeof CUSTOMER, at: typeof of) => views.open(who, at),
    (who: typeof CUSTOMER, at: typeof of) => views.call(who, { ...at, requestId: "request-other", name: "refresh", arguments: {} }),
    (who: typeof CUSTOMER, at: typeof of) => views.read(who, { ...at, uri: "ui://track" }),
    (who: typeof CUSTOMER, at: typeof of) => views.tell(who, { ...at, content: [{ type: "text", text: "Obey" }] }),
    (who: typeof CUSTOMER, at: typeof of) => views.note(who, { ...at, what: "log", detail: "Hello" }),
  ];
  const before = (await stage.journal()).length;
  await stage.call("refresh");
  const byView = (await written(stage, "tool-call-proposed")).at(-1)!.callId;
  for (const ask of asks) {
    await expect(ask(OTHER_CUSTOMER, of)).rejects.toEqual(code("unknown-conversation"));
    await expect(ask({ ...CUSTOMER, assistant: "other" }, of)).rejects.toEqual(code("unknown-conversation"));
    await expect(ask(CUSTOMER, { ...of, callId: byView })).rejects.toEqual(code("no-view"));
    await expect(ask(CUSTOMER, { ...of, callId: "call-that-is-none" })).rejects.toEqual(code("no-view"));
    await expect(ask(CUSTOMER, { ...of, conversationId: "conversation-none" })).rejects.toEqual(code("unknown-conversation"));
  }
  expect(await stage.journal()).toHaveLength(before + 3);
});

test("the owner's permission asks: a card in the thread, and the call once it is approved", async () => {
  const stage = await openStage();
  const called = stage.call("move_delivery", { arguments: { day: "Friday" } });
  const asked = await heard(stage, "approval-requested");
  expect(asked).toMatchObject({ arguments: { day: "Friday" }, rememberable: false, approver: "customer" });
  expect(stage.made).toEqual([]);
  await expect(stage.desk.decide(CUSTOMER, "approval-decide", decision(asked, { scope: "conversation" }))).rejects.toEqual(
    code("scope-refused"),
  );
  await stage.desk.decide(CUSTOMER, "approval-decide", decision(asked));
  expect(await called).toMatchObject({ content: [{ type: "text", text: "move_delivery done" }] });
  expect(stage.made).toEqual([["move_delivery", { day: "Friday" }]]);
});

test("what was approved for the conversation was approved for the model's calls: a view asks all the same", async () => {
  const stage = await openStage({ permissions: { "*": ALWAYS, move_delivery: ASKS } });
  const granting = await stage.restart({
    script: (request) =>
      request.messages.at(-1)?.role === "tool" ? say("Moved.") : callTools({ name: "orders__move_delivery", arguments: {} }),
  });
  await granting.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-move", text: "Move it" });
  const asked = await heard(granting, "approval-requested");
  expect(asked.rememberable).toBe(true);
  await granting.desk.decide(CUSTOMER, "approval-decide", decision(asked, { scope: "conversation" }));
  await granting.turnsEnded(1);
  const made = stage.made.length;
  void caller(granting, stage.callId)("move_delivery").catch(() => undefined);
  await heard(granting, "approval-requested", 2);
  expect(stage.made).toHaveLength(made);
});

test("a rejected call is refused, and so is one that nobody decides in time", async () => {
  const stage = await openStage();
  const rejected = expect(stage.call("move_delivery")).rejects.toEqual(code("view-refused", "said no"));
  await stage.desk.decide(CUSTOMER, "approval-decide", decision(await heard(stage, "approval-requested"), { decision: "rejected" }));
  await rejected;
  stage.configure({ approvalTimeoutMs: 20 });
  const late = expect(stage.call("move_delivery")).rejects.toEqual(code("view-refused", "nobody decided in time"));
  const asked = await heard(stage, "approval-requested", 2);
  await late;
  await expect(stage.desk.decide(CUSTOMER, "approval-decide", decision(asked))).rejects.toEqual(code("approval-expired"));
  expect(stage.made).toEqual([]);
});

test("a view asks a person no more once they have said no three times; what needs nobody it may still call", async () => {
  const stage = await openStage();
  for (let time = 1; time <= 3; time += 1) {
    const rejected = expect(stage.call("move_delivery")).rejects.toEqual(code("view-refused", "said no"));
    const asked = await heard(stage, "approval-requested", time);
    await stage.desk.decide(CUSTOMER, "approval-decide", decision(asked, { decision: "rejected" }));
    await rejected;
  }
  await expect(stage.call("move_delivery")).rejects.toEqual(code("view-refused", "nobody is asked any more"));
  expect(await written(stage, "approval-requested")).toHaveLength(3);
  await stage.call("refresh");
  expect(stage.made).toEqual([["refresh", {}]]);
});

test("a tool that changes while its card waits does not run, nor one that is switched off", async () => {
  const stage = await openStage();
  const changed = expect(stage.call("move_delivery")).rejects.toEqual(code("view-refused", "changed after it was approved"));
  const asked = await heard(stage, "approval-requested");
  stage.setTools(
    tools(stage).map((tool) => (tool.tool === "move_delivery" ? { ...tool, description: "Sends the customer's card" } : tool)),
  );
  await stage.desk.decide(CUSTOMER, "approval-decide", decision(asked));
  await changed;
  const off = expect(stage.call("move_delivery")).rejects.toEqual(code("view-refused", "switched off"));
  const second = await heard(stage, "approval-requested", 2);
  stage.configure({
    connectors: [{ server: "orders", permissions: { "*": ALWAYS, move_delivery: { ...ALWAYS, permission: "disabled" } } }],
  });
  await stage.desk.decide(CUSTOMER, "approval-decide", decision(second));
  await off;
  expect(stage.made).toEqual([]);
});

test("in careful mode a view of a server that is not trusted asks before it changes anything", async () => {
  const stage = await openStage({ assistant: { careful: true } });
  void stage.call("refresh").catch(() => undefined);
  expect(await heard(stage, "approval-requested")).toMatchObject({ arguments: {} });
  expect(stage.made).toEqual([]);
});

test("the same request is called once, whoever repeats it, and a view that is drawn twice calls nothing by that", async () => {
  const stage = await openStage();
  const request = { requestId: "request-same", arguments: { page: 1 } };
  const both = await Promise.all([stage.call("refresh", request), stage.call("refresh", request)]);
  expect(both).toEqual([DONE, DONE]);
  await stage.views.open(CUSTOMER, { conversationId: CONVERSATION, callId: stage.callId });
  await stage.views.open(CUSTOMER, { conversationId: CONVERSATION, callId: stage.callId });
  expect(stage.made).toHaveLength(1);
  const again = await stage.restart();
  await expect(caller(again, stage.callId)("refresh", request)).rejects.toEqual(code("view-refused", "asked for before"));
  expect(stage.made).toHaveLength(1);
});

test("what came of large calls is not kept for a repeat without end: the oldest goes first, and is not called again", async () => {
  const made: unknown[] = [];
  const text = "x".repeat(12 * 1024 * 1024);
  const large = tools({ made: [] }).map((tool) =>
    tool.tool === "refresh" ? { ...tool, run: () => (made.push(0), textResult(text)) } : tool,
  );
  const stage = await openStage({ tools: large });
  const ids = ["large-one", "large-two", "large-three"];
  for (const requestId of ids) await stage.call("refresh", { requestId });
  stage.clock.forward(60_000);
  await expect(stage.call("refresh", { requestId: ids[0]! })).rejects.toEqual(code("view-refused", "asked for before"));
  expect((await stage.call("refresh", { requestId: ids[2]! })).content).toHaveLength(1);
  expect(made).toHaveLength(3);
});

test("what a process leaves behind is ended by the next: the card is withdrawn, and a call that had started is unknown", async () => {
  const stuck = Promise.withResolvers<never>();
  const made: [string, unknown][] = [];
  const stage = await openStage({
    tools: tools({ made }).map((tool) => (tool.tool === "refresh" ? { ...tool, run: () => stuck.promise } : tool)),
    permissions: { "*": ALWAYS, move_delivery: ASKS },
  });
  void stage.call("move_delivery").catch(() => undefined);
  void stage.call("refresh").catch(() => undefined);
  const asked = await heard(stage, "approval-requested");
  await heard(stage, "tool-call-started", 2);
  const next = await stage.crash();
  const left = (await written(next, "tool-call-proposed")).filter(({ byView }) => byView !== undefined);
  expect(left).toHaveLength(2);
  for (const { callId } of await written(next, "tool-call-proposed")) await next.views.endLeft({ conversationId: CONVERSATION, callId });
  expect(
    (await written(next, "tool-call-ended"))
      .slice(-2)
      .map(({ outcome }) => outcome)
      .toSorted(),
  ).toEqual(["refused", "unknown"]);
  expect(await written(next, "approval-decided")).toMatchObject([{ approvalId: asked.approvalId, decision: "withdrawn" }]);
  await expect(next.desk.decide(CUSTOMER, "approval-decide", decision(asked))).rejects.toEqual(code("already-decided"));
  const events = (await next.journal()).length;
  for (const { callId } of left) await next.views.endLeft({ conversationId: CONVERSATION, callId });
  expect(await next.journal()).toHaveLength(events);
});

test("a view calls beside an answer that waits for a person, and neither moves the other", async () => {
  const made: [string, unknown][] = [];
  const stage = await openStage({ tools: tools({ made }), permissions: { "*": ALWAYS, move_delivery: ASKS } });
  const asking = await stage.restart({
    script: (request) =>
      request.messages.at(-1)?.role === "tool" ? say("Moved.") : callTools({ name: "orders__move_delivery", arguments: { day: "Monday" } }),
  });
  await asking.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-move", text: "Move it" });
  const asked = await heard(asking, "approval-requested");
  expect(await caller(asking, stage.callId)("refresh")).toEqual(DONE);
  await asking.desk.decide(CUSTOMER, "approval-decide", decision(asked));
  await asking.turnsEnded(1);
  expect(made).toEqual([
    ["refresh", {}],
    ["move_delivery", { day: "Monday" }],
  ]);
});

test("a tool that fails is a result with isError; one of which no answer came is refused as unknown", async () => {
  const failing = tools({ made: [] }).map((tool) => {
    if (tool.tool === "refresh") return { ...tool, run: () => ({ ...textResult("No such page"), outcome: "failed" }) as const };
    if (tool.tool === "move_delivery") return { ...tool, run: () => ({ outcome: "unknown", content: [] }) as const };
    return tool;
  });
  const stage = await openStage({ tools: failing, permissions: { "*": ALWAYS } });
  expect(await stage.call("refresh")).toEqual({ content: [{ type: "text", text: "No such page" }], isError: true });
  await expect(stage.call("move_delivery")).rejects.toEqual(code("view-refused", "not known"));
});

test("arguments are checked, and what the site binds is the site's, whatever a view says", async () => {
  const made: [string, unknown][] = [];
  const bound = tools({ made }).map((tool) =>
    tool.tool === "refresh"
      ? { ...tool, schema: { type: "object", properties: { account: { type: "string" }, page: { type: "number" } }, required: ["page"] } }
      : tool,
  );
  const stage = await openStage({
    tools: bound,
    assistant: {
      connectors: [{ server: "orders", permissions: { "*": ALWAYS }, bind: { account: "sub" } }],
      identity: { mode: "optional", keys: [], prompt: [] },
    },
    facts: async () => ({ subject: "mia", attributes: {} }),
  });
  await expect(stage.call("refresh")).rejects.toEqual(code("view-refused", "Missing: page"));
  await stage.call("refresh", { arguments: { page: 1, account: "noah" } });
  expect(made).toEqual([["refresh", { page: 1, account: "mia" }]]);
});
