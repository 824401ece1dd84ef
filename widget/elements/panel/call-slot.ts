import { nothing, type LitElement, type ReactiveController, type TemplateResult } from "lit";
import type { ThreadPlace } from "../../controllers/place.ts";
import type { ThreadController } from "../../controllers/thread-controller.ts";
import type { CallDesk } from "../call/call-desk.ts";
import { incompleteNote } from "../foundation/reload.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";
import { adoptStyles } from "../styles/adopt-styles.ts";
import { focusOn } from "./panel-focus.ts";

/** A panel that is moved within its page keeps its call for this long. */
const PUT_BACK_MS = 2_000;

interface CallSlotOf {
  readonly thread: ThreadController;
  readonly place: () => ThreadPlace;
  readonly context: () => ThreadContext;
}

/** Where a call has its place in the panel. What makes one is loaded with the first press. */
export class CallSlot implements ReactiveController {
  readonly #host: LitElement;
  readonly #of: CallSlotOf;
  /** Undefined before the first call. */
  desk: CallDesk | undefined;
  /** It could not be loaded. */
  #isMissing = false;
  isLoading = false;

  constructor(host: LitElement, of: CallSlotOf) {
    this.#host = host;
    this.#of = of;
    host.addController(this);
  }

  draw(): TemplateResult | typeof nothing {
    const context = this.#of.context();
    return this.#isMissing ? incompleteNote(context.words) : (this.desk?.draw(context) ?? nothing);
  }

  start(): void {
    const { voice } = this.#of.thread.state.assistant ?? {};
    if (voice) void this.#load((desk) => desk.start(this.#of.context(), voice));
  }

  /** What the page before was in goes on, whether the panel is open or not. */
  hostConnected(): void {
    const { thread, context } = this.#of;
    if (!thread.wasInCall) return;
    thread.start();
    void this.#load((desk) => desk.resume(context()));
  }

  hostDisconnected(): void {
    setTimeout(() => this.#host.isConnected || this.desk?.end(), PUT_BACK_MS);
  }

  async #load(then: (desk: CallDesk) => Promise<void>): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    this.#isMissing = false;
    this.#host.requestUpdate();
    try {
      const parts = await import("../call/voice-parts.ts");
      adoptStyles(this.#host.renderRoot, parts.styles);
      this.desk ??= new parts.CallDesk({
        element: this.#host,
        ...this.#of,
        giveBack: () => focusOn(this.#host, "[part=start-call]"),
      });
      await then(this.desk);
    } catch {
      this.#isMissing = true;
    }
    this.isLoading = false;
    this.#host.requestUpdate();
  }
}
