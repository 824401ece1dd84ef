import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Assistant } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { followPlace } from "../../foundation/follow-place.ts";
import { router } from "../../foundation/router.ts";
import { icon } from "../../parts/icon.ts";
import { show } from "../../parts/states.ts";
import "../assistants/install/install.ts";
import "../people/invite-form.ts";
import "./assistant-step.ts";
import { firstRunWords } from "./first-run-words.ts";
import { NEW, nextStep, type Progress, readKnown, readProgress, type Step } from "./progress.ts";
import "./server-step.ts";
import "./try-step.ts";
import { findingSaid } from "../../parts/finding-words.ts";

/** What happens elsewhere, such as a first page that comes, is seen after this long. */
const FRESH_MS = 3_000;

/** The path from an empty installation to an answer on a page of one's own. The step is in the address. */
@customElement("desk-first-run")
export class DeskFirstRun extends PageElement {
  readonly #progress = new Resource<Progress>(this, {
    load: async (signal) => readProgress(this.#key, await readKnown(signal), signal),
    everyMs: FRESH_MS,
  });
  #shownStep: Step | undefined;
  #shownKey = this.#key;
  #hasMoved = false;
  readonly #seen = new Set<Step>();
  /** The assistant that the staying steps are about. */
  #about: Assistant | undefined;

  constructor() {
    super();
    followPlace(this, () => this.#placeChanged());
  }

  readonly #placeChanged = (): void => {
    // An address that only says where one is already moves nobody.
    this.#hasMoved ||= router.place.query.get("step") !== this.#shownStep;
    if (this.#key !== this.#shownKey) void this.#progress.reload();
    this.#shownKey = this.#key;
    this.requestUpdate();
  };

  get #key(): string | undefined {
    return router.place.query.get("assistant") ?? undefined;
  }

  /** The address says which; without that, the first that is not done. */
  #stepOf(progress: Progress): Step {
    return progress.steps.find((step) => step === router.place.query.get("step")) ?? nextStep(progress) ?? "assistant";
  }

  override updated(): void {
    // From now on the address has it: the step stays while somebody is at it, also when it is done.
    if (this.#shownStep !== undefined && router.place.query.get("step") !== this.#shownStep)
      router.restate({ step: this.#shownStep, assistant: this.#key ?? (this.#progress.value?.assistant === undefined ? NEW : undefined) });
    // Whoever goes on by keyboard begins at the new step.
    if (!this.#hasMoved) return;
    const heading = this.querySelector<HTMLElement>(".first-run-step h2");
    if (heading === null || heading.dataset["step"] !== this.#shownStep) return;
    this.#hasMoved = false;
    heading.focus({ preventScroll: true });
    if (heading.getBoundingClientRect().top < 0) scrollTo(0, 0);
  }

  override render() {
    return html`<header class="page-head">
        <h1>${firstRunWords.title}</h1>
        <p>${firstRunWords.lead}</p>
      </header>
      ${show(this.#progress, (progress) => this.#page(progress))}`;
  }

  #page(progress: Progress): TemplateResult {
    const step = this.#stepOf(progress);
    this.#shownStep = step;
    const number = progress.steps.indexOf(step) + 1;
    return html`<div class="first-run">
      <nav aria-label=${firstRunWords.steps}>
        <ol class="first-run-steps">
          ${progress.steps.map((one) => this.#link(one, { isDone: progress.done[one], isCurrent: one === step }))}
        </ol>
      </nav>
      <section class="group first-run-step" aria-labelledby="first-run-heading">
        <p class="muted">${firstRunWords.stepNumber(number, progress.steps.length)}</p>
        <h2 id="first-run-heading" tabindex="-1" data-step=${step}>
          ${firstRunWords[step]} ${progress.done[step] ? html`<span class="badge" data-tone="good">${firstRunWords.done}</span>` : nothing}
        </h2>
        ${this.#content(step, progress)} ${this.#staying(step, progress)} ${this.#newAssistant(step, progress)}
        ${this.#foot(step, progress)}
      </section>
    </div>`;
  }

  #link(step: Step, { isDone, isCurrent }: { readonly isDone: boolean; readonly isCurrent: boolean }): TemplateResult {
    return html`<li data-done=${isDone ? "" : nothing}>
      <a href=${this.#address(step)} aria-current=${isCurrent ? "step" : nothing}
        ><span class="mark" aria-hidden="true">${isDone ? icon("check", 14) : nothing}</span
        ><span>${firstRunWords[step]}<span class="visually-hidden">, ${isDone ? firstRunWords.done : firstRunWords.open}</span></span></a
      >
    </li>`;
  }

  /** What the step is, unless it is one of those that stay. */
  #content(step: Step, { assistant, ...progress }: Progress): TemplateResult | typeof nothing {
    if (step === "team") return nothing;
    if (step === "assistant") return assistant === undefined ? nothing : this.#madeAlready(assistant, { assistant, ...progress });
    if (assistant !== undefined) return html`<p class="muted">${firstRunWords.about(assistant.name)}</p>`;
    return html`<p>${firstRunWords.needsAssistant}</p>
      <a class="button" href=${this.#address("assistant")}>${firstRunWords.toAssistant}</a>`;
  }

  /** Steps that were looked at stay, hidden, with what is typed in them; also while another assistant is being made. */
  #staying(step: Step, progress: Progress): TemplateResult {
    this.#seen.add(step);
    this.#about = progress.assistant ?? this.#about;
    const about = this.#about;
    const staying = (one: Step, draw: (about: Assistant) => TemplateResult): TemplateResult | typeof nothing =>
      this.#seen.has(one) && about !== undefined
        ? html`<div ?hidden=${one !== step || progress.assistant === undefined}>${draw(about)}</div>`
        : nothing;
    const reload = (): void => void this.#progress.reload();
    return html`${staying("server", (assistant) => html`<desk-server-step .assistant=${assistant} @connected=${reload}></desk-server-step>`)}
    ${staying("try", (assistant) => html`<desk-try-step .assistant=${assistant}></desk-try-step>`)}
    ${staying("site", ({ key }) => html`<desk-install .assistantKey=${key}></desk-install>`)}
    ${
      this.#seen.has("team")
        ? html`<div ?hidden=${step !== "team"}>
            <p>${firstRunWords.teamText} ${progress.done.team ? firstRunWords.teamMore : firstRunWords.teamAlone}</p>
            <desk-invite @invited=${reload}></desk-invite>
          </div>`
        : nothing
    }`;
  }

  /** It stays while somebody looks at other steps, with what is typed in it. */
  #newAssistant(step: Step, { assistant, keys }: Progress): TemplateResult | typeof nothing {
    if (assistant !== undefined) return nothing;
    const made = (event: CustomEvent<string>): void => void this.#made(event.detail);
    return html`<desk-assistant-step ?hidden=${step !== "assistant"} .taken=${keys} @made=${made}></desk-assistant-step>`;
  }

  #madeAlready({ key, name }: Assistant, { health }: Progress): TemplateResult {
    const worst = health?.worst;
    const said = worst === undefined ? undefined : findingSaid(worst);
    return html`<p><strong>${firstRunWords.made(name)}.</strong> ${firstRunWords.madeText}</p>
      ${
        worst?.severity !== "broken"
          ? nothing
          : html`<div class="note" data-tone="bad">
              ${icon("alert")}
              <div><strong>${firstRunWords.worst} ${said?.title}.</strong><br />${said?.detail}</div>
            </div>`
      }
      <p>
        <a href=${router.href(`/assistants/${key}`)}>${firstRunWords.openAssistant(name)}</a> ·
        <a href=${router.href("/first-run", { step: "assistant", assistant: NEW })}>${firstRunWords.another}</a>
      </p>`;
  }

  /** The way on. The last step ends at Home. */
  #foot(step: Step, progress: Progress): TemplateResult | typeof nothing {
    if (step === "assistant" && progress.assistant === undefined) return nothing;
    const following = progress.steps[progress.steps.indexOf(step) + 1];
    const isDone = progress.done[step];
    return html`<footer class="first-run-foot">
      ${nextStep(progress) === undefined ? html`<p role="status"><strong>${firstRunWords.allDone}.</strong> ${firstRunWords.allDoneText}</p>` : nothing}
      ${
        following === undefined
          ? html`<a class="button ${isDone ? "primary" : ""}" href=${router.href("/")}>${firstRunWords.toHome}</a>`
          : html`<a class="button ${isDone ? "primary" : ""}" href=${this.#address(following)}
              >${isDone ? firstRunWords.next : firstRunWords.later}</a
            >`
      }
    </footer>`;
  }

  #address(step: Step): string {
    return router.href("/first-run", { step, assistant: this.#key });
  }

  async #made(key: string): Promise<void> {
    await router.go("/first-run", { query: { step: "server", assistant: key } });
  }
}
