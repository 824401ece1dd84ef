import { html, nothing, type TemplateResult } from "lit";
import type { CallPart, InputCard } from "../../../thread/state.ts";
import { questionWords } from "../../../words/question-words.ts";
import { questionChoices } from "./question-choices.ts";
import { decidedLine } from "../card/decided-line.ts";
import { CardLife } from "../card/card-life.ts";
import { define } from "../../foundation/define.ts";
import { errorText } from "../../foundation/error-text.ts";
import { LightElement } from "../../foundation/light-element.ts";
import { decidedText } from "./question-text.ts";
import type { ThreadContext } from "../../foundation/thread-context.ts";
import { visibleText } from "../card/visible-text.ts";

/**
 * A server wants the customer to visit a page: shows its whole address, and opens it in a window without a link back to
 * this one.
 */
export class FrontDeskPage extends LightElement {
  static override properties = { call: { attribute: false }, card: { attribute: false }, context: { attribute: false } };
  declare call: CallPart;
  declare card: InputCard;
  declare context: ThreadContext;

  readonly #life = new CardLife(this);

  protected override render(): unknown {
    const { call, card, context } = this;
    if (card.status === "waiting" && call.status !== "ended") return this.#card();
    return decidedLine(card.status === "accept", decidedText(card, context));
  }

  #card(): TemplateResult {
    const { card, context } = this;
    const words = questionWords.in(context.words);
    const left = this.#life.leftMs;
    const id = `title-${card.requestId}`;
    const url = webPage(card.url);
    const choices = {
      accept: words.openPage,
      onAccept: () => window.open(url, "_blank", "noopener,noreferrer"),
      canAccept: url !== undefined,
    };
    return html`<div class="card" part="card" role="group" aria-labelledby=${id}>
      <p class="title" id=${id} tabindex="-1">${words.pageTitle(visibleText(card.serverName))}</p>
      <p class="said" dir="auto">${visibleText(card.message)}</p>
      <pre class="address" dir="ltr" tabindex="0">${url === undefined ? visibleText(card.url ?? "") : addressParts(url)}</pre>
      <p class="quiet">${url === undefined ? words.badPage : words.pageWhy}</p>
      ${card.error ? html`<p class="danger" role="status">${errorText(card.error, context.words, words)}</p>` : nothing}
      ${left > 0 ? questionChoices(this, choices) : nothing}
      <p class="quiet time">${left > 0 ? words.timeToAnswer(context.formats.left(left)) : words.answerOver}</p>
    </div>`;
  }
}

/** The address as the browser will take it: no other than a web page's is opened. */
function webPage(url = ""): string | undefined {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  return address && /^https?:$/.test(address.protocol) ? address.href : undefined;
}

/**
 * The whole address, its host in bold: "https://bank.example@evil.example/" is evil.example's. Foreign letters come as
 * the browser sends them, "xn--…".
 */
function addressParts(url: string): TemplateResult {
  const { host, protocol } = new URL(url);
  // In an address that was parsed, nothing before the path holds a slash.
  const end = url.indexOf("/", protocol.length + 2);
  const start = end - host.length;
  return html`${visibleText(url.slice(0, start))}<strong>${host}</strong>${visibleText(url.slice(end))}`;
}

define("front-desk-page", FrontDeskPage);
