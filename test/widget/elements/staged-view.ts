import "../../../widget/elements/view/view.ts";
import type { OpenedView } from "../../../protocol/views.ts";
import type { FrontDeskView } from "../../../widget/elements/view/view.ts";
import { styles } from "../../../widget/elements/view/view-parts.ts";
import { colourStyles } from "../../../widget/elements/styles/colour.styles.ts";
import { baseStyles } from "../../../widget/elements/styles/base.styles.ts";
import type { CallPart } from "../../../widget/thread/state.ts";
import { callOf } from "../../story-book/pieces.ts";
import { comes } from "./comes.ts";
import { contextOf } from "./drawn.ts";

const STAND_IN = "/test/widget/elements/view-stand-in.html";
/** The same server under another name is another origin. */
export const SANDBOX = `http://127.0.0.1:${location.port}`;

export const INITIALIZE = {
  protocolVersion: "2026-01-26",
  appInfo: { name: "Planner", version: "2" },
  appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
};

export interface Heard {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number };
}

/** A view's element in a shadow root as the thread has it, with a page of another origin in its frame. */
export class StagedView {
  readonly element: FrontDeskView;
  readonly root: ShadowRoot;
  readonly asked: (readonly [name: string, frame: Readonly<Record<string, unknown>>])[] = [];
  readonly heard: Heard[] = [];
  isReady = false;
  opened: Partial<OpenedView> | Error = {};
  #lastId = 0;

  constructor(call: Partial<CallPart> = {}, { opened = {}, words }: { opened?: Partial<OpenedView> | Error; words?: object } = {}) {
    this.opened = opened;
    const host = document.createElement("div");
    this.root = host.attachShadow({ mode: "open" });
    for (const { styleSheet } of [colourStyles, baseStyles, ...styles]) this.root.adoptedStyleSheets.push(styleSheet!);
    this.element = document.createElement("front-desk-view");
    const request = (name: string, frame: Readonly<Record<string, unknown>>): Promise<unknown> => {
      this.asked.push([name, frame]);
      return this.reply(name, frame);
    };
    const context = contextOf({ request: request as never, ...words });
    Object.assign(this.element, { call: callOf({ hasView: true, ...call }), context });
    this.root.append(this.element);
    addEventListener("message", ({ data, source }) => {
      if (source !== this.frame?.contentWindow || !(data as { heard?: unknown }).heard) return;
      const { heard } = data as { heard: Heard | "ready" };
      if (heard === "ready") this.isReady = true;
      else this.heard.push(heard);
    });
    document.body.replaceChildren(host);
  }

  reply(name: string, _frame: object): Promise<unknown> {
    if (name !== "view-open") return Promise.resolve(name === "view-call" ? { result: { content: [] } } : {});
    if (this.opened instanceof Error) return Promise.reject(this.opened);
    const tool = { name: "plan", inputSchema: { type: "object" } };
    const result = { content: [{ type: "text", text: "Three days." }] };
    return Promise.resolve({ url: SANDBOX + STAND_IN, tool, input: {}, result, csp: {}, permissions: {}, ...this.opened });
  }

  get frame(): HTMLIFrameElement | null {
    return this.element.querySelector("iframe");
  }

  /** What was asked of the server by this name. */
  sent(name: string): readonly Readonly<Record<string, unknown>>[] {
    return this.asked.flatMap(([asked, frame]) => (asked === name ? [frame] : []));
  }

  /** What was noted, and its detail. */
  get notes(): readonly unknown[] {
    return this.sent("view-note").map(({ what }) => what);
  }

  async ready(): Promise<this> {
    await comes("the frame", () => this.isReady);
    return this;
  }

  /** The page in the frame says this. */
  say(message: object): void {
    this.frame!.contentWindow!.postMessage({ say: { jsonrpc: "2.0", ...message } }, "*");
  }

  /** The page in the frame runs this. */
  run(code: string): void {
    this.frame!.contentWindow!.postMessage({ run: code }, "*");
  }

  tell(method: string, params: object = {}): void {
    this.say({ method, params });
  }

  ask(method: string, params: object = {}): () => Promise<Heard> {
    const id = (this.#lastId += 1);
    this.say({ id, method, params });
    return async () => {
      await comes(`the answer to ${method}`, () => this.heard.some((heard) => heard.id === id));
      return this.heard.find((heard) => heard.id === id)!;
    };
  }

  async shakeHands(params: object = INITIALIZE): Promise<Heard> {
    await this.ready();
    const answer = await this.ask("ui/initialize", params)();
    this.tell("ui/notifications/initialized");
    await comes("its input", () => this.paramsOf("ui/notifications/tool-input").length > 0 || answer.error !== undefined);
    return answer;
  }

  paramsOf(method: string): readonly Readonly<Record<string, unknown>>[] {
    return this.heard.flatMap((heard) => (heard.method === method ? [heard.params ?? {}] : []));
  }
}
