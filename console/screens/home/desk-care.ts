import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { api, type Page } from "../../api/client.ts";
import type { Assistant, AssistantHealthSummary, McpServerCard } from "../../api/types.ts";
import { formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { InboxNews, isOfApproval, isOfAsked } from "../../line/inbox-news.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { type ConversationNames, namesFor } from "../../parts/conversation-names.ts";
import { icon } from "../../parts/icon.ts";
import { emptyState, show, skeleton } from "../../parts/states.ts";
import { badge, status } from "../../parts/status.ts";
import { firstRunWords } from "../first-run/first-run-words.ts";
import { nextStep, type Progress, READ_AT_MOST, readKnown, readProgress } from "../first-run/progress.ts";
import { type Care, careOf } from "./care.ts";
import { homeWords } from "./home-words.ts";
import "./waiting-calls.ts";
import { readWaiting, type Waiting } from "./waiting-calls.ts";
import { readWaitingPeople, type WaitingPeople, waitingPeople } from "./waiting-people.ts";

interface Overview {
  readonly assistants: readonly Assistant[];
  readonly health: readonly AssistantHealthSummary[];
  readonly servers: readonly McpServerCard[];
  /** There are more than were read. */
  readonly isCut: boolean;
  readonly progress: Progress | undefined;
  readonly waiting: Waiting;
  readonly people: WaitingPeople;
  readonly names: ConversationNames;
}

const FRESH_MS = 15_000;
const SHOWN_ASSISTANTS = 12;
const SHOWN_CARE = 10;

/** What needs care first, then the assistants, then the next step. */
@customElement("desk-care")
export class DeskCare extends PageElement {
  readonly #overview = new Resource<Overview>(this, { load: async (signal) => load(signal), everyMs: FRESH_MS });

  constructor() {
    super();
    const concerns = (what: string): boolean => isOfApproval(what) || isOfAsked(what);
    if (may("approvals.decide")) new InboxNews(this, { concerns, refresh: () => void this.#overview.refresh() });
  }

  override render() {
    const decided = (): void => void this.#overview.reload();
    return show(
      this.#overview,
      (overview) => page(overview, decided),
      () => skeleton(9),
    );
  }
}

async function load(signal: AbortSignal): Promise<Overview> {
  const known = readKnown(signal);
  const [{ assistants, health }, servers, progress, waiting, people] = await Promise.all([
    known,
    may("servers.read") ? api.get<Page<McpServerCard>>("/mcp-servers", { query: { limit: READ_AT_MOST }, signal }) : undefined,
    may("assistants.write") ? known.then((lists) => readProgress(undefined, lists, signal)) : undefined,
    readWaiting(signal),
    readWaitingPeople(signal),
  ]);
  return {
    assistants: assistants.items,
    health: health.items,
    servers: servers?.body.items ?? [],
    isCut: [assistants, health, servers?.body].some((page) => page?.next !== undefined),
    progress,
    waiting,
    people,
    names: await namesFor([...waiting.items, ...people.items], assistants.items, signal),
  };
}

function page(overview: Overview, decided: () => void): TemplateResult {
  const { assistants, servers, progress, waiting, people, names } = overview;
  if (assistants.length === 0 && servers.length === 0) return nothingYet();
  const care = careOf(overview);
  const steps = progress === undefined || nextStep(progress) === undefined ? nothing : firstSteps(progress);
  // While nothing answers anywhere, the next step is what matters.
  const isNew = progress?.done.site === false && assistants.every(({ source }) => source === "api");
  const waited = html`<desk-waiting-calls .waiting=${waiting} .names=${names} @decided=${decided}></desk-waiting-calls>`;
  return html`<div class="home">
    ${isNew ? steps : nothing}${waitingPeople(people, names)}${waited}${careList(care, overview.isCut)}${assistantList(overview)}${isNew ? nothing : steps}
  </div>`;
}

function nothingYet(): TemplateResult {
  const { empty: title, emptyText: text } = homeWords;
  if (!may("assistants.write")) return html``;
  const action = html`<a class="button primary" href=${router.href("/first-run")}>${homeWords.begin}</a>`;
  return emptyState({ icon: "sparkles", title, text, action });
}

function firstSteps(progress: Progress): TemplateResult {
  const next = nextStep(progress)!;
  const done = progress.steps.filter((step) => progress.done[step]).length;
  return html`<section class="group" aria-labelledby="home-first-steps">
    <h2 id="home-first-steps">
      ${homeWords.firstSteps} <span class="muted">· ${homeWords.doneOf(formatNumber(done), formatNumber(progress.steps.length))}</span>
    </h2>
    <ol class="todo">
      ${progress.steps.map((step) => {
        const isDone = progress.done[step];
        return html`<li data-done=${isDone ? "" : nothing}>
          <span class="mark" aria-hidden="true">${isDone ? icon("check", 14) : nothing}</span
          ><span>${firstRunWords[step]}<span class="visually-hidden">, ${isDone ? homeWords.done : homeWords.open}</span></span>
        </li>`;
      })}
    </ol>
    <a class="button primary" href=${router.href("/first-run", { step: next })}>${homeWords.goOn(firstRunWords[next])}</a>
  </section>`;
}

function careList(care: readonly Care[], isCut: boolean): TemplateResult {
  return html`<section aria-labelledby="home-care">
    <h2 id="home-care">${homeWords.care}</h2>
    ${isCut ? html`<p class="muted">${homeWords.careOfFirst(formatNumber(READ_AT_MOST))}</p>` : nothing}
    ${
      care.length === 0
        ? html`<p>${status("good", homeWords.noCare)}</p>
            <p class="muted">${homeWords.noCareText}</p>`
        : html`${cares(care.slice(0, SHOWN_CARE))}
          ${
            care.length <= SHOWN_CARE
              ? nothing
              : html`<details class="disclosure">
                  <summary>${homeWords.moreCare(formatNumber(care.length - SHOWN_CARE))}</summary>
                  ${cares(care.slice(SHOWN_CARE))}
                </details>`
          }`
    }
  </section>`;
}

function cares(care: readonly Care[]): TemplateResult {
  return html`<ul class="care">
    ${care.map(
      ({ tone, title, detail, about, more, since, place }) =>
        html`<li>
          <div>
            ${status(tone, title, since)} ${about === undefined ? nothing : badge(about)}
            <p class="muted">${detail} ${more > 0 ? homeWords.more(formatNumber(more)) : nothing}</p>
          </div>
          <a class="button" href=${router.href(place.path, place.query)} aria-label=${homeWords.lookAt(about ?? title)}
            >${homeWords.look}</a
          >
        </li>`,
    )}
  </ul>`;
}

function assistantList({ assistants, health }: Overview): TemplateResult | typeof nothing {
  if (assistants.length === 0) return nothing;
  return html`<section aria-labelledby="home-assistants">
    <h2 id="home-assistants">${homeWords.assistants}</h2>
    <ul class="plain-list">
      ${assistants.slice(0, SHOWN_ASSISTANTS).map((assistant) => {
        const known = health.find((one) => one.assistant === assistant.key);
        return html`<li>
          <span
            ><a href=${router.href(`/assistants/${assistant.key}`)}>${assistant.name}</a>
            <span class="muted">${assistant.source === "file" ? homeWords.inFile : nothing}</span></span
          >
          ${assistant.hasDraft ? badge(homeWords.draft) : nothing} ${stateOf(known)}
        </li>`;
      })}
    </ul>
    ${assistants.length > SHOWN_ASSISTANTS ? html`<p><a href=${router.href("/assistants")}>${homeWords.allAssistants}</a></p>` : nothing}
  </section>`;
}

function stateOf(known: AssistantHealthSummary | undefined): TemplateResult {
  if (known === undefined) return status("neutral", homeWords.unseen);
  if (known.broken > 0) return status("bad", homeWords.broken);
  return known.risky > 0 ? status("warning", homeWords.risky) : status("good", homeWords.fine);
}
