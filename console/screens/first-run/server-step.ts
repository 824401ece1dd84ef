import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, type Page } from "../../api/client.ts";
import type { Assistant, Connector, ListConnectorsAnswer, McpServerCard, TestedMcpServer, TriedMcpServer } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { askToLeave } from "../../parts/dialogs.ts";
import { focusFirstFault, textField } from "../../parts/fields.ts";
import { icon } from "../../parts/icon.ts";
import { saveBar } from "../../parts/save-bar.ts";
import { show } from "../../parts/states.ts";
import { badge, status } from "../../parts/status.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { serverStepWords as said } from "./first-run-words.ts";
import { freeIdentifier } from "../../foundation/key-from-name.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { adviceOn } from "../../parts/advice-words.ts";
import { asSaid } from "../../parts/as-said.ts";

interface Found {
  readonly connectors: readonly Connector[];
  readonly servers: readonly McpServerCard[];
}

const SHOWN_TOOLS = 12;
const DRAWN = new Set(["/url", "/token"]);

/** Gives the assistant a server: one that is here already, or one at an address. Tells `connected`. */
@customElement("desk-server-step")
export class DeskServerStep extends PageElement {
  @property({ attribute: false }) assistant: Assistant | undefined;
  /** Why the server at the address cannot be used. */
  @state() private refused: TriedMcpServer | undefined;
  @state() private isConnecting = false;
  readonly #form = new Form(this, { url: "", token: "" }, { mayLeave: askToLeave });
  readonly #found = new Resource<Found>(this, { load: async (signal) => this.#load(signal) });

  get #path(): string {
    return `/assistants/${this.assistant?.key}/connectors`;
  }

  async #load(signal: AbortSignal): Promise<Found> {
    const [listed, cards] = await Promise.all([
      api.get<ListConnectorsAnswer>(this.#path, { signal }),
      api.get<Page<McpServerCard>>("/mcp-servers", { query: { limit: 50 }, signal }),
    ]);
    const connectors = listed.body.items.map(async ({ server }) => (await api.get<Connector>(`${this.#path}/${server}`, { signal })).body);
    return { connectors: await Promise.all(connectors), servers: cards.body.items };
  }

  override updated(changed: PropertyValues<this>): void {
    const before = changed.get("assistant") as Assistant | undefined;
    if (before !== undefined && before.key !== this.assistant?.key) void this.#found.restart();
  }

  override render() {
    return html`<p>${said.intro}</p>
      <div aria-live="polite">${this.isConnecting ? html`<p class="muted">${said.looking}</p>` : nothing}</div>
      ${show(this.#found, (found) => this.#page(found))}`;
  }

  #page({ connectors, servers }: Found): TemplateResult {
    const free = servers.filter(({ key }) => !connectors.some(({ server }) => server === key));
    const mayMake = may("servers.create");
    if (free.length === 0 && connectors.length === 0 && !mayMake) return html`<p>${said.none}</p>`;
    const choice = html`${free.length === 0 ? nothing : this.#existing(free)} ${mayMake ? this.#new() : nothing}`;
    if (connectors.length === 0)
      return html`<p class="muted">${said.rule}</p>
        ${choice}`;
    return html`${connectors.map(connectorView)}
      <details class="disclosure">
        <summary>${said.another}</summary>
        ${choice}
      </details>`;
  }

  #existing(servers: readonly McpServerCard[]): TemplateResult {
    return html`<h3 tabindex="-1">${said.existing}</h3>
      <ul class="plain-list">
        ${servers.map(
          (server) =>
            html`<li>
              <span
                ><strong>${server.name}</strong> <span class="muted">${server.url}</span><br />
                ${
                  server.status.status === "disconnected"
                    ? status("bad", said.disconnected)
                    : html`<span class="muted">${server.firstTools.map(({ title }) => hiddenShown(title)).join(", ")}</span>`
                }</span
              >
              <button
                aria-disabled=${this.isConnecting ? "true" : "false"}
                aria-label=${said.useNamed(server.name)}
                @click=${() => void this.#use(server)}
              >
                ${said.use}
              </button>
            </li>`,
        )}
      </ul>`;
  }

  #new(): TemplateResult {
    const form = this.#form;
    return html`<h3>${said.newServer}</h3>
      <form novalidate @submit=${(event: Event) => void this.#connect(event)}>
        ${textField(form, { path: "/url", label: said.url, hint: said.urlHint, type: "url", isCode: true })}
        ${textField(form, { path: "/token", label: said.token, hint: said.tokenHint, type: "password", isOptional: true })}
        ${saveBar(form, {
          label: form.isSending ? said.looking : said.connect,
          drawn: (path) => DRAWN.has(path) || path.startsWith("/headers"),
          isNew: true,
          result: this.refused === undefined || form.isSending ? nothing : refusedView(this.refused),
        })}
      </form>`;
  }

  /** Looks first: what cannot be used is not kept. */
  async #connect(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    this.refused = undefined;
    const token = form.text("/token").trim();
    const sent = { url: form.text("/url").trim(), ...(token === "" ? {} : { headers: { Authorization: `Bearer ${token}` } }) };
    const made = await form.submit(async () => {
      const tried = (await api.post<TriedMcpServer>("/mcp-servers/test", sent)).body;
      if (tried.status === "disconnected") return tried;
      const name = nameOf(tried, sent.url);
      const key = freeIdentifier(name, this.#found.value?.servers.map((server) => server.key) ?? []);
      const server = (await api.create<TestedMcpServer>("/mcp-servers", { key, name, ...sent })).body;
      await this.#give(server.key, "shared");
      return server;
    });
    if (made !== undefined && "key" in made) {
      form.reset();
      return this.#connected(made.name);
    }
    this.refused = made;
    await this.updateComplete;
    if (made === undefined) focusFirstFault(this);
    else this.querySelector<HTMLElement>(".note")?.focus();
  }

  async #use({ key, name, auth }: McpServerCard): Promise<void> {
    this.isConnecting = true;
    try {
      // Where people sign in, each customer has what is theirs.
      await this.#give(key, auth.kind === "oauth" ? "personal" : "shared");
      await this.#connected(name);
    } catch (error) {
      toastFault(error);
    } finally {
      this.isConnecting = false;
    }
  }

  async #give(server: string, connection: "shared" | "personal"): Promise<void> {
    await api.create(this.#path, { server, connection, permissions: { "*": "needs_approval" } });
    await api.post(`${this.#path}/${server}/allow-read-only`);
  }

  async #connected(name: string): Promise<void> {
    await this.#found.reload();
    this.dispatchEvent(new CustomEvent("connected"));
    toast(said.connected(name));
    await this.updateComplete;
    [...this.querySelectorAll<HTMLElement>(".connected h3")].at(-1)?.focus();
  }
}

const PERMISSIONS = {
  always_allow: ["good", said.readOnly],
  needs_approval: ["neutral", said.asks],
  disabled: ["neutral", said.disabled],
} as const;

function connectorView({ serverName, tools, status: { status: is, detail } }: Connector): TemplateResult {
  return html`<div class="connected">
    <h3 tabindex="-1">
      ${status(is === "disconnected" ? "bad" : "good", `${serverName}: ${is === "disconnected" ? said.disconnected : said.connectedTitle}`)}
    </h3>
    ${is === "disconnected" && detail !== undefined ? html`<p class="field-fault">${detail}</p>` : nothing}
    ${toolList(tools.map(({ name, title = name, permission }) => ({ title, permission })))}
    <p class="muted">${said.rule}</p>
  </div>`;
}

function refusedView(tried: TriedMcpServer): TemplateResult {
  const { detail, asks } = tried;
  return html`<div class="note" data-tone="bad" tabindex="-1">
    ${icon("alert")}
    <div>
      <strong>${said.failed}</strong>
      ${
        asks === "oauth"
          ? html`${said.wantsSignIn} <a href=${router.href("/tools")}>${said.toTools}</a>`
          : html`${asSaid(detail)} ${adviceOn(tried)}`
      }
    </div>
  </div>`;
}

/** What it calls itself, or else its host. */
function nameOf({ about }: TriedMcpServer, url: string): string {
  return (about?.title ?? about?.name ?? new URL(url).hostname).slice(0, 100);
}

function toolList(tools: readonly { readonly title: string; readonly permission: keyof typeof PERMISSIONS }[]): TemplateResult {
  const rest = tools.length - SHOWN_TOOLS;
  return html`<ul class="tool-lines">
    ${tools.slice(0, SHOWN_TOOLS).map(({ title, permission }) => {
      const [tone, word] = PERMISSIONS[permission];
      return html`<li><span>${hiddenShown(title)}</span>${badge(word, tone)}</li>`;
    })}
    ${rest > 0 ? html`<li class="muted">${said.more(formatNumber(rest))}</li>` : nothing}
  </ul>`;
}
