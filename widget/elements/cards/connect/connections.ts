import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { CustomerConnection } from "../../../../protocol/frames.ts";
import { connectWords } from "../../../words/connect-words.ts";
import { baseStyles } from "../../styles/base.styles.ts";
import { connectionsStyles } from "./connections.styles.ts";
import { define } from "../../foundation/define.ts";
import { crossIcon } from "../../foundation/icons.ts";
import { isComposing } from "../../foundation/is-composing.ts";
import type { ThreadContext } from "../../foundation/thread-context.ts";
import { visibleText } from "../card/visible-text.ts";

/** The customer's connections to this assistant's servers, shown over the panel. The panel adds and removes it. */
export class FrontDeskConnections extends LitElement {
  static override styles = [baseStyles, connectionsStyles];
  static override properties = {
    context: { attribute: false },
    list: { state: true },
    failed: { state: true },
    asked: { state: true },
    leaving: { state: true },
    said: { state: true },
  };
  declare context: ThreadContext;
  /** Takes it away. */
  close: () => void = () => {};
  declare private list: readonly CustomerConnection[] | undefined;
  declare private failed: boolean;
  /** The connection that the customer is asked about once more, and the one that is being removed. */
  declare private asked: string | undefined;
  declare private leaving: string | undefined;
  /** What a screen reader hears. */
  declare private said: string;

  constructor() {
    super();
    this.said = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.#keydown);
    void this.#read();
    void this.updateComplete.then(() => this.#focusOn("button"));
  }

  async #read(): Promise<void> {
    this.failed = false;
    try {
      this.list = (await this.context.request("connections-list", {})).connections;
    } catch {
      this.failed = true;
    }
  }

  async #remove({ connectionId, serverName }: CustomerConnection): Promise<void> {
    if (this.leaving !== undefined) return;
    this.leaving = connectionId;
    this.failed = false;
    try {
      await this.context.request("connection-remove", { connectionId });
      this.said = connectWords.in(this.context.words).disconnected(visibleText(serverName));
    } catch {
      // Whether it is gone says the list.
    }
    this.leaving = this.asked = undefined;
    await this.#read();
    await this.updateComplete;
    this.#focusOn("button");
  }

  protected override render(): unknown {
    const { words } = this.context;
    const said = connectWords.in(words);
    return html`<section class="view" role="dialog" aria-modal="true" aria-labelledby="title">
      <div class="top">
        <h2 class="name" id="title">${said.connections}</h2>
        <button class="round" aria-label=${said.back} title=${said.back} @click=${() => this.close()}>${crossIcon}</button>
      </div>
      <div class="body">
        <p class="quiet">${said.connectionsWhat}</p>
        ${
          this.failed
            ? html`<p role="status">
                ${said.connectionsFailed} <button class="link" @click=${() => void this.#read()}>${words.tryAgain}</button>
              </p>`
            : nothing
        }
        ${this.list === undefined ? nothing : this.#list(this.list)}
        <div class="unseen" role="status">${this.said}</div>
      </div>
    </section>`;
  }

  #list(list: readonly CustomerConnection[]): TemplateResult {
    if (list.length === 0) return html`<p class="none">${connectWords.in(this.context.words).noConnections}</p>`;
    return html`<ul>
      ${list.map((connection) => html`<li>${this.#row(connection)}</li>`)}
    </ul>`;
  }

  #row(connection: CustomerConnection): TemplateResult {
    const { words: all, formats, now } = this.context;
    const words = connectWords.in(all);
    const { connectionId, connectedAt, status } = connection;
    const server = visibleText(connection.serverName);
    const since = words.connectedSince(formats.day(connectedAt, now()));
    if (this.asked === connectionId) {
      const isLeaving = this.leaving === connectionId;
      return html`<div class="ask" role="group" aria-labelledby="ask">
        <p id="ask">${words.disconnectAsk(server)}</p>
        <button class="button keep" aria-disabled=${String(isLeaving)} @click=${() => this.#ask(undefined)}>${words.keep}</button>
        <button class="button" aria-disabled=${String(isLeaving)} @click=${() => void this.#remove(connection)}>
          ${isLeaving ? words.disconnecting : words.disconnect}
        </button>
      </div>`;
    }
    return html`<div class="row">
      <div class="what">
        <p class="server">${server}</p>
        <p class="quiet">${status === "expired" ? html`<span class="warning">${words.signInExpired}</span> · ` : nothing}${since}</p>
      </div>
      <button class="button" aria-label="${words.disconnect} ${server}" @click=${() => this.#ask(connectionId)}>${words.disconnect}</button>
    </div>`;
  }

  #ask(connectionId: string | undefined): void {
    if (this.leaving !== undefined) return;
    const before = this.asked;
    this.asked = connectionId;
    const index = this.list?.findIndex((connection) => connection.connectionId === (connectionId ?? before)) ?? 0;
    void this.updateComplete.then(() => this.#focusOn(`li:nth-child(${index + 1}) button`));
  }

  #focusOn(selector: string): void {
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      // The panel would close.
      event.preventDefault();
      return this.asked === undefined ? this.close() : this.#ask(undefined);
    }
    if (event.key !== "Tab") return;
    const buttons = [...this.renderRoot.querySelectorAll("button")];
    const [from, to] = event.shiftKey ? [buttons[0], buttons.at(-1)] : [buttons.at(-1), buttons[0]];
    if (this.shadowRoot?.activeElement !== from) return;
    event.preventDefault();
    to?.focus();
  };
}

define("front-desk-connections", FrontDeskConnections);
