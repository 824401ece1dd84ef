import { css } from "lit";

/** Cards: what asks before a tool acts is the loudest thing in a thread. */
export const cardStyles = css`
  .card {
    display: flex;
    flex-direction: column;
    gap: 12px;
    max-inline-size: 34em;
    margin-block: 4px;
    border: 1px solid var(--fd-line);
    border-radius: 14px;
    padding: 16px;
  }
  .card.approval {
    border-color: var(--fd-warning-line);
  }
  .card .title {
    font-size: 16px;
    font-weight: 600;
    line-height: 1.35;
    overflow-wrap: anywhere;
  }
  .card .title + .quiet {
    margin-block-start: -10px;
  }
  .title:focus,
  .decided:focus {
    outline: none;
  }
  .card dl {
    display: grid;
    grid-template-columns: fit-content(40%) 1fr;
    gap: 6px 16px;
  }
  .card dl:empty {
    display: none;
  }
  .card dl > div {
    display: contents;
  }
  .card dt {
    color: var(--fd-muted);
  }
  .card :is(dd, .said) {
    max-block-size: 12lh;
    font-variant-numeric: tabular-nums;
    overflow: hidden auto;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .said {
    text-align: start;
  }
  .card .warning {
    font-weight: 500;
  }
  .card .time {
    font-variant-numeric: tabular-nums;
  }
  summary {
    inline-size: fit-content;
    border-radius: 4px;
    color: var(--fd-muted);
    font-size: 13px;
    cursor: pointer;
  }
  summary:hover {
    color: var(--fd-text);
  }
  details > :not(summary) {
    margin-block-start: 8px;
  }
  .card :is(input, select, textarea):not([type="checkbox"], [type="radio"]) {
    inline-size: 100%;
    border: 1px solid var(--fd-line);
    border-radius: 10px;
    padding: 8px 12px;
    background: var(--fd-surface);
    color: inherit;
    font: inherit;
  }
  .card input::placeholder {
    color: var(--fd-muted);
    opacity: 1;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 8px;
  }
  .choices .button {
    flex: 1 1 110px;
    min-inline-size: fit-content;
  }
  .choices .link {
    font-size: 14px;
  }
  .decided {
    display: flex;
    gap: 8px;
    padding-block: 2px;
    font-size: 14px;
  }
  .decided .icon {
    inline-size: 18px;
    block-size: 21px;
    color: var(--fd-muted);
  }
  .decided div {
    text-align: -webkit-match-parent;
    text-align: match-parent;
    unicode-bidi: plaintext;
  }
  .decided .quiet {
    display: block;
  }
  @media ((max-width: 479px) or (pointer: coarse)) {
    .card :is(input, select, textarea):not([type="checkbox"], [type="radio"]) {
      font-size: 16px;
    }
    .choices .button {
      min-block-size: 44px;
    }
  }
`;
