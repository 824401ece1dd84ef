import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { OwnTools, type OwnHost } from "../../../widget/page/own-tools.ts";
import type { PageTool } from "../../../widget/page/page-tool.ts";
import { PageTools, type PageThread } from "../../../widget/page/page-tools.ts";
import type { AskedThread } from "../../../widget/page/question.ts";
import { ModelContextStandIn } from "./model-context-stand-in.ts";

interface Shown {
  conversationId: string;
  connection: string;
  refusal?: { message: string };
  turns: object[];
  queued: object[];
}

/** A widget on a page whose `document.modelContext` is `context`, with a thread that shows what the test says. */
function widget(context: ModelContextStandIn, offerTools = "*") {
  const state: Shown = { conversationId: "conversation-one", connection: "online", turns: [], queued: [] };
  const did: unknown[] = [];
  const thread = {
    state,
    send: (text: string, via: string) => (did.push(["send", text, via]), "message-one"),
    stop: () => void did.push("stop"),
    removeMessage: (id: string) => void did.push(["remove", id]),
  };
  const host = {
    isConnected: true,
    offerTools: offerTools as string | undefined,
    open: () => void did.push("open"),
    updateComplete: Promise.resolve(),
    renderRoot: { querySelector: () => undefined } as unknown as OwnHost["renderRoot"],
    addController: (controller: OwnTools) => controller.hostConnected(),
  };
  const tools = new OwnTools(host, thread as unknown as AskedThread);
  const shows = (change: Partial<Shown>): void => {
    Object.assign(state, change);
    tools.hostUpdated();
  };
  const ask = (message: unknown, signal?: AbortSignal): Promise<unknown> =>
    Promise.resolve(context.registered.get("ask_assistant")!.execute({ message }, { signal: signal as AbortSignal }));
  onTestFinished(() => ((host.isConnected = false), tools.hostDisconnected()));
  return { tools, host, did, shows, ask, state };
}

function page(): ModelContextStandIn {
  const context = new ModelContextStandIn("object");
  vi.stubGlobal("document", { modelContext: context });
  vi.stubGlobal("location", { origin: "https://shop.example" });
  return context;
}
afterEach(() => void vi.unstubAllGlobals());

const names = (context: ModelContextStandIn): readonly string[] => [...context.registered.keys()];

function turn(status: string, parts: readonly object[] = []): object {
  return { turnId: "turn-one", message: { messageId: "message-one" }, status, parts };
}
const said = (text: string): object => ({ kind: "text", step: 1, text });

test("what the owner names is offered once, as long as the widget is on the page and the owner names it", async () => {
  const context = page();
  const { host, tools } = widget(context, "open_*");
  await expect.poll(() => names(context)).toEqual(["open_chat"]);
  tools.hostUpdated();
  tools.hostConnected();
  host.offerTools = "*";
  tools.hostUpdated();
  await expect.poll(() => names(context)).toEqual(["open_chat", "ask_assistant"]);
  // Moved within the page.
  host.isConnected = false;
  tools.hostDisconnected();
  host.isConnected = true;
  tools.hostConnected();
  await Promise.resolve();
  expect(names(context)).toEqual(["open_chat", "ask_assistant"]);
  host.isConnected = false;
  tools.hostDisconnected();
  await expect.poll(() => names(context)).toEqual([]);
  host.isConnected = true;
  tools.hostConnected();
  await expect.poll(() => names(context)).toEqual(["open_chat", "ask_assistant"]);
  host.offerTools = undefined;
  tools.hostUpdated();
  expect(names(context)).toEqual([]);
  expect(context.refused).toBe(0);
});

test("a second chat of the page offers nothing of the same name, nor takes the first one's tools for the page's", async () => {
  const context = page();
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  onTestFinished(() => warned.mockRestore());
  widget(context);
  widget(context);
  await expect.poll(() => warned.mock.calls.length).toBe(2);
  expect(context.refused).toBe(0);
  context.tools.push({ name: "cart.add", description: "Adds." }, { name: "ask_assistant", description: "Ours." });
  const offered: string[][] = [];
  const request = async (_: string, { tools }: { tools: { name: string }[] }): Promise<object> => {
    offered.push(tools.map(({ name }) => name));
    return { leftOut: [] };
  };
  new PageTools({ request, state: { conversationId: "conversation-one" } } as unknown as PageThread).welcomed("*");
  await expect.poll(() => offered).toEqual([["cart.add"]]);
});

test("a tool of the page that has our name stays the page's", async () => {
  const context = page();
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  onTestFinished(() => warned.mockRestore());
  const theirs: PageTool = { name: "ask_assistant", description: "Theirs.", execute: () => "theirs" };
  context.registerTool(theirs, { signal: new AbortController().signal });
  widget(context);
  await expect.poll(() => warned.mock.calls.length).toBe(1);
  expect(context.registered.get("ask_assistant")).toBe(theirs);
});

test("a message is sent as the browser's assistant's, and its answer is given back, bounded", async () => {
  const { ask, did, shows } = widget(page());
  const answer = ask("  Where is order 1042? ");
  expect(did).toEqual(["open", ["send", "Where is order 1042?", { via: "browser-assistant" }]]);
  shows({ queued: [{ messageId: "message-one", status: "sending" }] });
  shows({ queued: [], turns: [turn("running", [said("I look …")])] });
  shows({ turns: [turn("done", [said("I look …"), { kind: "call", status: "ended" }, said("x".repeat(9_000))])] });
  const { status, answer: text } = (await answer) as { status: string; answer: string };
  expect(status).toBe("answered");
  expect(text).toMatch(/^I look …\n\nx{7000}x*\n\[Cut/);
  expect(text.length).toBeLessThan(8_100);
});

test("a decision is a person's: the answer says that it waits, and for what, also behind an earlier one", async () => {
  const { ask, shows, did } = widget(page());
  const call = { kind: "call", status: "waiting", tool: { title: "Refund order" } };
  const first = ask("Refund it");
  shows({ turns: [turn("waiting", [said("Shall I?"), call])] });
  expect(await first).toEqual({
    status: "waits-for-decision",
    answer: "Shall I?",
    note: expect.stringContaining("Refund order") as string,
  });
  shows({ turns: [] });
  const second = ask("And then?");
  shows({ turns: [{ ...turn("waiting", [call]), message: undefined }], queued: [{ messageId: "message-one", status: "queued" }] });
  expect(await second).toMatchObject({ status: "waits-for-decision", answer: "" });
  expect(did).not.toContain("stop");
});

test("one message at a time, and none without words", async () => {
  const { ask, shows, did } = widget(page());
  await expect(ask("  ")).rejects.toThrow(TypeError);
  await expect(ask({ text: "1" })).rejects.toThrow(TypeError);
  const first = ask("One");
  await expect(ask("Two")).rejects.toThrow("A message is being answered");
  shows({ turns: [turn("stopped", [said("It")])] });
  expect(await first).toEqual({ status: "stopped", answer: "It" });
  expect(did.filter((one) => Array.isArray(one))).toHaveLength(1);
});

test("its signal stops the turn, at once or as soon as it begins", async () => {
  const { ask, shows, did } = widget(page());
  await expect(ask("Never", AbortSignal.abort())).rejects.toThrow();
  expect(did).toEqual([]);
  const [one, two] = [new AbortController(), new AbortController()];
  const running = ask("One", one.signal);
  shows({ turns: [turn("running")] });
  one.abort();
  await expect(running).rejects.toMatchObject({ name: "AbortError" });
  expect(did.filter((what) => what === "stop")).toHaveLength(1);
  shows({ turns: [] });
  const waiting = ask("Two", two.signal);
  two.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  expect(did.filter((what) => what === "stop")).toHaveLength(1);
  shows({ turns: [turn("running")] });
  shows({ turns: [turn("running")] });
  expect(did.filter((what) => what === "stop")).toHaveLength(2);
});

test("what keeps a message from an answer is said", async () => {
  const { ask, shows, did } = widget(page());
  const begin = (): void => shows({ conversationId: "conversation-one", connection: "online", turns: [], queued: [] });
  const cases: readonly (readonly [Partial<Shown>, string])[] = [
    [{ turns: [turn("failed")] }, "could not answer"],
    [{ queued: [{ messageId: "message-one", status: "failed", error: { message: "It is too long." } }] }, "not sent. It is too long."],
    [{ conversationId: "conversation-two" }, "left this conversation"],
    [{ connection: "refused", refusal: { message: "Not on this page." } }, "not available here. Not on this page."],
  ];
  for (const [change, words] of cases) {
    begin();
    const asked = ask("Hello");
    shows(change);
    await expect(asked).rejects.toThrow(words);
  }
  expect(did).toContainEqual(["remove", "message-one"]);
});

test("a person's answer is not waited for, and neither is one that takes too long", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { ask, shows } = widget(page());
  const toPerson = ask("Are you there?");
  shows({ turns: [{ ...turn("done"), turnId: "message-one" }] });
  expect(await toPerson).toMatchObject({ status: "with-the-team" });
  shows({ turns: [] });
  const slow = ask("Count to a million");
  shows({ turns: [turn("running", [said("One, two")])] });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(await slow).toMatchObject({ status: "still-answering", answer: "One, two" });
});

test("a widget that is taken from the page ends what is asked of it", async () => {
  const { ask, host, tools } = widget(page());
  const asked = ask("Hello");
  host.isConnected = false;
  tools.hostDisconnected();
  await expect(asked).rejects.toThrow("not on the page any more");
});
