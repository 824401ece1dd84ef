import { html, type TemplateResult } from "lit";
import type { ViewQuestion } from "../../view/view-asks.ts";
import type { ViewWords } from "../../words/types/view-words.ts";
import { visibleText } from "../cards/card/visible-text.ts";

export interface Asked {
  readonly question: ViewQuestion;
  /** When it came, as events have it. */
  readonly since: number;
  readonly decide: (isWanted: boolean | undefined) => void;
}

/** Who presses so soon after a question came meant what was there before. */
const UNREAD_MS = 600;

/** What a person is asked for a view. The button that does nothing comes first. */
export function viewQuestion(
  { question, since, decide }: Asked,
  words: ViewWords,
  { server, id }: { readonly server: string; readonly id: string },
): TemplateResult {
  const isLink = question.kind === "link";
  const no = (): void => decide(false);
  const yes = (event: MouseEvent): void => {
    // With a key, nobody presses what they did not go to.
    if (event.detail > 0 && event.timeStamp - since < UNREAD_MS) event.preventDefault();
    else decide(true);
  };
  return html`<div class="card" part="card" role="alertdialog" aria-labelledby=${id} aria-describedby="${id}-what">
    <p class="title" id=${id} tabindex="-1">${isLink ? words.askLink : words.askMessage}</p>
    <div class="asked" id="${id}-what">
      ${
        isLink
          ? html`<p>${words.wantsLink(server)}</p>
              <p class="address" dir="ltr">${question.url}</p>`
          : html`<p>${words.wantsMessage(server)}</p>
              <p class="said" dir="auto">${visibleText(question.text)}</p>`
      }
    </div>
    <div class="choices">
      <button class="button" @click=${no}>${words.no}</button>
      ${
        isLink
          ? html`<a class="button primary" href=${question.url} target="_blank" rel="noopener noreferrer" @click=${yes}>${words.open}</a>`
          : html`<button class="button primary" @click=${yes}>${words.send}</button>`
      }
    </div>
  </div>`;
}
