import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { PublishedServer } from "../../../api/types.ts";
import { followAsked } from "../../../foundation/follow-place.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import { copyField } from "../../../parts/copy-field.ts";
import { icon } from "../../../parts/icon.ts";
import { tabs } from "../../../parts/tabs.ts";
import { type HeldKey, takeKey } from "../keys/held-key.ts";
import { askAboutKey, makeKey } from "../keys/new-published-key.ts";
import { isLocal, MCP_CLIENTS, type McpClient } from "./clients.ts";
import { comingOf } from "./coming.ts";
import { connectWords } from "./connect-words.ts";

/** How a client is connected, with the very texts that it wants, and whether one has come. Sends `changed`. */
@customElement("desk-connect")
export class DeskConnect extends PageElement {
  @property({ attribute: false }) server!: PublishedServer;
  @state() private held: HeldKey | undefined;
  #unguard: (() => void) | undefined;

  constructor() {
    super();
    followAsked(
      this,
      () => router.place.query.get("client"),
      () => this.requestUpdate(),
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const taken = takeKey(this.server.id);
    if (taken !== undefined) this.#hold(taken);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#hide();
  }

  get #client(): McpClient {
    const asked = router.place.query.get("client");
    return MCP_CLIENTS.find(({ id }) => id === asked) ?? MCP_CLIENTS.find(({ id }) => id === "claude-code")!;
  }

  override render() {
    const { server, held } = this;
    return html`<div class="measure">
      <section class="group" aria-labelledby="connect-address">
        <h2 id="connect-address">${connectWords.address}</h2>
        <p class="muted">${connectWords.lead}</p>
        ${copyField(connectWords.address, server.url)} ${reachOf(server.url)}
      </section>
      <section class="group" aria-labelledby="connect-key">
        <h2 id="connect-key">${connectWords.key}</h2>
        ${held === undefined ? this.#noKey() : this.#shownKey(held)}
      </section>
      <section class="group" aria-labelledby="connect-client">
        <h2 id="connect-client">${connectWords.client}</h2>
        ${tabs(
          connectWords.clients,
          MCP_CLIENTS.map(({ id, name }) => ({
            label: name,
            href: router.href(router.place.path, { client: id }),
            isCurrent: id === this.#client.id,
          })),
        )}
        ${this.#instructions(this.#client)}
      </section>
      ${comingOf(server)}
    </div>`;
  }

  #noKey(): TemplateResult {
    return html`<p class="muted">${connectWords.keyText}</p>
      ${
        may("published.write")
          ? html`<button type="button" @click=${() => void this.#make()}>${icon("plus")}${connectWords.make}</button>`
          : nothing
      }`;
  }

  #shownKey({ name, key }: HeldKey): TemplateResult {
    return html`<p>${connectWords.made(name)}</p>
      ${copyField(connectWords.key, key, () => this.#copied())}
      <button type="button" class="quiet" @click=${() => void this.#leave()}>${connectWords.hide}</button>`;
  }

  #instructions({ name, steps, text, maySignIn }: McpClient): TemplateResult {
    const { server, held } = this;
    const key = held?.key ?? connectWords.placeholder;
    return html`<div class="connect-steps" role="tabpanel" aria-label=${connectWords.copy(name)}>
      ${
        steps.length === 1
          ? html`<p>${steps[0]}</p>`
          : html`<ol class="steps-list">
              ${steps.map((step) => html`<li>${step}</li>`)}
            </ol>`
      }
      ${
        text === undefined
          ? copyField(connectWords.address, server.url)
          : html`<p class="muted">${text.above}</p>
              ${copyField(connectWords.copy(name), text.make({ name: server.name, url: server.url, key }), () => this.#copied())}
              ${held === undefined ? html`<p class="muted">${connectWords.placeholderText}</p>` : nothing}`
      }
      ${maySignIn ? html`<p>${connectWords.orSignIn}</p>` : nothing}
    </div>`;
  }

  async #make(): Promise<void> {
    const made = await makeKey(this.server.id);
    if (made === undefined) return;
    this.#hold({ server: this.server.id, name: made.name, key: made.key, isCopied: false });
    this.dispatchEvent(new CustomEvent("changed"));
    await this.updateComplete;
    this.querySelector<HTMLElement>('#connect-key ~ .copy-field [role="textbox"]')?.focus();
  }

  #hold(held: HeldKey): void {
    this.held = held;
    this.#unguard = held.isCopied ? undefined : router.guard(askAboutKey);
  }

  /** It is in the instructions as well, so whoever copied those has it. */
  #copied(): void {
    this.#unguard?.();
    this.#unguard = undefined;
  }

  async #leave(): Promise<void> {
    if (this.#unguard === undefined || (await askAboutKey())) this.#hide();
  }

  #hide(): void {
    this.#copied();
    this.held = undefined;
  }
}

function reachOf(url: string): TemplateResult | typeof nothing {
  if (url.startsWith("https:")) return nothing;
  return html`<p class="note" data-tone="warning">
    ${icon("alert")}<span>${isLocal(url) ? connectWords.local : connectWords.plain}</span>
  </p>`;
}
