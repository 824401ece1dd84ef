import { css } from "lit";

/** The bar of a call, above the composer. */
export const callBarStyles = css`
  front-desk-call-bar {
    display: block;
    flex: none;
    padding: 0 12px 8px;
  }
  .call {
    display: flex;
    flex-direction: column;
    gap: 8px;
    border: 1px solid var(--fd-line);
    border-radius: 16px;
    padding-block: 6px 12px;
    padding-inline: 14px 6px;
    background: var(--fd-raised);
  }
  .call-head {
    position: relative;
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: 36px;
  }
  /* Alone, it is as far from both edges. */
  .call-head:has(+ .call-note:empty:last-child) {
    margin-block-end: -6px;
  }
  .stand {
    flex: 1;
    min-inline-size: 0;
    margin-inline-start: 4px;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .stand .quiet {
    margin-inline-start: 4px;
    font-weight: 400;
  }
  .level {
    display: block;
    flex: none;
    inline-size: 24px;
    block-size: 24px;
    fill: none;
    stroke: currentColor;
    stroke-width: 2.25;
    stroke-linecap: round;
  }
  .level path:not(.lit) {
    opacity: 0.25;
  }
  .level .lit {
    stroke: var(--fd-accent);
  }
  .call .round:not(.primary):hover,
  .call .round[aria-expanded="true"] {
    background: var(--fd-line);
  }
  .call .round.muted,
  .call .round.muted:hover {
    background: var(--fd-text);
    color: var(--fd-surface);
  }
  .call .end-call,
  .call .end-call:hover {
    background: var(--fd-danger) !important;
    color: var(--fd-surface);
  }
  .captions {
    display: grid;
    grid-template-columns: fit-content(30%) 1fr;
    gap: 2px 8px;
    align-items: start;
    padding-inline-end: 8px;
    font-size: 14px;
  }
  .captions > .quiet {
    font-size: inherit;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* The newest words stay in sight. */
  .caption {
    display: flex;
    flex-direction: column-reverse;
    max-block-size: 2lh;
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  /* What is said is read from its beginning. */
  .caption.said {
    display: -webkit-box;
    max-block-size: 3lh;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
  }
  .call-note {
    padding-inline-end: 8px;
    font-size: 14px;
  }
  .call-note:first-child {
    margin-block-start: 6px;
  }
  /* It stays where it is, so that what it says later is announced. */
  .call-note:empty {
    margin-block-start: -8px;
  }
  .call-choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    padding-inline-end: 8px;
  }
  .call-choices .button {
    flex: 1 1 110px;
    min-inline-size: fit-content;
    background: var(--fd-surface);
  }
  .call-choices .primary.button {
    background: var(--fd-fill);
  }
  front-desk-talk {
    display: block;
    padding-inline-end: 8px;
  }
  .talk {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    inline-size: 100%;
    min-block-size: 48px;
    border-color: var(--fd-line);
    background: var(--fd-surface);
    touch-action: none;
    -webkit-touch-callout: none;
  }
  .talk[aria-pressed="true"],
  .talk[aria-pressed="true"]:hover {
    background: var(--fd-fill) !important;
    color: var(--fd-on-fill);
  }
  .call-menu {
    position: absolute;
    z-index: 1;
    inset-block-end: calc(100% + 10px);
    inset-inline-end: 0;
    inline-size: min(260px, 100%);
    overflow-y: auto;
    overscroll-behavior: contain;
    border: 1px solid var(--fd-line);
    border-radius: 12px;
    padding: 10px 6px;
    background: var(--fd-surface);
    box-shadow: 0 8px 24px rgb(0 0 0 / 0.14);
  }
  .call-menu legend {
    float: inline-start;
    inline-size: 100%;
    padding: 0 10px 4px;
    color: var(--fd-muted);
    font-size: 13px;
  }
  .call-menu fieldset label {
    display: flex;
    clear: both;
    align-items: center;
    gap: 10px;
    border-radius: 8px;
    padding: 7px 10px;
    cursor: pointer;
  }
  .call-menu fieldset label:hover {
    background: var(--fd-raised);
  }
  .call-menu .field {
    display: block;
    padding: 6px 10px;
    font-size: 13px;
  }
  .call-menu select {
    display: block;
    inline-size: 100%;
    margin: 4px 0 0;
    border: 1px solid var(--fd-line);
    border-radius: 8px;
    padding: 6px 8px;
    background: var(--fd-surface);
    color: inherit;
    font: inherit;
    font-size: 14px;
    text-overflow: ellipsis;
  }
  .call-menu input[type="range"] {
    display: block;
    inline-size: 100%;
    margin: 8px 0 0;
    accent-color: var(--fd-accent);
  }
  @media (pointer: coarse) {
    .call-menu select {
      font-size: 16px;
    }
  }
  @media (forced-colors: active) {
    .call .end-call,
    .call .round.muted,
    .talk[aria-pressed="true"] {
      border: 2px solid Highlight;
    }
    .level .lit {
      stroke: Highlight;
    }
  }
`;
