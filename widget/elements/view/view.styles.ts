import { css } from "lit";

/** A server's own page under its call, and what it may ask. */
export const viewStyles = css`
  front-desk-view {
    display: block;
    margin-block: 4px;
  }
  .view {
    position: relative;
    display: flex;
    flex-direction: column;
    gap: 4px;
  }
  .view iframe {
    display: block;
    inline-size: 100%;
    block-size: 200px;
    border: 0;
    border-radius: 14px;
  }
  .view.bordered iframe {
    border: 1px solid var(--fd-line);
    background: var(--fd-surface);
  }
  .view.starting iframe {
    opacity: 0;
  }
  .view > .loading {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-start: 12px;
  }
  .view .bar {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    min-block-size: 24px;
    overflow-wrap: anywhere;
  }
  .view .bar .link {
    flex: none;
    font-size: 13px;
  }
  .view .asked {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  /* Whole, so that the buttons come after the end. */
  .view .card :is(.address, .said) {
    max-block-size: none;
    border-radius: 8px;
    padding: 8px 12px;
    background: var(--fd-raised);
    overflow: visible;
  }
  .view .address {
    overflow-wrap: anywhere;
    font-variant-ligatures: none;
    text-align: start;
    unicode-bidi: isolate;
  }
  .view a.button {
    display: block;
    text-decoration: none;
  }
  .resting {
    display: grid;
    place-items: center;
    min-block-size: inherit;
    border: 1px solid var(--fd-line);
    border-radius: 14px;
  }
  /* The whole window, in the top layer: the frame stays where it is in the document, or it would load anew. */
  .view[popover] {
    position: fixed;
    inset: 0;
    display: flex;
    box-sizing: border-box;
    inline-size: 100%;
    max-inline-size: none;
    block-size: 100%;
    max-block-size: none;
    margin: 0;
    border: 0;
    padding: max(8px, env(safe-area-inset-top)) max(12px, env(safe-area-inset-right)) max(12px, env(safe-area-inset-bottom))
      max(12px, env(safe-area-inset-left));
    background: var(--fd-surface);
    color: var(--fd-text);
    overflow: hidden auto;
    overscroll-behavior: contain;
  }
  .view[popover] iframe {
    flex: 1;
    min-block-size: 0;
    block-size: auto !important;
  }
  .view[popover] .bar {
    order: -1;
    min-block-size: 40px;
    font-size: 15px;
  }
  .view[popover] .card {
    align-self: center;
    flex: none;
  }
  @media (pointer: coarse) {
    .view .bar .link {
      min-block-size: 44px;
    }
  }
`;
