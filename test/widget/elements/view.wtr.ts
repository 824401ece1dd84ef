import { german } from "../../../widget/words/german/words.ts";
import { RequestRefusedError } from "../../../widget/line/line.ts";
import { Formats } from "../../../widget/words/formats.ts";
import { callOf } from "../../story-book/pieces.ts";
import { comes } from "./comes.ts";
import { press, read } from "./drawn.ts";
import { same } from "./same.ts";
import { SANDBOX, StagedView } from "./staged-view.ts";

const INPUT = "ui/notifications/tool-input";
const RESULT = "ui/notifications/tool-result";
const CHANGED = "ui/notifications/host-context-changed";

/** Resolves when all that was posted until now has been heard. */
async function caughtUp(view: StagedView): Promise<void> {
  await view.ask("ping")();
}

describe("the view of a tool", () => {
  it("is a frame of another origin that may do little, with a name", async () => {
    const view = await new StagedView().ready();
    const frame = view.frame!;
    same(new URL(frame.src).origin, SANDBOX);
    same(frame.getAttribute("sandbox"), "allow-scripts allow-same-origin allow-forms");
    same([frame.getAttribute("allow"), frame.getAttribute("referrerpolicy")], ["", "no-referrer"]);
    same(frame.title, "Look up order, a view of Orders");
    same(read(view.element).includes("View of Orders"), true);
    same(view.element.querySelector(".view")!.classList.contains("bordered"), true);
    const plain = await new StagedView({}, { opened: { prefersBorder: false, permissions: { clipboardWrite: {} } } }).ready();
    same(plain.element.querySelector(".view")!.classList.contains("bordered"), false);
    same(plain.frame!.allow, "clipboard-write");
  });

  it("is given its input and result, once the hands are shaken, and its surroundings", async () => {
    const view = new StagedView({}, { opened: { input: { order: "1042" } } });
    const { result } = await view.shakeHands();
    await comes("the result", () => view.paramsOf(RESULT).length > 0);
    same(view.paramsOf(INPUT), [{ arguments: { order: "1042" } }]);
    same(view.paramsOf(RESULT), [{ content: [{ type: "text", text: "Three days." }] }]);
    const { hostContext } = result as { hostContext: Record<string, unknown> };
    same([hostContext["theme"], hostContext["locale"], hostContext["displayMode"]], ["light", "en", "inline"]);
    same(hostContext["containerDimensions"], { width: view.frame!.clientWidth, maxHeight: 600 });
    same(hostContext["toolInfo"], { tool: { name: "plan", inputSchema: { type: "object" } } });
    same(view.notes, ["initialized"]);
    same(view.element.querySelector(".starting, .loading"), null);
  });

  it("hears of another theme, another language and another width", async () => {
    const view = new StagedView();
    await view.shakeHands();
    const host = view.root.host as HTMLElement;
    host.setAttribute("theme", "dark");
    await comes("the theme", () => view.paramsOf(CHANGED).length > 0);
    view.element.context = { ...view.element.context, formats: new Formats("de-AT"), words: german };
    await comes("the language", () => view.paramsOf(CHANGED).length > 1);
    same(view.paramsOf(CHANGED), [{ theme: "dark" }, { locale: "de-AT" }]);
    host.style.width = "300px";
    await comes("the width", () => view.paramsOf(CHANGED).some(({ containerDimensions }) => containerDimensions !== undefined));
    same(view.paramsOf(CHANGED).at(-1), { containerDimensions: { width: view.frame!.clientWidth, maxHeight: 600 } });
  });

  it("is heard from its own window and its own origin alone", async () => {
    const view = new StagedView();
    await view.shakeHands();
    const call = { jsonrpc: "2.0", id: 77, method: "tools/call", params: { name: "refund_order" } };
    const other = document.createElement("iframe");
    other.src = view.frame!.src;
    document.body.append(other);
    await new Promise((resolve) => other.addEventListener("load", resolve));
    other.contentWindow!.postMessage({ say: call }, "*");
    window.postMessage(call, "*");
    dispatchEvent(new MessageEvent("message", { data: call, origin: SANDBOX, source: window }));
    dispatchEvent(new MessageEvent("message", { data: call, origin: SANDBOX }));
    dispatchEvent(new MessageEvent("message", { data: call, origin: location.origin, source: view.frame!.contentWindow }));
    await caughtUp(view);
    same(view.sent("view-call"), []);
    view.say({ id: 78, method: "tools/call", params: { name: "refund_order" } });
    await comes("its own call", () => view.sent("view-call").length > 0);
  });

  it("sends nothing to a page of another origin that took the frame's place, and is closed", async () => {
    const view = new StagedView();
    await view.shakeHands();
    view.frame!.src = view.frame!.src.replace(SANDBOX, location.origin);
    await comes("its end", () => view.frame === null);
    same(view.notes, ["initialized", "left"]);
    same(read(view.element).startsWith("The view went somewhere else, so it was closed."), true);
  });

  it("is as high as it says, and no higher than there is room", async () => {
    const view = new StagedView();
    await view.shakeHands();
    const heights: number[] = [];
    for (const height of [320, 1e6, -5, "tall", 12]) {
      view.tell("ui/notifications/size-changed", { width: 9999, height });
      await caughtUp(view);
      heights.push(view.frame!.offsetHeight);
    }
    same(heights, [320, 600, 600, 600, 40]);
    same(view.frame!.offsetWidth <= document.body.clientWidth, true);
  });

  it("reaches its server: calls with an id of their own, resources, and what the model shall know", async () => {
    const view = new StagedView();
    await view.shakeHands();
    same((await view.ask("tools/call", { name: "save", arguments: { day: 3 } })()).result, { content: [] });
    await view.ask("resources/read", { uri: "ui://plan/data" })();
    await view.ask("ui/update-model-context", { content: [{ type: "text", text: "Day 3" }] })();
    const [{ requestId, ...call } = {}] = view.sent("view-call");
    same([typeof requestId, call], ["string", { callId: "call-look-up", name: "save", arguments: { day: 3 } }]);
    same(view.sent("view-read"), [{ callId: "call-look-up", uri: "ui://plan/data" }]);
    same(view.sent("view-context"), [{ callId: "call-look-up", content: [{ type: "text", text: "Day 3" }] }]);
  });

  it("hears why the server refuses something", async () => {
    const view = new StagedView();
    const reply = view.reply.bind(view);
    const refused = new RequestRefusedError({
      code: "view-refused",
      message: "The view may not do this.",
      detail: "It is another server's tool.",
    });
    view.reply = (name, frame) => (name === "view-call" ? Promise.reject(refused) : reply(name, frame));
    await view.shakeHands();
    same((await view.ask("tools/call", { name: "refund_order" })()).error, {
      code: -32000,
      message: "The view may not do this. It is another server's tool.",
    });
  });

  it("hears the end of a call that still ran, and its result", async () => {
    const { status: _status, outcome: _outcome, ...running } = callOf({ hasView: true });
    const view = new StagedView({ ...running, status: "running" }, { opened: { result: undefined } as never });
    await view.shakeHands();
    same(view.paramsOf(RESULT), []);
    view.opened = { result: { content: [{ type: "text", text: "Done." }] } };
    view.element.call = callOf({ hasView: true });
    await comes("the result", () => view.paramsOf(RESULT).length > 0);
    same(view.paramsOf(RESULT), [{ content: [{ type: "text", text: "Done." }] }]);
    same(view.paramsOf(INPUT).length, 1);
  });

  it("hears the end of a call that ended while the view was opened", async () => {
    const { status: _status, outcome: _outcome, ...running } = callOf({ hasView: true });
    const view = new StagedView({ ...running, status: "running" }, { opened: { result: undefined } as never });
    const reply = view.reply.bind(view);
    view.reply = async (name, frame) => {
      const early = await reply(name, frame);
      view.opened = {};
      view.element.call = callOf({ hasView: true });
      await view.element.updateComplete;
      return early;
    };
    await view.shakeHands();
    await comes("the result", () => view.paramsOf(RESULT).length > 0);
    same(view.paramsOf(RESULT), [{ content: [{ type: "text", text: "Three days." }] }]);
  });

  it("that cannot be opened says so, and what it was to show, and can be tried again", async () => {
    const refused = new RequestRefusedError({ code: "view-unavailable", message: "The view cannot be loaded right now." });
    const view = new StagedView({}, { opened: refused });
    await comes("the fault", () => read(view.element).includes("The view cannot be loaded right now."));
    view.opened = {};
    press(view.element, "Try again");
    await view.shakeHands();

    const same_ = new StagedView({}, { opened: { url: `${location.origin}/view` } });
    await comes("the fault", () => read(same_.element).includes("The view could not be opened."));
    same(same_.frame, null);
  });

  it("that failed while its call still ran shows the text once there is one", async () => {
    const { status: _status, outcome: _outcome, ...running } = callOf({ hasView: true });
    const view = new StagedView({ ...running, status: "running" }, { opened: { result: undefined } as never });
    await view.shakeHands();
    view.frame!.src = view.frame!.src.replace(SANDBOX, location.origin);
    await comes("its end", () => view.frame === null);
    same(view.element.querySelector("pre"), null);
    view.opened = {};
    view.element.call = callOf({ hasView: true });
    await comes("the text", () => view.element.querySelector("pre")?.textContent === "Three days.");
  });

  it("closes itself when it asks for it, and is heard to the end", async () => {
    const view = new StagedView();
    await view.shakeHands();
    view.tell("ui/notifications/request-teardown");
    await comes("its good-bye", () => view.heard.some(({ method }) => method === "ui/resource-teardown"));
    view.say({ id: "frontdesk-teardown", result: {} });
    await comes("its end", () => view.frame === null);
    same(view.element.querySelector("pre")!.textContent, "Three days.");
    press(view.element, "Show the view");
    view.isReady = false;
    await view.ready();
  });

  it("that storms is closed", async () => {
    const view = new StagedView();
    await view.shakeHands();
    view.run("for (let n = 0; n < 6000; n += 1) parent.postMessage({ jsonrpc: '2.0', method: 'notifications/message', params: {} }, '*')");
    await comes("its end", () => view.frame === null);
    same(read(view.element).startsWith("The view disturbed the chat, so it was closed."), true);
    same(view.notes.at(-1), "failed");
  });

  it("speaks German", async () => {
    const view = new StagedView({}, { words: { words: german } });
    await comes("German", () => view.frame?.title === "Look up order, eine Ansicht von Orders");
  });
});

describe("a view in full screen", () => {
  it("is offered where the view knows it, by a button of ours, and left by Escape", async () => {
    const view = new StagedView();
    await view.shakeHands();
    const before = view.frame!.contentWindow;
    press(view.element, "Full screen");
    await comes("the mode", () => view.paramsOf(CHANGED).some(({ displayMode }) => displayMode === "fullscreen"));
    const shown = view.element.querySelector<HTMLElement>(".view")!;
    same([shown.matches(":popover-open"), shown.role, shown.ariaModal], [true, "dialog", "true"]);
    same([shown.offsetWidth, shown.offsetHeight], [innerWidth, innerHeight]);
    same(view.root.activeElement?.textContent?.trim(), "Leave full screen");
    let isHeard = false;
    document.addEventListener("keydown", () => (isHeard = true), { once: true });
    view.root.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true }));
    await comes("the mode", () => view.paramsOf(CHANGED).some(({ displayMode }) => displayMode === "inline"));
    same([shown.hasAttribute("popover"), isHeard, view.frame!.contentWindow === before], [false, false, true]);
    same(view.root.activeElement?.textContent?.trim(), "Full screen");
    same(view.paramsOf(INPUT).length, 1);
  });

  it("is not for a view that does not know it, nor unless somebody has just pressed something", async () => {
    const plain = new StagedView();
    await plain.shakeHands({ protocolVersion: "2026-01-26", appInfo: { name: "P", version: "1" }, appCapabilities: {} });
    same(plain.element.querySelector(".bar button"), null);
    same((await plain.ask("ui/request-display-mode", { mode: "fullscreen" })()).result, { mode: "inline" });

    const view = new StagedView();
    await view.shakeHands();
    same((await view.ask("ui/request-display-mode", { mode: "fullscreen" })()).result, { mode: "inline" });
    same((await view.ask("ui/request-display-mode", { mode: "pip" })()).result, { mode: "inline" });
  });
});
