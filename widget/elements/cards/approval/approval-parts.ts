import { html } from "lit";
import type { ApprovalCard } from "../../../thread/state.ts";
import "./approval-card.ts";
import { approvalAnnouncement } from "./approval-text.ts";
import { cardStyles } from "../../styles/card.styles.ts";
import type { CardParts } from "../card/card-parts.ts";

export const parts: CardParts<ApprovalCard> = {
  styles: [cardStyles],
  // They come with the words for calls.
  loadWords: async () => {},
  draw: (card, call, context) => html`<front-desk-approval .call=${call} .card=${card} .context=${context}></front-desk-approval>`,
  announce: (card, call, context) => approvalAnnouncement(call, card, context),
};
