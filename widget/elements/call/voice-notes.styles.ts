import { css, unsafeCSS } from "lit";

/** The name of what is highlighted by being weaker. */
export const UNHEARD = "front-desk-unheard";

/** What a thread says of speech. */
export const voiceNotesStyles = css`
  front-desk-voice-note {
    display: contents;
  }
  .voice-line {
    align-self: center;
    color: var(--fd-muted);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
    text-align: center;
    text-wrap: balance;
  }
  ::highlight(${unsafeCSS(UNHEARD)}) {
    color: var(--fd-muted);
  }
`;
