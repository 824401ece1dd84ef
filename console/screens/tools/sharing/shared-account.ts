import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, type Page } from "../../../api/client.ts";
import type { Connection, CreateConnectionAnswer } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { may } from "../../../foundation/screen.ts";
import { ask } from "../../../parts/dialogs.ts";
import { icon } from "../../../parts/icon.ts";
import { show } from "../../../parts/states.ts";
import { ago, status } from "../../../parts/status.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { shareWords } from "./share-words.ts";
import "./shares.ts";

/** Somebody may be signing in, in another window. */
const EVERY_MS = 3_000;

interface Waiting {
  readonly url: string;
  readonly since: number | undefined;
}

/** The one sign-in at a server that all conversations share. */
@customElement("desk-shared-account")
export class DeskSharedAccount extends PageElement {
  @property() server = "";
  @property() name = "";
  @state() private waiting: Waiting | undefined;
  @state() private isBusy = false;
  readonly #connection = new Resource<Connection | undefined>(this, { load: (signal) => this.#load(signal), everyMs: EVERY_MS });

  override render() {
    return html`<section class="group">
      <h2>${shareWords.account}</h2>
      <p class="muted">${shareWords.accountLead}</p>
      ${show(this.#connection, (connection) => html`${this.#state(connection)} ${this.#actions(connection)} ${this.#who(connection)}`)}
    </section>`;
  }

  #state(connection: Connection | undefined): TemplateResult {
    if (connection === undefined) return html`<p aria-live="polite">${status("neutral", shareWords.notConnected)}</p>`;
    const { status: is, connectedAt, connectedBy, issuer, scopes, lastUsedAt } = connection;
    const pair = (name: string, value: unknown) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`;
    return html`<p aria-live="polite">${status(is === "connected" ? "good" : "warning", shareWords.states[is], connectedAt)}</p>
      ${connectedBy === undefined ? nothing : html`<p>${shareWords.by(connectedBy.name)}</p>`}
      <dl class="pairs">
        ${pair(shareWords.issuer, issuer)} ${scopes.length === 0 ? nothing : pair(shareWords.scopes, scopes.join(" "))}
        ${pair(shareWords.since, ago(connectedAt))} ${pair(shareWords.used, ago(lastUsedAt))}
      </dl>`;
  }

  #actions(connection: Connection | undefined): TemplateResult {
    if (!may("connections.write")) return connection === undefined ? html`<p class="muted">${shareWords.onlyAdmins}</p>` : html``;
    return html`${
        this.waiting === undefined
          ? nothing
          : html`<p class="note" role="status">
              ${icon("outside")}<span
                >${shareWords.waiting} <a href=${this.waiting.url} target="_blank" rel="noreferrer">${shareWords.openAgain}</a></span
              >
            </p>`
      }
      <div class="actions">
        ${connection === undefined ? nothing : html`<button type="button" @click=${() => void this.#disconnect(connection)}>${shareWords.disconnect}</button>`}
        <button
          type="button"
          class=${connection === undefined ? "primary" : ""}
          aria-disabled=${this.isBusy ? "true" : "false"}
          @click=${() => void this.#connect()}
        >
          ${connection === undefined ? shareWords.connect : shareWords.renew}
        </button>
      </div>`;
  }

  #who(connection: Connection | undefined): TemplateResult | typeof nothing {
    if (connection === undefined || !may("connections.write")) return nothing;
    return html`<details class="disclosure">
      <summary>${shareWords.whoAccount}</summary>
      <desk-shares .path=${`/connections/${connection.id}/shares`}></desk-shares>
    </details>`;
  }

  async #load(signal: AbortSignal): Promise<Connection | undefined> {
    const { body } = await api.get<Page<Connection>>("/connections", { query: { server: this.server, limit: 200 }, signal });
    const found = body.items.find(({ owner }) => owner.kind === "shared");
    if (this.waiting !== undefined && found?.status === "connected" && found.connectedAt !== this.waiting.since) {
      this.waiting = undefined;
      toast(shareWords.connected);
      this.dispatchEvent(new CustomEvent("connected"));
    }
    return found;
  }

  async #connect(): Promise<void> {
    // Opened by the press itself: a window that opens later is blocked.
    const opened = window.open("about:blank", "_blank");
    this.isBusy = true;
    try {
      const { body } = await api.create<CreateConnectionAnswer>(`/mcp-servers/${this.server}/connections`, {});
      if (body.status === "connected") {
        opened?.close();
        await this.#connection.reload();
        toast(shareWords.connected);
        this.dispatchEvent(new CustomEvent("connected"));
        return;
      }
      this.waiting = { url: body.authorizationUrl, since: this.#connection.value?.connectedAt };
      if (opened === null) return;
      // The sign-in's page has no business with this one.
      opened.opener = null;
      opened.location.replace(body.authorizationUrl);
    } catch (error) {
      opened?.close();
      toastFault(error);
    } finally {
      this.isBusy = false;
    }
  }

  async #disconnect({ id }: Connection): Promise<void> {
    const { disconnectTitle, disconnectText, disconnect } = shareWords;
    if (!(await ask({ title: disconnectTitle(this.name), text: disconnectText, confirm: disconnect, isDangerous: true }))) return;
    try {
      await api.delete(`/connections/${id}`);
      await this.#connection.reload();
      toast(shareWords.disconnected);
      this.dispatchEvent(new CustomEvent("connected"));
    } catch (error) {
      toastFault(error);
    }
  }
}
