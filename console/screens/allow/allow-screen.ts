import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { ApiProblem } from "../../api/problem.ts";
import { answerQuestion, type ProgramQuestion, readQuestion } from "../../api/program-sign-in.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { router } from "../../foundation/router.ts";
import { me } from "../../foundation/screen.ts";
import { skeleton } from "../../parts/states.ts";
import { allowWords } from "./allow-words.ts";

type Stage = { readonly asks: ProgramQuestion } | { readonly problem: string } | "loading" | "done";

/** What a program may be sent an answer at. The server has checked more than this. */
const RUNS_HERE = new Set(["javascript:", "data:", "blob:", "vbscript:", "file:"]);

/**
 * The question whether a program may use a published server as whoever is signed in. It stands alone: no navigation
 * leads away from it, and nothing is chosen before somebody has.
 */
@customElement("desk-allow")
export class DeskAllow extends PageElement {
  @state() private stage: Stage = "loading";
  @state() private isSending = false;
  @state() private fault: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  async #read(): Promise<void> {
    const { query } = router.place;
    const fault = query.has("sig") ? null : (query.get("error") ?? "");
    if (fault !== null) {
      this.stage = { problem: allowWords.faults[fault] ?? allowWords.otherFault };
      return;
    }
    try {
      this.stage = { asks: await readQuestion(asked(query)) };
    } catch (error) {
      this.stage = { problem: saidOf(error) };
    }
    await this.updateComplete;
    // Not a button: whoever presses Enter without looking has chosen nothing.
    this.querySelector<HTMLElement>("h1")?.focus();
  }

  async #answer(allow: boolean): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    this.fault = undefined;
    try {
      const address = await answerQuestion(asked(router.place.query), allow);
      if (RUNS_HERE.has(new URL(address).protocol)) throw new TypeError("Nothing is run here.");
      location.assign(address);
      // An app opens beside this page, which stays.
      this.stage = "done";
    } catch (error) {
      this.fault = saidOf(error);
    } finally {
      this.isSending = false;
    }
  }

  override render() {
    return html`<main class="entry allow">
      <p class="brand">${allowWords.product}</p>
      ${this.#content()}
    </main>`;
  }

  #content(): TemplateResult {
    const { stage } = this;
    if (stage === "loading") return skeleton();
    if (stage === "done")
      return html`<h1>${allowWords.done}</h1>
        <p role="status">${allowWords.doneText}</p>`;
    if ("problem" in stage)
      return html`<h1 tabindex="-1">${allowWords.overTitle}</h1>
        <p role="alert">${stage.problem}</p>`;
    return stage.asks.isAdmitted ? this.#question(stage.asks) : this.#refusal(stage.asks);
  }

  #question({ program, server, scopes, tools }: ProgramQuestion): TemplateResult {
    const { name, host, answersTo, isHere } = program;
    const may = [
      ...(scopes.includes("tools:list") ? [allowWords.list] : []),
      ...(scopes.includes("tools:call") ? [allowWords.call] : []),
      ...(scopes.includes("offline_access") ? [allowWords.offline] : []),
    ];
    return html`<h1 tabindex="-1">${allowWords.title(name, server.name)}</h1>
      <p class="note" data-tone=${host === undefined ? "warning" : "plain"}>
        ${host === undefined ? allowWords.unverified : allowWords.standsFor(host)}
      </p>
      <p>${allowWords.signedIn(me.self?.name ?? "")} ${isHere ? allowWords.backHere(answersTo) : allowWords.backTo(answersTo)}</p>
      <h2>${allowWords.may}</h2>
      <ul class="asked">
        ${may.length === 0 ? html`<li>${allowWords.nothing}</li>` : may.map((one) => html`<li>${one}</li>`)}
      </ul>
      ${toolsOf(tools)}
      <p role="alert" class="form-fault" ?hidden=${this.fault === undefined}>${this.fault ?? nothing}</p>
      <div class="answers">
        <button class="primary" aria-disabled=${this.isSending ? "true" : "false"} @click=${() => void this.#answer(true)}>
          ${this.isSending ? allowWords.sending : allowWords.allow}
        </button>
        <button aria-disabled=${this.isSending ? "true" : "false"} @click=${() => void this.#answer(false)}>${allowWords.deny}</button>
      </div>`;
  }

  #refusal({ server }: ProgramQuestion): TemplateResult {
    return html`<h1 tabindex="-1">${allowWords.notAdmitted(server.name)}</h1>
      <p>${allowWords.signedIn(me.self?.name ?? "")}</p>
      <p>${allowWords.notAdmittedText}</p>
      <p role="alert" class="form-fault" ?hidden=${this.fault === undefined}>${this.fault ?? nothing}</p>
      <div class="answers">
        <button aria-disabled=${this.isSending ? "true" : "false"} @click=${() => void this.#answer(false)}>${allowWords.back}</button>
      </div>`;
  }
}

function toolsOf(tools: ProgramQuestion["tools"]): TemplateResult {
  if (tools.length === 0) return html`<p>${allowWords.noTools}</p>`;
  return html`<details class="asked-tools" ?open=${tools.length <= 3}>
    <summary>${allowWords.tools(tools.length)}</summary>
    <ul tabindex="0" aria-label=${allowWords.tools(tools.length)}>
      ${tools.map(
        ({ title, description, readOnly, asks }) =>
          html`<li>
            <strong>${title}</strong>
            <span class="muted"
              >${[
                ...(readOnly === undefined ? [] : [readOnly ? allowWords.reads : allowWords.changes]),
                ...(asks ? [allowWords.asks] : []),
              ].join(", ")}</span
            >
            <p>${description}</p>
          </li>`,
      )}
    </ul>
  </details>`;
}

/** As the server signed it: a provider of sign-ins may have added what went wrong there. */
function asked(query: URLSearchParams): string {
  const own = new URLSearchParams(query);
  for (const name of ["error", "error_description"]) own.delete(name);
  return own.toString();
}

function saidOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return allowWords.otherFault;
  return error.code === "link-over" ? allowWords.over : error.message;
}
