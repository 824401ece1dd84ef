import { css } from "lit";

/** The list of connections, over the panel. */
export const connectionsStyles = css`
  :host {
    position: absolute;
    z-index: 2;
    inset: 0;
    display: block;
    background: var(--fd-surface);
  }
  .view {
    display: flex;
    flex-direction: column;
    block-size: 100%;
  }
  .top {
    display: flex;
    flex: none;
    align-items: center;
    border-block-end: 1px solid var(--fd-line);
    padding-block: 10px;
    padding-inline: 20px 12px;
    min-block-size: 62px;
  }
  .name {
    flex: 1;
    font-size: inherit;
    font-weight: 600;
  }
  .round {
    display: grid;
    place-items: center;
    inline-size: 36px;
    block-size: 36px;
    border-radius: 50%;
    color: var(--fd-muted);
  }
  .round:hover {
    background: var(--fd-raised);
    color: var(--fd-text);
  }
  .body {
    flex: 1;
    overflow: hidden auto;
    padding: 16px 20px;
  }
  ul {
    margin-block-start: 8px;
    list-style: none;
  }
  li {
    border-block-end: 1px solid var(--fd-line);
    padding-block: 12px;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 12px;
  }
  .what {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .server {
    font-weight: 600;
  }
  .row .button {
    flex: none;
  }
  .ask {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .ask p {
    inline-size: 100%;
  }
  .ask .button {
    flex: 1 1 110px;
  }
  .none {
    margin-block-start: 16px;
  }
  @media (pointer: coarse) {
    .round,
    .button {
      min-inline-size: 44px;
      min-block-size: 44px;
    }
  }
`;
