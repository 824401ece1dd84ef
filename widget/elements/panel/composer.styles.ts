import { css, unsafeCSS } from "lit";
import { PHONE_QUERY } from "./phone-query.ts";

/** Where the customer writes. A phone zooms into a field with letters under 16 px. */
export const composerStyles = css`
  front-desk-composer {
    display: block;
    flex: none;
    padding: 0 12px max(12px, env(safe-area-inset-bottom, 0px));
  }
  .composer {
    display: flex;
    align-items: end;
    gap: 4px;
    border: 1px solid var(--fd-line);
    border-radius: 22px;
    padding: 3px;
  }
  .composer:focus-within {
    border-color: var(--fd-accent);
    outline: 2px solid var(--fd-accent);
    outline-offset: -1px;
  }
  textarea {
    field-sizing: content;
    flex: 1;
    min-inline-size: 0;
    margin: 0;
    max-block-size: calc(6lh + 14px);
    border: 0;
    padding: 7px 14px;
    background: none;
    color: var(--fd-text);
    font: inherit;
    overflow-wrap: anywhere;
    resize: none;
    scrollbar-width: thin;
  }
  textarea:focus-visible {
    outline: none;
  }
  .composer:has(textarea:disabled) {
    background: var(--fd-raised);
  }
  textarea::placeholder {
    color: var(--fd-muted);
    opacity: 1;
  }
  [part="stop"].round {
    background: var(--fd-raised);
    color: var(--fd-text);
  }
  [part="stop"] .icon {
    fill: currentColor;
  }
  .limit {
    padding: 4px 15px 0;
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  .limit:not(.danger) {
    color: var(--fd-muted);
  }

  @media (pointer: coarse) {
    textarea {
      padding-block: 10px;
    }
  }
  @media (pointer: coarse), ${unsafeCSS(PHONE_QUERY)} {
    textarea {
      font-size: 16px;
    }
  }
`;
