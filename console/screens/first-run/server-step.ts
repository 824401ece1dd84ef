import { html, nothing, type TemplateResult } from "lit";
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
import { freeIdentifier } from "./free-key.ts";
import { hiddenShown } from "./hidden-shown.ts";

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
  @state() private tried: TriedMcpServer | undefined;
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
    if (connectors.length === 0) return choice;
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
              <button ?disabled=${this.isConnecting} aria-label=${said.useNamed(server.name)} @click=${() => void this.#use(server)}>
                ${said.use}
              </button>
            </li>`,
        )}
      </ul>`;
  }

  #new(): TemplateResult {
    const form = this.#form;
    const isFound = this.tried?.status === "connected";
    const changed = (): void => {
      this.tried = undefined;
    };
    return html`<h3>${said.newServer}</h3>
      <form @submit=${(event: Event) => void (isFound ? this.#connect(event) : this.#look(event))}>
        ${textField(form, { path: "/url", label: said.url, hint: said.urlHint, type: "url", isCode: true, onInput: changed })}
        ${textField(form, { path: "/token", label: said.token, hint: said.tokenHint, type: "password", isOptional: true, onInput: changed })}
        <div class="found" aria-live="polite">${this.tried === undefined ? nothing : triedView(this.tried, this.#name)}</div>
        ${saveBar(form, {
          label: form.isSending ? said.looking : isFound ? said.connect : said.look,
          drawn: (path) => DRAWN.has(path) || path.startsWith("/headers"),
          isNew: true,
        })}
      </form>`;
  }

  /** What it calls itself, or else its host. */
  get #name(): string {
    const about = this.tried?.about;
    const url = this.#form.text("/url");
    return about?.title ?? about?.name ?? (URL.canParse(url) ? new URL(url).hostname : url);
  }

  #sent(): Record<string, unknown> {
    const token = this.#form.text("/token").trim();
    return { url: this.#form.text("/url").trim(), ...(token === "" ? {} : { headers: { Authorization: `Bearer ${token}` } }) };
  }

  async #look(event: Event): Promise<void> {
    event.preventDefault();
    const tried = await this.#form.submit(async () => (await api.post<TriedMcpServer>("/mcp-servers/test", this.#sent())).body);
    if (tried === undefined) return this.#toFault();
    this.tried = tried;
    await this.updateComplete;
    // What comes next is the same button, which now connects.
    this.querySelector<HTMLElement>(tried.status === "connected" ? "form .primary" : ".found .note")?.focus();
  }

  async #connect(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.#name.slice(0, 100);
    const key = freeIdentifier(name, this.#found.value?.servers.map((server) => server.key) ?? []);
    const server = await this.#form.submit(async () => {
      const made = (await api.create<TestedMcpServer>("/mcp-servers", { key, name, ...this.#sent() })).body;
      await this.#give(made.key, "shared");
      return made;
    });
    if (server === undefined) return this.#toFault();
    this.#form.reset();
    this.tried = undefined;
    await this.#connected(name);
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

  async #toFault(): Promise<void> {
    await this.updateComplete;
    focusFirstFault(this);
  }
}

const PERMISSIONS = { always_allow: ["good", said.readOnly], needs_approval: ["neutral", said.asks], disabled: ["neutral", said.disabled] } as const;

function connectorView({ serverName, tools, status: { status: is, detail } }: Connector): TemplateResult {
  return html`<div class="connected">
    <h3 tabindex="-1">${status(is === "disconnected" ? "bad" : "good", `${serverName}: ${is === "disconnected" ? said.disconnected : said.connectedTitle}`)}</h3>
    ${is === "disconnected" && detail !== undefined ? html`<p class="field-fault">${detail}</p>` : nothing}
    ${toolList(tools.map(({ name, title = name, permission }) => ({ title, permission })))}
    <p class="muted">${said.rule}</p>
  </div>`;
}

function triedView(tried: TriedMcpServer, name: string): TemplateResult {
  if (tried.status === "disconnected") {
    return html`<div class="note" data-tone="bad" tabindex="-1">
      ${icon("alert")}
      <div>
        <strong>${said.failed}</strong> ${tried.detail ?? nothing} ${tried.advice ?? nothing}
        ${tried.asks === "oauth" ? html`<br />${said.wantsSignIn} <a href=${router.href("/tools")}>${said.toTools}</a>` : nothing}
      </div>
    </div>`;
  }
  const permissionOf = (readOnly: boolean | undefined) => (readOnly === true ? "always_allow" : "needs_approval");
  return html`<p>${said.found(name, formatNumber(tried.tools.length))}</p>
    ${toolList(tried.tools.map(({ title, readOnly }) => ({ title, permission: permissionOf(readOnly) })))}
    ${tried.leftOut.length === 0 ? nothing : html`<p class="muted">${said.leftOut(formatNumber(tried.leftOut.length))}</p>`}
    <p class="muted">${said.rule}</p>`;
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
