import { css } from "lit";

/** The list of calls behind an answer, and what opens behind each. */
export const sourcesStyles = css`
  .disclosure {
    display: inline-flex;
    align-items: center;
    gap: 2px;
    border-radius: 6px;
    padding: 4px 6px;
    margin-inline-start: -7px;
    color: var(--fd-muted);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  .disclosure:hover {
    color: var(--fd-text);
  }
  .disclosure .icon,
  .row .icon {
    inline-size: 14px;
    block-size: 14px;
    transition: transform 120ms ease-out;
  }
  :dir(rtl) > .icon:last-child {
    transform: scaleX(-1);
  }
  [aria-expanded="true"] > .icon:last-child {
    transform: rotate(90deg);
  }
  front-desk-sources ul {
    border-block-start: 1px solid var(--fd-line);
    list-style: none;
  }
  front-desk-sources li {
    border-block-end: 1px solid var(--fd-line);
  }
  .row {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto 14px;
    align-items: center;
    gap: 4px 10px;
    inline-size: 100%;
    padding: 8px 2px;
    font-size: 14px;
    line-height: 1.35;
  }
  .row .quiet {
    font-variant-numeric: tabular-nums;
  }
  button.row:hover {
    background: var(--fd-raised);
  }
  .what {
    overflow-wrap: anywhere;
  }
  .what .quiet {
    display: block;
  }
  .how {
    text-align: end;
  }
  .dot {
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: var(--fd-accent);
  }
  .dot:is(.failed) {
    background: var(--fd-danger);
  }
  .dot:is(.unknown) {
    background: var(--fd-warning);
  }
  .dot:is(.refused, .cancelled) {
    border: 2px solid var(--fd-muted);
    background: none;
  }
  front-desk-call-details {
    display: flex;
    flex-direction: column;
    gap: 12px;
    padding: 4px 2px 14px;
  }
  .data .bar {
    display: flex;
    justify-content: space-between;
    gap: 8px;
    padding-block-end: 4px;
    color: var(--fd-muted);
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  @media (prefers-reduced-motion: reduce) {
    .icon {
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .dot {
      forced-color-adjust: none;
    }
  }
`;
