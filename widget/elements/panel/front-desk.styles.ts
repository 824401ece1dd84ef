import { css, unsafeCSS } from "lit";
import { baseStyles } from "../styles/base.styles.ts";
import { colourStyles } from "../styles/colour.styles.ts";
import { composerStyles } from "./composer.styles.ts";
import { PHONE_QUERY } from "./phone-query.ts";

const phone = unsafeCSS(PHONE_QUERY);

/** The launcher, the panel and its head. */
const panelStyles = css`
  /* The page's rules are stronger than these. Without a box the element has nothing that they could move, cut or turn
     by chance: the corner is inside, and inherits nothing. The custom properties are the way to move it. */
  :host {
    display: contents;
  }
  :host([mode="inline"]) {
    display: block;
    block-size: 600px;
  }
  .corner {
    all: initial;
    display: block;
    visibility: inherit;
    color: var(--fd-text);
    color-scheme: inherit;
    font:
      15px / 1.5 var(--frontdesk-font, system-ui),
      sans-serif;
    -webkit-text-size-adjust: 100%;
    -webkit-user-select: text;
    user-select: text;
  }
  :host(:not([mode="inline"])) .corner {
    position: fixed;
    z-index: var(--frontdesk-layer, 2147483000);
    inset-block-end: calc(var(--inset) + env(safe-area-inset-bottom, 0px));
    inset-inline-end: var(--inset);
    --inset: var(--frontdesk-inset, 20px);
  }
  :host([position="start"]) .corner {
    inset-inline: var(--inset) auto;
  }
  @media print {
    :host(:not([mode="inline"])) .corner {
      display: none;
    }
  }

  .launcher {
    position: relative;
    display: grid;
    place-items: center;
    inline-size: 56px;
    block-size: 56px;
    border-radius: 50%;
    background: var(--fd-fill);
    color: var(--fd-on-fill);
    box-shadow:
      0 1px 2px rgb(0 0 0 / 0.14),
      0 6px 20px rgb(0 0 0 / 0.18);
  }
  .launcher > span {
    grid-area: 1 / 1;
    transition:
      opacity 160ms ease-out,
      transform 160ms ease-out;
  }
  .launcher .icon {
    inline-size: 28px;
    block-size: 28px;
  }
  .launcher[aria-expanded="true"] .chat,
  .launcher[aria-expanded="false"] .cross {
    opacity: 0;
    transform: rotate(45deg) scale(0.7);
  }
  .launcher.in-call {
    outline: 3px solid var(--fd-danger);
    outline-offset: 2px;
  }
  .badge {
    position: absolute;
    inset-block-start: -3px;
    inset-inline-end: -3px;
    min-inline-size: 22px;
    border: 2px solid var(--fd-surface);
    border-radius: 11px;
    padding-inline: 4px;
    background: var(--fd-danger);
    color: var(--fd-surface);
    font-size: 12px;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    line-height: 18px;
    text-align: center;
    pointer-events: none;
  }

  .panel {
    position: relative;
    display: flex;
    flex-direction: column;
    overflow: hidden;
    background: var(--fd-surface);
  }
  :host([mode="inline"]) :is(.corner, .panel) {
    block-size: 100%;
  }
  :host([mode="inline"]) .panel {
    border: 1px solid var(--fd-line);
    border-radius: var(--frontdesk-radius, 16px);
  }
  :host(:not([mode="inline"])) .panel {
    position: fixed;
    inset-block-end: calc(var(--inset) + 68px + env(safe-area-inset-bottom, 0px));
    inset-inline-end: var(--inset);
    /* Of the window, also where the page is zoomed: units of the window are not. */
    inline-size: min(400px, 100% - 2 * var(--inset));
    block-size: min(680px, 100% - 96px);
    overscroll-behavior: contain;
    border-radius: var(--frontdesk-radius, 16px);
    box-shadow:
      0 0 0 1px light-dark(rgb(0 0 0 / 0.06), rgb(255 255 255 / 0.12)),
      0 2px 6px rgb(0 0 0 / 0.06),
      0 16px 48px rgb(0 0 0 / 0.18);
    animation: rise 180ms ease-out;
  }
  :host([position="start"]:not([mode="inline"])) .panel {
    inset-inline: var(--inset) auto;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(8px);
    }
  }

  .head {
    position: relative;
    z-index: 1;
    display: flex;
    flex: none;
    align-items: center;
    gap: 4px;
    border-block-end: 1px solid var(--fd-line);
    padding-block: 10px;
    padding-inline: 20px 12px;
  }
  .who {
    flex: 1;
    min-inline-size: 0;
    line-height: 1.35;
  }
  .who > * {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .name {
    font-size: inherit;
    font-weight: 600;
  }
  .round {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 36px;
    block-size: 36px;
    border-radius: 50%;
  }
  .round:not(.primary) {
    color: var(--fd-muted);
  }
  .round:not(.primary):hover,
  .round[aria-expanded="true"] {
    background: var(--fd-raised);
    color: var(--fd-text);
  }
  .round.primary:disabled {
    background: var(--fd-raised);
    color: var(--fd-muted);
    opacity: 1;
  }
  .head .icon {
    stroke-width: 1.6;
  }
  .leave {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    gap: 8px;
    border-block-end: 1px solid var(--fd-line);
    padding: 12px 20px;
    background: var(--fd-raised);
  }
  .leave p {
    inline-size: 100%;
  }
  .leave .button {
    flex: 1;
    background: var(--fd-surface);
  }

  front-desk-thread {
    flex: 1;
    min-block-size: 0;
  }
  .notice {
    flex: none;
    margin: 0 12px 8px;
    border-radius: 10px;
    padding: 8px 12px;
    background: var(--fd-raised);
    font-size: 13px;
  }

  @media (pointer: coarse) {
    .round {
      inline-size: 44px;
      block-size: 44px;
    }
  }
  @media ${phone} {
    :host([open]:not([mode="inline"])) .launcher {
      display: none;
    }
    :host(:not([mode="inline"])) .panel {
      inset: var(--visible-top, 0) 0 auto;
      inline-size: auto;
      block-size: var(--visible-height, 100%);
      border-radius: 0;
      padding: env(safe-area-inset-top, 0) env(safe-area-inset-right, 0) 0 env(safe-area-inset-left, 0);
      box-shadow: none;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .panel,
    .launcher > span {
      animation: none !important;
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .panel,
    .launcher,
    .round.primary {
      border: 1px solid ButtonText;
    }
    .round.primary:disabled {
      border-color: GrayText;
      color: GrayText;
    }
  }
`;

/** All of the element's own. */
export const frontDeskStyles = [baseStyles, colourStyles, panelStyles, composerStyles];
