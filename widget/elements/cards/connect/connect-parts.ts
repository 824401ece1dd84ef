import { html } from "lit";
import type { ConnectionCard } from "../../../thread/state.ts";
import { connectWords } from "../../../words/connect-words.ts";
import { cardStyles } from "../../styles/card.styles.ts";
import type { CardParts } from "../card/card-parts.ts";
import "./connect-card.ts";
import { connectStyles } from "./connect.styles.ts";
import { decidedText } from "./connect-text.ts";
import { visibleText } from "../card/visible-text.ts";

export { FrontDeskConnections } from "./connections.ts";

export const parts: CardParts<ConnectionCard> = {
  styles: [cardStyles, connectStyles],
  loadWords: (words) => connectWords.load(words),
  draw: (card, call, context) => html`<front-desk-connect .call=${call} .card=${card} .context=${context}></front-desk-connect>`,
  announce(card, _call, context) {
    const words = connectWords.in(context.words);
    return card.status === "waiting" ? words.signInNeeded(words.connectTitle(visibleText(card.serverName))) : decidedText(card, context);
  },
};
