import { css } from "lit";

/** Members of the team in a conversation. */
export const peopleStyles = css`
  front-desk-person {
    display: contents;
  }
  .joined {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 8px;
    color: var(--fd-muted);
    font-size: 13px;
    text-align: center;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  .by {
    display: flex;
    align-items: center;
    gap: 8px;
    min-inline-size: 0;
    font-size: 13px;
    font-weight: 600;
  }
  .by bdi {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .face {
    position: relative;
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 28px;
    block-size: 28px;
    overflow: hidden;
    border-radius: 50%;
    background: var(--fd-raised);
    color: var(--fd-muted);
    font-size: 12px;
    font-weight: 600;
  }
  .joined .face {
    inline-size: 40px;
    block-size: 40px;
    font-size: 15px;
  }
  .face img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .contact {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: 8px;
  }
  .contact label {
    flex: 1 1 180px;
    font-size: 13px;
    font-weight: 500;
  }
  .contact input {
    display: block;
    box-sizing: border-box;
    inline-size: 100%;
    min-block-size: 40px;
    margin: 4px 0 0;
    border: 1px solid var(--fd-control, var(--fd-muted));
    border-radius: 10px;
    padding: 8px 12px;
    background: var(--fd-surface);
    color: inherit;
    font: inherit;
    font-size: 15px;
  }
  .contact button {
    align-self: end;
  }
  .contact p {
    flex: 1 0 100%;
    font-size: 13px;
  }
`;
