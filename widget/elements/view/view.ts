import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { OpenedView } from "../../../protocol/views.ts";
import { browserClock } from "../../controllers/browser-clock.ts";
import { refusalOf } from "../../controllers/refusal-of.ts";
import type { CallPart } from "../../thread/state.ts";
import { type DisplayMode, hostContext } from "../../view/host-context.ts";
import { isGone, type LiveView, looksAt } from "../../view/live-views.ts";
import { OpenView } from "../../view/open-view.ts";
import type { ViewQuestion } from "../../view/view-asks.ts";
import type { ViewFailure } from "../../words/types/view-words.ts";
import { viewWords } from "../../words/view-words.ts";
import { define } from "../foundation/define.ts";
import { errorText } from "../foundation/error-text.ts";
import { IntentEvent } from "../foundation/intents.ts";
import { LightElement } from "../foundation/light-element.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";
import { FullScreen } from "./full-screen.ts";
import { resultText } from "./result-text.ts";
import { type Asked, viewQuestion } from "./view-question.ts";
import { viewServer } from "./view-server.ts";

/** Views are opened this long before they are scrolled into sight. */
const NEAR_PX = 300;
/** In the thread; beyond it a view scrolls inside. */
const MOST_PX = 600;
const LEAST_MOST_PX = 240;
/** What a person has declined this often is not asked again. */
const DECLINES = 3;

/**
 * A server's own page under its call (MCP Apps), in a frame of another origin. It is opened when it is scrolled near,
 * and rests when too many others are; what it may do is `widget/view/`.
 */
export class FrontDeskView extends LightElement implements LiveView {
  static override properties = {
    call: { attribute: false },
    context: { attribute: false },
    phase: { state: true },
    opened: { state: true },
    failure: { state: true },
    asked: { state: true },
    modes: { state: true },
  };
  declare call: CallPart;
  declare context: ThreadContext;
  declare private phase: "away" | "opening" | "starting" | "shown" | "failed";
  declare private opened: OpenedView | undefined;
  declare private failure: { readonly why: ViewFailure; readonly error?: string | undefined } | undefined;
  declare private asked: Asked | undefined;
  /** The display modes that the view knows. */
  declare private modes: readonly string[];
  isNear = false;
  readonly #full = new FullScreen(this, () => this.#open?.refresh());
  #open: OpenView | undefined;
  #watch: IntersectionObserver | undefined;
  /** When it last moved something: cards that ask take no press that was meant for what was there before. */
  readonly #sizes = new ResizeObserver(() => (this.dataset["moved"] = `${performance.now()}`));
  #declined = 0;
  /** Its frame's, in CSS pixels, which its place keeps while it rests. */
  #height = 0;

  constructor() {
    super();
    this.phase = "away";
    this.modes = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const root = this.closest(".scroller");
    this.#watch = new IntersectionObserver((entries) => this.#look(entries.at(-1)?.isIntersecting ?? false), {
      root,
      rootMargin: `${NEAR_PX}px 0px`,
    });
    this.#watch.observe(this);
    this.closest("front-desk-turn")?.leaving.add(this.#leave);
    // What its calls show is in the turn as well.
    this.#sizes.observe(this.closest("front-desk-turn") ?? this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watch?.disconnect();
    this.#sizes.disconnect();
    this.closest("front-desk-turn")?.leaving.delete(this.#leave);
    this.#end("away");
  }

  /** Too many others are open. */
  rest(): void {
    void this.#leave("resting").then(() => this.#end("away"));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("context")) void viewWords.load(this.context.words).then(() => this.requestUpdate());
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get("call");
    if (this.phase === "starting" && this.#open === undefined) this.#start();
    if (before && before.status !== "ended") void this.#complete();
    if (changed.has("context")) this.#open?.refresh();
    this.style.minBlockSize = this.phase === "shown" || this.#height === 0 ? "" : `${this.#height}px`;
  }

  #look(isNear: boolean): void {
    this.isNear = isNear;
    if (!isNear) return;
    if (this.phase === "away") void this.#load();
    else if (this.#open) looksAt(this);
  }

  async #load(): Promise<void> {
    this.phase = "opening";
    this.failure = undefined;
    try {
      const opened = await this.context.request("view-open", { callId: this.call.callId });
      if (!this.isConnected || this.phase !== "opening") return;
      if (new URL(opened.url).origin === location.origin) throw new TypeError("A view needs an origin of its own.");
      this.opened = opened;
      this.phase = "starting";
    } catch (error) {
      if (this.phase !== "opening") return;
      this.failure = { why: "refused", error: errorText(refusalOf(error), this.context.words, viewWords.in(this.context.words)) };
      this.phase = "failed";
    }
  }

  #start(): void {
    const frame = this.querySelector("iframe");
    const { opened, context, call } = this;
    if (frame === null || opened === undefined) return;
    const { callId } = call;
    if (this.#height > 0) frame.style.blockSize = `${this.#height}px`;
    this.modes = [];
    this.#open = new OpenView({
      ...viewServer(callId, context.request, () => this.isConnected && this.#open !== undefined),
      frame,
      opened,
      clock: browserClock,
      most: () => this.#most,
      context: () =>
        hostContext({
          frame,
          locale: this.context.formats.language,
          mode: this.#full.isOn ? "fullscreen" : "inline",
          modes: this.#offered,
          most: this.#most,
          tool: opened.tool,
        }),
      ask: (question) => this.#ask(question),
      message: (text) => this.dispatchEvent(new IntentEvent({ kind: "send", text, view: callId })),
      display: (mode) => this.#display(mode),
      started: (modes) => {
        this.modes = modes;
        this.phase = "shown";
      },
      failed: (why) => this.#fail(why),
    });
    looksAt(this);
    void this.#complete();
  }

  get #most(): number {
    return Math.min(MOST_PX, Math.max(LEAST_MOST_PX, this.closest(".scroller")?.clientHeight ?? MOST_PX));
  }

  /** Those that the view knows, and we. */
  get #offered(): readonly DisplayMode[] {
    return this.modes.includes("fullscreen") && FullScreen.isPossible ? ["inline", "fullscreen"] : ["inline"];
  }

  /** The result, where the call had none yet when the view was opened. */
  async #complete(): Promise<void> {
    const { opened, call, context } = this;
    if (call.status !== "ended" || !opened || opened.result || opened.cancelled !== undefined) return;
    const whole = await context.request("view-open", { callId: call.callId }).catch(() => undefined);
    if (whole === undefined) return;
    this.#open?.ended(whole);
    // A frame that is drawn keeps its address.
    if (this.phase === "failed") this.opened = whole;
  }

  #display(mode: unknown): DisplayMode {
    if (mode === "inline") this.#full.leave();
    // A view covers the page only when somebody has just pressed something in it.
    else if (mode === "fullscreen" && this.#offered.includes(mode) && this.#hasFocus && navigator.userActivation?.isActive !== false)
      this.#full.enter();
    return this.#full.isOn ? "fullscreen" : "inline";
  }

  /** Whether somebody is in the frame. */
  get #hasFocus(): boolean {
    const { activeElement } = this.getRootNode() as Document | ShadowRoot;
    return activeElement !== null && activeElement === this.querySelector("iframe");
  }

  /** One question at a time. */
  #ask(question: ViewQuestion): Promise<boolean | undefined> {
    if (this.asked || this.#declined >= DECLINES) return Promise.resolve(undefined);
    const frame = this.querySelector("iframe");
    const hadFocus = this.#hasFocus;
    return new Promise((resolve) => {
      this.asked = {
        question,
        since: performance.now(),
        decide: (isWanted) => {
          const isHere = this.querySelector(".card :focus") !== null;
          this.asked = undefined;
          if (isWanted === false) this.#declined += 1;
          if (isHere) frame?.focus({ preventScroll: true });
          resolve(isWanted);
        },
      };
      // Whoever pressed something in the view goes on here.
      if (hadFocus) void this.updateComplete.then(() => this.querySelector<HTMLElement>(".card .title")?.focus());
    });
  }

  #fail(why: ViewFailure): void {
    this.failure = { why };
    if (why === "asked") void this.#leave(why).then(() => this.#end("failed"));
    else this.#end("failed");
    void this.#complete();
  }

  /** The view hears that it has to go; resolves when it may. */
  readonly #leave = async (reason = "removed"): Promise<void> => {
    this.asked?.decide(undefined);
    await this.#open?.close(reason);
  };

  #end(phase: "away" | "failed"): void {
    this.#height = this.#full.isOn ? this.#height : (this.querySelector("iframe")?.offsetHeight ?? 0);
    this.#full.leave();
    this.asked?.decide(undefined);
    this.#open?.end();
    this.#open = undefined;
    if (phase === "away") this.opened = undefined;
    else this.#height = 0;
    this.phase = phase;
    isGone(this);
  }

  protected override render(): unknown {
    const words = viewWords.in(this.context.words);
    if (this.phase === "failed") return this.#failed();
    if (this.phase === "away")
      return this.#height === 0
        ? nothing
        : html`<p class="resting"><button class="button" @click=${() => void this.#load()}>${words.show}</button></p>`;
    if (this.opened === undefined) return html`<p class="quiet late">${words.loading}</p>`;
    return this.#shown(this.opened);
  }

  #shown({ url, permissions, prefersBorder = true }: OpenedView): TemplateResult {
    const words = viewWords.in(this.context.words);
    const { title, serverName } = this.call.tool;
    const { asked } = this;
    const isStarting = this.phase === "starting";
    const kinds = `view${prefersBorder ? " bordered" : ""}${isStarting ? " starting" : ""}`;
    return this.#full.draw(
      kinds,
      words.title(title, serverName),
      html`${isStarting ? html`<p class="quiet late loading">${words.loading}</p>` : nothing}
        <iframe
          title=${words.title(title, serverName)}
          sandbox="allow-scripts allow-same-origin allow-forms"
          allow=${permissions.clipboardWrite ? "clipboard-write" : ""}
          referrerpolicy="no-referrer"
          src=${url}
        ></iframe>
        ${asked ? viewQuestion(asked, words, { server: serverName, id: `view-${this.call.callId}` }) : nothing}
        <div class="bar">
          <span class="quiet">${words.by(serverName)}</span>
          ${this.#offered.length > 1 ? this.#full.button(words) : nothing}
        </div>`,
    );
  }

  /** Why there is no view, and what it was to show. */
  #failed(): TemplateResult {
    const words = viewWords.in(this.context.words);
    const { why = "refused", error } = this.failure ?? {};
    const text = resultText(this.opened);
    return html`<p class="quiet">
        ${error ?? words.failures[why]}
        <button class="link" @click=${() => void this.#load()}>${why === "asked" ? words.show : this.context.words.tryAgain}</button>
      </p>
      ${text === "" ? nothing : html`<pre tabindex="0" role="group" aria-label=${words.instead} dir="auto">${text}</pre>`}`;
  }
}

define("front-desk-view", FrontDeskView);

declare global {
  interface HTMLElementTagNameMap {
    "front-desk-view": FrontDeskView;
  }
}
