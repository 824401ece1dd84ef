import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { PublishedCall } from "../../../api/types.ts";
import { formatDuration, formatExactly } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import { hiddenShown } from "../../../parts/hidden-shown.ts";
import { icon } from "../../../parts/icon.ts";
import "../../../parts/json-view.ts";
import { status, type Tone } from "../../../parts/status.ts";
import { pairs } from "../../../parts/pairs.ts";
import { clientSaid } from "../published-status.ts";
import { logWords } from "./log-words.ts";

/** One call of a client, with all that is known of it. */
@customElement("desk-log-details")
export class DeskLogDetails extends PageElement {
  @property({ attribute: false }) call!: PublishedCall;
  @property({ attribute: false }) tone: Tone = "neutral";
  /** The list with other filters, and nothing opened. */
  @property({ attribute: false }) address!: (change: Readonly<Record<string, string | undefined>>) => string;

  override render() {
    const { call } = this;
    return html`<header class="dialog-head">
        <h2>${hiddenShown(call.tool)}</h2>
        <a class="button quiet icon-only" href=${this.address({})} aria-label=${logWords.close}>${icon("close")}</a>
      </header>
      ${
        call.conversation === undefined || !may("conversations.read")
          ? nothing
          : html`<p>
              <a class="button" href=${router.href(`/inbox/${call.conversation}`)}>${icon("chat")}${logWords.conversation}</a>
            </p>`
      }
      ${this.#pairs()}
      <h3>${logWords.arguments}</h3>
      ${kept(call.arguments, logWords.arguments)}
      <h3>${logWords.result}</h3>
      ${call.result === "" ? html`<p class="muted">${logWords.noResult}</p>` : kept(call.result, logWords.result)}`;
  }

  #pairs(): TemplateResult {
    const { call, address } = this;
    const { tester, key, keyName = "" } = call;
    return pairs([
      [logWords.exactly, formatExactly(call.at)],
      [logWords.outcome, status(this.tone, logWords.outcomes[call.outcome])],
      [logWords.cause, call.cause && hiddenShown(call.cause)],
      [logWords.took, formatDuration(call.durationMs)],
      [
        logWords.who,
        tester === undefined
          ? html`${logWords.keyOf(keyName)}<br /><a href=${address({ key })}>${logWords.onlyKey}</a>`
          : logWords.byHandOf(tester.name),
      ],
      [logWords.client, clientSaid(call)],
      [logWords.tool, html`<code>${hiddenShown(call.tool)}</code><br /><a href=${address({ tool: call.tool })}>${logWords.onlyTool}</a>`],
    ]);
  }
}

/** JSON where it is; the beginning of a long one is a text. */
function kept(text: string, label: string): TemplateResult {
  const cut = text.endsWith(" …") ? html`<p class="muted">${logWords.cut}</p>` : nothing;
  return html`<desk-json label=${label} .value=${valueOf(text)}></desk-json>${cut}`;
}

function valueOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
