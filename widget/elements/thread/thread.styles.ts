import { css } from "lit";

/** The log, its turns and their contents. */
export const threadStyles = css`
  :host {
    position: relative;
    display: block;
  }
  .scroller {
    block-size: 100%;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--fd-line) transparent;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  .content {
    position: relative;
    display: flow-root;
    padding-block: 20px 12px;
  }
  /* Each turn keeps its own side space: what a turn contains is cut at its edge, focus rings too. */
  .turns {
    display: contents;
  }
  front-desk-turn,
  .content > :not(.turns) {
    display: flex;
    flex-direction: column;
    gap: 4px;
    padding: 0 20px 16px;
  }
  front-desk-turn {
    position: relative;
  }
  /* Only where the browser holds the reader's place while turns above get their true height. */
  @supports (overflow-anchor: auto) {
    front-desk-turn {
      content-visibility: auto;
      contain-intrinsic-block-size: auto 180px;
    }
    /* What is newest is read now. */
    front-desk-turn:nth-last-child(-n + 2) {
      content-visibility: visible;
    }
  }
  .stamp {
    align-self: center;
    padding-block: 4px 8px;
    color: var(--fd-muted);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
    text-align: center;
  }
  /* In the space above the first turn, so that nothing moves when it comes and goes. */
  .content > .older {
    position: absolute;
    inset: 0 0 auto;
    padding: 2px 0 0;
    color: var(--fd-muted);
    font-size: 12px;
    text-align: center;
  }
  .greeting {
    max-inline-size: 34em;
    text-align: start;
    white-space: pre-line;
  }
  .content > .starters {
    flex-flow: row wrap;
    gap: 8px;
  }
  .starters .button {
    min-block-size: 36px;
    border-radius: 18px;
    padding: 6px 14px;
    color: var(--fd-accent);
  }

  .message {
    display: flex;
    flex-direction: column;
    align-items: end;
    gap: 4px;
    margin-block-end: 4px;
  }
  front-desk-turn > .message {
    padding-block-end: 4px;
  }
  .bubble {
    max-inline-size: min(34em, 85%);
    border: 1px solid transparent;
    border-radius: 14px;
    border-end-end-radius: 4px;
    padding: 9px 13px;
    background: var(--fd-fill);
    color: var(--fd-on-fill);
    text-align: start;
    /* The text has its own direction, the bubble its conversation's. */
    unicode-bidi: plaintext;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .failed .bubble {
    border-color: var(--fd-danger);
    background: none;
    color: inherit;
  }
  .mark {
    color: var(--fd-muted);
    font-size: 13px;
  }
  .message .mark {
    max-inline-size: 85%;
    text-align: end;
    text-wrap: balance;
  }
  .mark .link,
  .note .link {
    margin-inline-start: 8px;
  }
  .answer {
    display: block;
  }
  /* What would draw it could not be loaded. */
  .answer:not(.fd-markdown) {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  /* The last piece of an answer has any size, so a guessed one would be seen to change. */
  .answer > .fd-done:last-child {
    content-visibility: visible;
  }
  .answer + .answer {
    margin-block-start: 8px;
  }
  .note {
    font-size: 14px;
  }

  front-desk-call {
    display: contents;
  }
  .activity {
    padding-block: 2px;
    color: var(--fd-muted);
  }
  .dots {
    display: flex;
    align-items: center;
    gap: 4px;
    block-size: 26px;
  }
  .dots span:not(.unseen) {
    inline-size: 6px;
    block-size: 6px;
    border-radius: 50%;
    background: currentColor;
    animation: breathe 1.2s infinite;
  }
  .dots span:nth-child(2) {
    animation-delay: 150ms;
  }
  .dots span:nth-child(3) {
    animation-delay: 300ms;
  }
  @keyframes breathe {
    0%,
    70%,
    100% {
      opacity: 0.3;
    }
    35% {
      opacity: 1;
    }
  }

  /* What shows tool calls comes late. This is the place it will take. */
  front-desk-sources:not(:defined) {
    block-size: 29px;
  }

  .news {
    position: absolute;
    inset-block-end: 12px;
    inset-inline: 0;
    display: flex;
    align-items: center;
    gap: 6px;
    inline-size: fit-content;
    margin-inline: auto;
    border-color: var(--fd-line);
    border-radius: 18px;
    padding-block: 6px;
    padding-inline: 10px 14px;
    background: var(--fd-surface);
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.14);
    font-size: 13px;
    font-weight: 500;
  }
  .news .icon {
    inline-size: 16px;
    block-size: 16px;
  }

  @media (prefers-reduced-motion: reduce) {
    .dots span {
      animation: none !important;
    }
  }
`;
