import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Replies } from "../../../../protocol/frames.ts";
import { refusalOf } from "../../../controllers/refusal-of.ts";
import { SignInWindow } from "../../../controllers/sign-in-window.ts";
import type { CallPart, ConnectionCard } from "../../../thread/state.ts";
import { connectWords } from "../../../words/connect-words.ts";
import { decidedLine } from "../card/decided-line.ts";
import { CardLife } from "../card/card-life.ts";
import { decidedText } from "./connect-text.ts";
import { define } from "../../foundation/define.ts";
import { errorText } from "../../foundation/error-text.ts";
import { decide } from "../card/decide.ts";
import { LightElement } from "../../foundation/light-element.ts";
import { scopeText } from "./scope-text.ts";
import type { ThreadContext } from "../../foundation/thread-context.ts";
import { visibleText } from "../card/visible-text.ts";

/**
 * Asks the customer to sign in at a server with their own account; afterwards the turn goes on by itself, in every tab.
 */
export class FrontDeskConnect extends LightElement {
  static override properties = {
    call: { attribute: false },
    card: { attribute: false },
    context: { attribute: false },
    step: { state: true },
    link: { state: true },
    error: { state: true },
  };
  declare call: CallPart;
  declare card: ConnectionCard;
  declare context: ThreadContext;
  /** How far this tab is: `left` when the window was closed too early, `declined` after the customer had declined there. */
  declare private step: "waiting" | "opening" | "elsewhere" | "left" | "declined";
  /** Address of the sign-in, if the browser did not open the window. */
  declare private link: string | undefined;
  declare private error: string | undefined;

  readonly #life = new CardLife(this);
  readonly #signIn = new SignInWindow();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Moved within the page it goes on.
    queueMicrotask(() => this.isConnected || this.#signIn.end());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("card")) return;
    const isAnother = changed.get("card")?.requestId !== this.card.requestId;
    if (isAnother || this.card.status !== "waiting") this.#signIn.end();
    if (!isAnother) return;
    this.step = "waiting";
    this.link = this.error = undefined;
  }

  protected override render(): unknown {
    const { call, card, context } = this;
    if (card.status === "waiting" && call.status !== "ended") return this.#card();
    return decidedLine(card.status === "connected", decidedText(card, context));
  }

  readonly #connect = (): void => {
    if (this.step === "elsewhere") return this.#signIn.show();
    if (this.step === "opening" || this.card.deciding !== undefined) return;
    this.step = "opening";
    this.link = this.error = undefined;
    const isOpen = this.#signIn.open(connectWords.in(this.context.words).opening);
    this.context.request("connection-start", { requestId: this.card.requestId }).then(
      (start) => this.#lead(start, isOpen),
      (error: unknown) => this.#fail(error),
    );
  };

  #lead(start: Replies["connection-start"], isOpen: boolean): void {
    try {
      this.#signIn.lead(start, () => this.#look());
      this.step = isOpen ? "elsewhere" : "waiting";
      this.link = isOpen ? undefined : start.url;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The window was closed: the server knows whether the customer has declined. */
  #look(): void {
    const { requestId } = this.card;
    const end = (step: "left" | "declined"): void => {
      if (this.card.requestId === requestId && this.step === "elsewhere") this.step = step;
    };
    this.context.request("connection-look", { requestId }).then(
      ({ declined }) => end(declined ? "declined" : "left"),
      () => end("left"),
    );
  }

  #fail(error: unknown): void {
    const words = connectWords.in(this.context.words);
    this.#signIn.close();
    this.step = "waiting";
    this.error = errorText(refusalOf(error), this.context.words, words) ?? words.noLine;
  }

  readonly #skip = (): void => {
    const { requestId, deciding } = this.card;
    if (deciding !== undefined) return;
    this.#signIn.close();
    this.step = "waiting";
    decide(this, { name: "connection-decide", frame: { requestId, decision: "skipped" }, deciding: "skipped" });
  };

  #card(): TemplateResult {
    const { card, context, step } = this;
    const words = connectWords.in(context.words);
    const server = visibleText(card.serverName);
    const { tool } = this.call;
    const left = this.#life.leftMs;
    const id = `title-${card.requestId}`;
    const error = errorText(card.error, context.words, words) ?? this.error;
    return html`<div class="card" part="card" role="group" aria-labelledby=${id}>
      <p class="title" id=${id} tabindex="-1">${words.connectTitle(server)}</p>
      <p>${words.connectWhy[card.reason](server, words.connectWhat(tool.source === "host" ? undefined : visibleText(tool.title)))}</p>
      ${card.scopes.length > 0 ? this.#scopes() : nothing}
      ${step === "elsewhere" ? html`<p class="news-of" role="status">${words.elsewhere(server)}</p>` : html`<p class="quiet">${words.connectHow(server)}</p>`}
      ${step === "left" || step === "declined" ? html`<p class="news-of" role="status">${words.windowEnd[step]}</p>` : nothing}
      ${
        this.link === undefined
          ? nothing
          : html`<p class="news-of" role="status">
              ${words.blocked} <a class="link" href=${this.link} target="_blank" rel="opener">${words.openSignIn}</a>
            </p>`
      }
      ${error === undefined ? nothing : html`<p class="danger" role="status">${error}</p>`} ${left > 0 ? this.#choices() : nothing}
      <p class="quiet time">${left > 0 ? words.timeToConnect(context.formats.left(left)) : words.connectOver}</p>
    </div>`;
  }

  #scopes(): TemplateResult {
    const words = connectWords.in(this.context.words);
    const { scopes } = this.card;
    return html`<div>
        <p>${words.asksFor}</p>
        <ul class="scopes">
          ${[...new Set(scopes.map((scope) => scopeText(scope, words)))].map((text) => html`<li>${text}</li>`)}
        </ul>
      </div>
      <details>
        <summary>${words.exactScopes}</summary>
        <pre tabindex="0" role="group" aria-label=${words.exactScopes} dir="ltr">${visibleText(scopes.join("\n"))}</pre>
      </details>`;
  }

  #choices(): TemplateResult {
    const words = connectWords.in(this.context.words);
    const { deciding } = this.card;
    const label = {
      waiting: words.connect,
      left: words.connect,
      declined: words.connect,
      opening: words.opening,
      elsewhere: words.showWindow,
    }[this.step];
    return html`<div class="choices">
      <button class="button" part="skip" aria-disabled=${String(deciding !== undefined)} @click=${this.#skip}>${words.skip}</button>
      <button
        class="button ${this.step === "elsewhere" ? "" : "primary"}"
        part="connect"
        aria-disabled=${String(deciding !== undefined || this.step === "opening")}
        @click=${this.#connect}
      >
        ${label}
      </button>
    </div>`;
  }
}

define("front-desk-connect", FrontDeskConnect);
