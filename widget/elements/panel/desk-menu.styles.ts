import { css } from "lit";

/** What opens behind the menu button. */
export const deskMenuStyles = css`
  .menu {
    position: absolute;
    inset-block-start: calc(100% - 4px);
    inset-inline-end: 12px;
    min-inline-size: 180px;
    border: 1px solid var(--fd-line);
    border-radius: 12px;
    padding: 10px 6px 6px;
    background: var(--fd-surface);
    box-shadow: 0 8px 24px rgb(0 0 0 / 0.14);
  }
  .menu legend {
    float: inline-start;
    inline-size: 100%;
    padding: 0 10px 4px;
    color: var(--fd-muted);
    font-size: 13px;
  }
  .menu label {
    display: flex;
    clear: both;
    align-items: center;
    gap: 10px;
    border-radius: 8px;
    padding: 7px 10px;
    cursor: pointer;
  }
  .menu label:hover {
    background: var(--fd-raised);
  }
  .menu .button {
    clear: both;
    inline-size: 100%;
    margin-block-start: 6px;
    border: 0;
    border-block-start: 1px solid var(--fd-line);
    border-radius: 0 0 8px 8px;
    padding-inline: 10px;
    font-weight: 400;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
`;
