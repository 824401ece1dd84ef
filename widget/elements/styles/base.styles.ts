import { css } from "lit";

/** What the panel's and the thread's roots have in common. */
export const baseStyles = css`
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  p,
  h2,
  h3,
  ul,
  dl,
  dd,
  pre,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }
  button {
    margin: 0;
    border: 1px solid transparent;
    padding: 0;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
    /* What is copied is what was said. */
    -webkit-user-select: none;
    user-select: none;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  /* Each line follows the direction of its own letters, aligned to the page's reading side. */
  p,
  h2,
  dt,
  dd,
  legend,
  label,
  button,
  .what {
    unicode-bidi: plaintext;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  :disabled,
  [aria-disabled="true"] {
    cursor: default;
    opacity: 0.45;
  }
  :focus-visible {
    outline: 2px solid var(--fd-accent);
    outline-offset: 2px;
  }
  .icon {
    display: block;
    flex: none;
    inline-size: 20px;
    block-size: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .quiet {
    color: var(--fd-muted);
    font-size: 13px;
  }
  .danger {
    color: var(--fd-danger);
  }
  .warning {
    color: var(--fd-warning);
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .button {
    min-block-size: 40px;
    border-color: var(--fd-line);
    border-radius: 10px;
    padding: 8px 14px;
    font-weight: 500;
    text-align: center;
    overflow-wrap: anywhere;
  }
  .button:hover:not([aria-disabled="true"]) {
    background: var(--fd-raised);
  }
  .primary,
  .primary.button:hover:not([aria-disabled="true"]) {
    border-color: transparent;
    background: var(--fd-fill);
    color: var(--fd-on-fill);
  }
  .link {
    border-radius: 4px;
    padding: 2px 0;
    color: var(--fd-accent);
    font-weight: 500;
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentColor 40%, transparent);
    text-underline-offset: 0.2em;
  }
  .late {
    animation: appear 1ms 700ms both;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
`;
