import { css } from "lit";

/**
 * Ticks and radio buttons, alike in every browser and scheme. Borders draw them, since forced colours take every
 * background away.
 */
export const choiceStyles = css`
  input:is([type="checkbox"], [type="radio"]) {
    appearance: none;
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 18px;
    block-size: 18px;
    margin: 0;
    border: 1.5px solid var(--fd-muted);
    border-radius: 5px;
    background: var(--fd-surface);
    cursor: inherit;
  }
  input[type="radio"] {
    border-radius: 50%;
  }
  input:checked {
    border-color: var(--fd-accent);
  }
  input[type="radio"]:checked {
    border-width: 6px;
  }
  input[type="checkbox"]:checked {
    background: var(--fd-accent);
  }
  input[type="checkbox"]:checked::before {
    content: "";
    width: 5px;
    height: 9px;
    border: solid var(--fd-surface);
    border-width: 0 2px 2px 0;
    transform: translateY(-1px) rotate(45deg);
  }
`;
