import { css } from "lit";

/** What a server's question has beyond other cards. */
export const questionStyles = css`
  form {
    display: contents;
  }
  .card {
    scroll-margin-block-start: 12px;
  }
  .field {
    display: flex;
    flex-direction: column;
    gap: 6px;
    min-inline-size: 0;
  }
  .field > label,
  .field legend {
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  .field .quiet {
    font-weight: 400;
  }
  .field legend {
    float: inline-start;
    inline-size: 100%;
    padding: 0;
  }
  /* The parts of a date would change places. */
  [type^="date"] {
    direction: ltr;
  }
  .field > p {
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  .field :is(label, legend) + p {
    margin-block-start: -4px;
  }
  .field > .tick + p {
    padding-inline-start: 28px;
  }
  .card .tick {
    display: flex;
    align-items: start;
    gap: 10px;
    font-weight: 400;
    cursor: pointer;
  }
  .card .tick input {
    margin-block-start: 2px;
  }
  .card .field [aria-invalid="true"] {
    border-color: var(--fd-danger);
  }
  .card textarea {
    resize: vertical;
  }
  .address {
    color: var(--fd-muted);
  }
  .address strong {
    color: var(--fd-text);
    font-weight: 600;
  }
  @media ((max-width: 479px) or (pointer: coarse)) {
    .card .tick {
      padding-block: 6px;
    }
  }
  @media (forced-colors: active) {
    .card .field [aria-invalid="true"] {
      border-width: 2px;
    }
  }
`;
