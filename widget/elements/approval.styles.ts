import { css } from "lit";

/** The card that asks before a tool acts: the loudest thing in a thread. */
export const approvalStyles = css`
  .approval {
    display: flex;
    flex-direction: column;
    gap: 12px;
    max-inline-size: 34em;
    margin-block: 4px;
    border: 1px solid var(--fd-warning-line);
    border-radius: 14px;
    padding: 16px;
  }
  .approval .title {
    font-size: 16px;
    font-weight: 600;
    line-height: 1.35;
    overflow-wrap: anywhere;
  }
  .approval .title + .quiet {
    margin-block-start: -10px;
  }
  .title:focus,
  .decided:focus {
    outline: none;
  }
  .approval dl {
    display: grid;
    grid-template-columns: fit-content(40%) 1fr;
    gap: 6px 16px;
  }
  .approval dl:empty {
    display: none;
  }
  .approval dl > div {
    display: contents;
  }
  .approval dt {
    color: var(--fd-muted);
  }
  .approval dd {
    max-block-size: 12lh;
    font-variant-numeric: tabular-nums;
    overflow: hidden auto;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .approval .warning {
    font-weight: 500;
  }
  .approval .time {
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
  .approval input {
    inline-size: 100%;
    border: 1px solid var(--fd-line);
    border-radius: 10px;
    padding: 8px 12px;
    background: var(--fd-surface);
    color: inherit;
    font: inherit;
  }
  .approval input::placeholder {
    color: var(--fd-muted);
    opacity: 1;
  }
  pre {
    max-block-size: 320px;
    border-radius: 8px;
    padding: 10px 12px;
    background: var(--fd-raised);
    font:
      13px / 1.5 ui-monospace,
      SFMono-Regular,
      Menlo,
      Consolas,
      monospace;
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 8px;
  }
  .choices .button {
    flex: 1 1 110px;
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
  .decided .quiet {
    display: block;
  }
  @media ((max-width: 479px) or (pointer: coarse)) {
    .approval input {
      font-size: 16px;
    }
    .choices .button {
      min-block-size: 44px;
    }
  }
`;
