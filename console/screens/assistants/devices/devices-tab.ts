import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { Endpoint, EndpointToken, FetchedDeviceTools, GivenEndpointToken, ListEndpointTokensAnswer } from "../../../api/types.ts";
import { formatNumber } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { ask } from "../../../parts/dialogs.ts";
import { icon } from "../../../parts/icon.ts";
import { menu } from "../../../parts/menu.ts";
import { show } from "../../../parts/states.ts";
import { status } from "../../../parts/status.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { makeToken, showUrl } from "./device-url.ts";
import { devicesWords } from "./devices-words.ts";
import { fetchedTools } from "./fetched-tools.ts";

interface Shown {
  readonly endpoint: Endpoint;
  readonly tokens: readonly EndpointToken[];
}

const LOOK_MS = 5_000;

/** The endpoint by which devices bring an assistant tools. What is changed holds at once. */
@customElement("desk-devices")
export class DeskDevices extends PageElement {
  @property() assistantKey = "";
  @state() private fetched: FetchedDeviceTools | undefined;
  @state() private isFetching = false;
  /** How many devices were connected when it was last looked. */
  #connected = 0;
  readonly #shown = new Resource<Shown>(this, { load: (signal) => this.#load(signal), everyMs: LOOK_MS });

  get #path(): string {
    return `/assistants/${this.assistantKey}/endpoint`;
  }

  override render() {
    return html`<div class="measure">${show(this.#shown, (shown) => this.#sections(shown))}</div>`;
  }

  #sections({ endpoint, tokens }: Shown): TemplateResult {
    return html`<section class="group">
        <h2>${devicesWords.title}</h2>
        <p class="muted">${devicesWords.lead}</p>
        <p>${status(endpoint.enabled ? "good" : "neutral", endpoint.enabled ? devicesWords.on : devicesWords.off)}</p>
        ${endpoint.enabled ? html`<p class="muted">${devicesWords.askFirst}</p>` : nothing}
        <button type="button" class=${endpoint.enabled ? "" : "primary"} @click=${() => void this.#turn(endpoint)}>
          ${turnWord(endpoint)}
        </button>
      </section>
      <section class="group">
        <h2>${devicesWords.tokens}</h2>
        <p class="muted">${devicesWords.tokensLead}</p>
        ${
          tokens.length === 0
            ? html`<p>${devicesWords.noTokens}</p>`
            : html`<ul class="plain-list">
                ${tokens.map((token) => this.#token(token))}
              </ul>`
        }
        <div class="toolbar">
          <button type="button" @click=${() => void this.#make()}>${icon("plus")}${devicesWords.newToken}</button>
        </div>
      </section>
      <section class="group">
        <h2>${devicesWords.tools}</h2>
        <p class="muted">${devicesWords.toolsLead}</p>
        <div class="toolbar">
          <button type="button" aria-disabled=${this.isFetching ? "true" : "false"} @click=${() => void this.#fetch()}>
            ${icon("reload")}${this.isFetching ? devicesWords.fetching : devicesWords.fetch}
          </button>
        </div>
        <div role="status">
          ${this.fetched === undefined ? nothing : fetchedTools(this.fetched, { accept: (tool) => void this.#accept(tool), hasTokens: tokens.length > 0 })}
        </div>
      </section>`;
  }

  #token(token: EndpointToken): TemplateResult {
    const { name, address } = token;
    return html`<li>
      <span>
        ${name}<br />
        ${standingOf(token)} ${address === undefined ? nothing : html`<span class="muted">${devicesWords.from(address)}</span>`}
      </span>
      ${menu(devicesWords.more(name), [
        { label: devicesWords.rotate, icon: "reload", act: () => void this.#rotate(token) },
        { label: devicesWords.revoke, icon: "remove", isDangerous: true, act: () => void this.#revoke(token) },
      ])}
    </li>`;
  }

  async #load(signal: AbortSignal): Promise<Shown> {
    const [endpoint, tokens] = await Promise.all([
      api.get<Endpoint>(this.#path, { signal }),
      api.get<ListEndpointTokensAnswer>(`${this.#path}/tokens`, { signal }),
    ]);
    this.#follow(endpoint.body);
    return { endpoint: endpoint.body, tokens: tokens.body.items };
  }

  /** What comes and goes is asked by itself, and what starts again and again until it has started. */
  #follow({ connected }: Endpoint): void {
    const isStarting = this.fetched?.devices.some(({ standing }) => standing === "starting") === true;
    if (this.isFetching || (connected === this.#connected && !isStarting)) return;
    this.#connected = connected;
    if (connected === 0) this.fetched = undefined;
    else void this.#fetch();
  }

  async #turn({ enabled, connected }: Endpoint): Promise<void> {
    const { offTitle: title, offText, offConfirm: confirm } = devicesWords;
    if (enabled && connected > 0 && !(await ask({ title, text: offText(formatNumber(connected)), confirm, isDangerous: true }))) return;
    await this.#do(() => api.put(this.#path, { enabled: !enabled }));
  }

  async #make(): Promise<void> {
    if (await makeToken(this.assistantKey)) await this.#shown.refresh();
  }

  async #rotate({ id, name }: EndpointToken): Promise<void> {
    const { rotateTitle, rotateText: text, rotateConfirm: confirm } = devicesWords;
    if (!(await ask({ title: rotateTitle(name), text, confirm }))) return;
    await this.#do(async () => {
      const { body } = await api.post<GivenEndpointToken>(`${this.#path}/tokens/${id}/rotate`);
      await showUrl(name, body.url);
    });
  }

  async #revoke({ id, name }: EndpointToken): Promise<void> {
    const { revokeTitle, revokeText: text, revokeConfirm: confirm } = devicesWords;
    if (!(await ask({ title: revokeTitle(name), text, confirm, isDangerous: true }))) return;
    await this.#do(async () => {
      await api.delete(`${this.#path}/tokens/${id}`);
      toast(devicesWords.revoked);
    });
  }

  async #fetch(): Promise<void> {
    if (this.isFetching) return;
    this.isFetching = true;
    await this.#do(async () => {
      this.fetched = (await api.post<FetchedDeviceTools>(`${this.#path}/fetch-tools`)).body;
    });
    this.isFetching = false;
  }

  async #accept({ name: tool, hash }: FetchedDeviceTools["devices"][number]["tools"][number]): Promise<void> {
    await this.#do(async () => {
      await api.post(`${this.#path}/accept-tool`, { tool, hash });
      toast(devicesWords.accepted);
    });
    await this.#fetch();
  }

  async #do(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      toastFault(error);
    }
    await this.#shown.refresh();
  }
}

function turnWord({ enabled, connected }: Endpoint): string {
  if (!enabled) return devicesWords.switchOn;
  return connected > 0 ? devicesWords.switchOffAsking : devicesWords.switchOff;
}

/** What hangs is not called connected. */
function standingOf({ connected, silent, lastSeenAt }: EndpointToken): TemplateResult {
  if (connected > 0 && silent === connected) return status("bad", devicesWords.noAnswer, lastSeenAt);
  if (connected > 0)
    return status("good", connected > 1 ? devicesWords.connectedMany(formatNumber(connected)) : devicesWords.connected, lastSeenAt);
  return lastSeenAt === undefined ? status("neutral", devicesWords.never) : status("neutral", devicesWords.away, lastSeenAt);
}
