import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { AssistantSightings } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { refusalSaid, scriptOnlySaid } from "../../../parts/finding-words.ts";
import { icon } from "../../../parts/icon.ts";
import { show } from "../../../parts/states.ts";
import { ago, status } from "../../../parts/status.ts";
import { toastFault } from "../../../parts/toasts.ts";
import { allowedText, allowWebsites, withWebsite } from "./allow-website.ts";
import { installWords } from "./install-words.ts";

const EVERY_MS = 3_000;

/** Waits for a page with the chat, and says what stands in the way of those that were turned away. */
@customElement("desk-first-page")
export class DeskFirstPage extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  @property({ attribute: false }) allowed: readonly string[] = [];
  @property({ attribute: false }) version: string | undefined;
  @property({ type: Boolean }) mayAllow = false;
  readonly #pages = new Resource<AssistantSightings>(this, {
    load: async (signal) => (await api.get<AssistantSightings>(`/assistants/${this.assistantKey}/sightings`, { signal })).body,
    everyMs: EVERY_MS,
  });

  override render() {
    return html`${show(this.#pages, (pages) => this.#page(pages))}`;
  }

  #page({ seen, refused, scriptOnly }: AssistantSightings): TemplateResult {
    const pages = seen.filter(({ own }) => !own);
    const obstacles = [...refused, ...scriptOnly];
    return html`<div role="status" aria-live="polite">
        ${
          pages.length === 0
            ? html`<p>${status("busy", installWords.waiting)}</p>
                <p class="muted">${installWords.waitingHint}</p>`
            : html`<ul class="findings">
                ${pages.slice(0, 5).map(({ origin, lastSeen }) => html`<li class="finding">${status("good", installWords.seen(origin))} <span class="muted">· ${ago(lastSeen)}</span></li>`)}
              </ul>`
        }
      </div>
      ${
        obstacles.length === 0
          ? nothing
          : html`<div role="status" aria-live="polite">
              <h3>${installWords.obstacles}</h3>
              <ul class="findings">
                ${refused.map((page) => this.#refused(page))}
                ${scriptOnly.map((page) => obstacle(page.origin, page.lastSeen, [installWords.scriptOnly, scriptOnlySaid(page)]))}
              </ul>
            </div>`
      }`;
  }

  #refused(page: AssistantSightings["refused"][number]): TemplateResult {
    const { origin, reason, asked, lastSeen } = page;
    const why = reason === "origin-refused" ? installWords.notAllowed : installWords.wrongKey(asked ?? "");
    const mayAllow = this.mayAllow && reason === "origin-refused" && /^https?:/.test(origin);
    const allow = html`<button @click=${() => void this.#allow(origin)}>${icon("plus")}${installWords.allowOne(origin)}</button>`;
    return obstacle(origin, lastSeen, [why, refusalSaid(page)], mayAllow ? allow : undefined);
  }

  async #allow(origin: string): Promise<void> {
    try {
      await allowWebsites({
        key: this.assistantKey,
        version: this.version,
        origins: withWebsite(this.allowed, origin),
        before: this.allowed,
        said: allowedText(origin),
        changed: () => {
          void this.#pages.reload();
          this.dispatchEvent(new CustomEvent("changed"));
        },
      });
    } catch (error) {
      toastFault(error);
      this.dispatchEvent(new CustomEvent("changed"));
    }
  }
}

function obstacle(origin: string, at: number, why: readonly string[], action?: TemplateResult): TemplateResult {
  return html`<li class="finding">
    ${status("bad", origin, at)}
    <p>${why.join(" ")}</p>
    ${action ?? nothing}
  </li>`;
}
