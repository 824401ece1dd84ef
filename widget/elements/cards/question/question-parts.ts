import { html } from "lit";
import type { InputCard } from "../../../thread/state.ts";
import { questionWords } from "../../../words/question-words.ts";
import { cardStyles } from "../../styles/card.styles.ts";
import { choiceStyles } from "../../styles/choice.styles.ts";
import type { CardParts } from "../card/card-parts.ts";
import "./form-card.ts";
import "./page-card.ts";
import { questionStyles } from "./question.styles.ts";
import { decidedText } from "./question-text.ts";
import { visibleText } from "../card/visible-text.ts";

export const parts: CardParts<InputCard> = {
  styles: [cardStyles, choiceStyles, questionStyles],
  loadWords: (words) => questionWords.load(words),
  draw: (card, call, context) =>
    card.mode === "form"
      ? html`<front-desk-form .call=${call} .card=${card} .context=${context}></front-desk-form>`
      : html`<front-desk-page .call=${call} .card=${card} .context=${context}></front-desk-page>`,
  announce: (card, _call, context) =>
    card.status === "waiting"
      ? `${questionWords.in(context.words).asks(visibleText(card.serverName))}: ${visibleText(card.message)}`
      : decidedText(card, context),
};
