import { looksAt, isGone } from "../../../widget/view/live-views.ts";
import { OpenView } from "../../../widget/view/open-view.ts";
import type { ViewNote } from "../../../protocol/views.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { CONTEXT } from "../view/hosted.ts";
import { comes } from "./comes.ts";
import { same } from "./same.ts";
import { SANDBOX } from "./staged-view.ts";

const url = `${SANDBOX}/test/widget/elements/view-stand-in.html`;

let last: OpenView | undefined;

/** In place of the last. */
function open() {
  last?.end();
  const frame = document.createElement("iframe");
  const field = document.createElement("textarea");
  const clock = new ManualClock();
  const failures: string[] = [];
  const notes: (readonly [ViewNote, string | undefined])[] = [];
  const never = (): Promise<never> => new Promise(() => {});
  frame.src = url;
  document.body.replaceChildren(field, frame);
  const view = new OpenView({
    frame,
    opened: { url, tool: {}, input: {}, csp: {}, permissions: {} },
    clock,
    context: () => CONTEXT,
    most: () => 600,
    note: (what, detail) => void notes.push([what, detail]),
    started: () => {},
    failed: (why) => (failures.push(why), view.end()),
    ask: never,
    message: () => {},
    callTool: never,
    readResource: never,
    tellModel: never,
    display: () => "inline",
  });
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
  last = view;
  return { frame, field, clock, failures, notes, loaded };
}

function key(field: Element, name: string): void {
  field.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, composed: true }));
}

/** The page in the frame takes the focus. */
function take(frame: HTMLIFrameElement): void {
  frame.contentWindow!.postMessage({ run: "document.querySelector('button').focus()" }, "*");
}

const ofPolicy = (blockedURI: string, effectiveDirective: string): SecurityPolicyViolationEvent =>
  new SecurityPolicyViolationEvent("securitypolicyviolation", {
    blockedURI,
    effectiveDirective,
    disposition: "enforce",
    documentURI: location.href,
    originalPolicy: "",
    statusCode: 200,
    violatedDirective: effectiveDirective,
    bubbles: true,
  });

describe("an open view", () => {
  it("that never begins is given up eight seconds after it is loaded", async () => {
    const { clock, failures, notes, loaded } = open();
    await loaded;
    clock.forward(7_999);
    same(failures, []);
    clock.forward(1);
    same([failures, notes], [["not-started"], [["not-started", "not-started"]]]);
  });

  it("that is never loaded is given up after half a minute", () => {
    const { clock, failures } = open();
    clock.forward(29_999);
    same(failures, []);
    clock.forward(1);
    same(failures, ["not-started"]);
  });

  it("that began before its document was loaded is left alone", async () => {
    const { frame, clock, failures, loaded } = open();
    await loaded;
    const hello = {
      jsonrpc: "2.0",
      id: 1,
      method: "ui/initialize",
      params: { protocolVersion: "2026-01-26", appInfo: { name: "P", version: "1" }, appCapabilities: {} },
    };
    const answered = new Promise((resolve) =>
      addEventListener("message", ({ data }) => (data as { heard?: { id?: number } }).heard?.id === 1 && resolve(true)),
    );
    frame.contentWindow!.postMessage({ say: hello }, "*");
    await answered;
    clock.forward(60_000);
    same(failures, []);
  });

  it("that the page's policy blocks says which line is missing, and other violations are not its", () => {
    const warned: unknown[] = [];
    const { warn } = console;
    console.warn = (text: unknown) => void warned.push(text);
    try {
      const { failures, notes } = open();
      for (const [uri, directive] of [
        ["https://ads.example/", "frame-src"],
        [url, "img-src"],
      ] as const)
        document.dispatchEvent(ofPolicy(uri, directive));
      same(failures, []);
      document.dispatchEvent(ofPolicy(url, "frame-src"));
      same([failures, notes], [["blocked"], [["failed", "blocked"]]]);
      same(warned, [`Frontdesk: this page's Content-Security-Policy blocks the views of tools. Add ${SANDBOX} to frame-src.`]);
    } finally {
      console.warn = warn;
    }
  });

  it("gives the focus back that it takes from somebody who types, and is closed if it goes on", async () => {
    const { frame, field, failures, loaded } = open();
    await loaded;
    for (let time = 0; time < 3; time += 1) {
      field.focus();
      key(field, "a");
      const back = new Promise((resolve) => field.addEventListener("focus", resolve, { once: true }));
      take(frame);
      await back;
      same(document.activeElement === field, true);
    }
    same(failures, ["storm"]);
  });

  it("may be gone to with the Tab key", async () => {
    const { frame, field, loaded } = open();
    await loaded;
    field.focus();
    key(field, "Tab");
    take(frame);
    await comes("the focus", () => document.activeElement === frame);
  });
});

describe("views that are open at once", () => {
  it("are four at most: another rests, one that nobody sees first", () => {
    const rested: number[] = [];
    const views = [1, 2, 3, 4, 5, 6, 7].map((number) => ({ isNear: true, rest: () => void rested.push(number) }));
    const [one, two, three, four, five, six, seven] = views;
    for (const view of [one!, two!, three!, four!]) looksAt(view);
    same(rested, []);
    three!.isNear = false;
    looksAt(five!);
    looksAt(one!);
    looksAt(six!);
    isGone(four!);
    looksAt(seven!);
    same(rested, [3, 2]);
    for (const view of views) isGone(view);
  });
});
