import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { AssistantHealth, AssistantSightings, ModelTest } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { may } from "../../../foundation/screen.ts";
import { router } from "../../../foundation/router.ts";
import { emptyState, show } from "../../../parts/states.ts";
import { status, type Tone } from "../../../parts/status.ts";
import { icon } from "../../../parts/icon.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { healthWords } from "./health-words.ts";
import { findingPlace } from "../../../parts/finding-place.ts";
import { findingSaid, refusalSaid, scriptOnlySaid } from "../../../parts/finding-words.ts";

type Finding = AssistantHealth["findings"][number];

const SEVERITY: Readonly<Record<Finding["severity"], readonly [Tone, string]>> = {
  broken: ["bad", healthWords.broken],
  risky: ["warning", healthWords.risky],
  hint: ["neutral", healthWords.hint],
};

/** What is wrong with the assistant, and on which pages it is. */
@customElement("desk-health")
export class DeskHealth extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  @state() private isChecking = false;
  readonly #health = new Resource<AssistantHealth>(this, {
    load: async (signal) => (await api.get<AssistantHealth>(`/assistants/${this.assistantKey}/health`, { signal })).body,
    everyMs: 20_000,
  });
  readonly #pages = new Resource<AssistantSightings>(this, {
    load: async (signal) => (await api.get<AssistantSightings>(`/assistants/${this.assistantKey}/sightings`, { signal })).body,
    everyMs: 20_000,
  });

  override render() {
    return html`<div class="measure">
      <section class="group">
        <h2 tabindex="-1">${healthWords.findings}</h2>
        ${show(this.#health, (health) => this.#findings(health))}
      </section>
      ${show(this.#pages, (pages) => this.#sightings(pages))}
    </div>`;
  }

  #findings({ findings }: AssistantHealth): TemplateResult {
    // So it is with most assistants, and many want it so: a note, and no finding.
    const kept = findings.find(({ code }) => code === "kept-for-good");
    const others = findings.filter((finding) => finding !== kept);
    return html`${
      others.length === 0
        ? emptyState({ icon: "done", title: healthWords.fine, text: healthWords.fineText })
        : html`<ul class="findings">
            ${others.map((finding) => this.#finding(finding))}
          </ul>`
    }
    ${kept === undefined ? nothing : this.#note(kept)}`;
  }

  #note(finding: Finding): TemplateResult {
    const { title, detail } = findingSaid(finding);
    return html`<p class="muted">${title}. ${detail} ${this.#placeLink(finding)}</p>`;
  }

  #placeLink(finding: Finding): TemplateResult | typeof nothing {
    const place = findingPlace(finding, this.assistantKey);
    return place === undefined ? nothing : html`<a href=${router.href(place.path, place.query)}>${PLACES[finding.link.kind]}</a>`;
  }

  #finding(finding: Finding): TemplateResult {
    const { code, severity, since } = finding;
    const { title, detail } = findingSaid(finding);
    const [tone, word] = SEVERITY[severity];
    return html`<li class="finding">
      ${status(tone, word, since)}
      <h3>${title}</h3>
      <p>${detail}</p>
      ${code === "model-not-tried" && may("assistants.test") ? this.#checkButton() : nothing} ${this.#placeLink(finding)}
    </li>`;
  }

  #checkButton(): TemplateResult {
    const { isChecking } = this;
    return html`<button type="button" ?disabled=${isChecking} aria-busy=${isChecking ? "true" : nothing} @click=${() => void this.#check()}>
      ${icon("play")}${isChecking ? healthWords.checking : healthWords.check}
    </button>`;
  }

  /** The model is asked now; what it answers is among the findings from then on. */
  async #check(): Promise<void> {
    this.isChecking = true;
    try {
      const { body } = await api.post<ModelTest>(`/assistants/${this.assistantKey}/test`);
      await this.#health.reload();
      await this.updateComplete;
      this.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
      toast(healthWords.checked[body.status], body.status === "fails" ? { kind: "fault" } : {});
    } catch (error) {
      toastFault(error);
    } finally {
      this.isChecking = false;
    }
  }

  #sightings({ seen, refused, scriptOnly }: AssistantSightings): TemplateResult {
    return html`<section class="group" id="pages">
      <h2>${healthWords.pages}</h2>
      <p class="muted">${healthWords.pagesHint}</p>
      ${seen.length + refused.length + scriptOnly.length === 0 ? html`<p>${healthWords.noPages}</p>` : nothing}
      ${list(
        refused.map((page) => ({ ...page, detail: refusalSaid(page) })),
        "bad",
        healthWords.refused,
      )}
      ${list(
        scriptOnly.map((page) => ({ ...page, detail: scriptOnlySaid(page) })),
        "warning",
        healthWords.scriptOnly,
      )}
      ${list(seen, "good", healthWords.seen)}
    </section>`;
  }
}

interface Sighting {
  readonly origin: string;
  readonly lastSeen: number;
  readonly times: number;
  readonly own?: boolean;
  readonly detail?: string;
}

function list(pages: readonly Sighting[], tone: Tone, title: string): TemplateResult | typeof nothing {
  if (pages.length === 0) return nothing;
  return html`<h3>${title}</h3>
    <ul class="findings">
      ${pages.map(
        ({ origin, lastSeen, times, own = false, detail }) =>
          html`<li class="finding">
            ${status(tone, own ? healthWords.own(origin) : origin, lastSeen)} <span class="muted">· ${healthWords.times(times)}</span>
            ${detail === undefined ? nothing : html`<p>${detail}</p>`}
          </li>`,
      )}
    </ul>`;
}

const PLACES: Readonly<Partial<Record<Finding["link"]["kind"], string>>> = {
  model: healthWords.toModel,
  origins: healthWords.toOrigins,
  sightings: healthWords.toInstall,
  connector: healthWords.toConnector,
  server: healthWords.toServer,
  people: healthWords.toPeople,
  retention: healthWords.toRetention,
  voice: healthWords.toVoice,
};
