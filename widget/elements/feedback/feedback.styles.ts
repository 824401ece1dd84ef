import { css } from "lit";

/** Two quiet buttons under an answer, and what opens behind them. */
export const feedbackStyles = css`
  front-desk-feedback {
    display: block;
    color: var(--fd-muted);
  }
  .thumbs {
    display: flex;
    gap: 4px;
    margin-inline-start: -6px;
  }
  .thumb {
    display: grid;
    place-items: center;
    inline-size: 32px;
    block-size: 32px;
    border-radius: 8px;
  }
  .thumb:hover {
    background: var(--fd-raised);
    color: var(--fd-text);
  }
  .thumb .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .thumb[aria-pressed="true"] {
    color: var(--fd-accent);
  }
  .thumb[aria-pressed="true"] .icon {
    fill: color-mix(in srgb, currentColor 25%, transparent);
    stroke-width: 2.25;
  }
  .comment {
    display: flex;
    flex-direction: column;
    gap: 8px;
    margin: 0;
    padding-block: 4px 8px;
    font-size: 13px;
  }
  .comment textarea {
    inline-size: 100%;
    min-block-size: 64px;
    border: 1px solid var(--fd-field-line, var(--fd-muted));
    border-radius: 10px;
    padding: 8px 10px;
    background: var(--fd-surface);
    color: var(--fd-text);
    font: inherit;
    font-size: max(16px, 1em);
    resize: vertical;
  }
  .comment div {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
`;
