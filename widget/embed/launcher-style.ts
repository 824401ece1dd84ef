const css = (text: TemplateStringsArray): string => text[0]!;

/**
 * The launcher as `elements/` draws it, in as few bytes as possible: change both together. A test compares
 * the two pictures.
 */
export const launcherStyle = css`
  :host(:not([hidden])) {
    display: contents;
    visibility: visible !important;
    opacity: 1 !important;
    color-scheme: light dark;
    --p: var(--frontdesk-inset, 20px);
    --f: VAR(--frontdesk-accent, #2456d6);
    --i: clamp(0, (0.183 - y) * 99999, 1);
  }
  :host([theme="light"]) {
    color-scheme: light;
  }
  :host([theme="dark"]) {
    color-scheme: dark;
  }
  button {
    position: fixed;
    z-index: var(--frontdesk-layer, 2147483000);
    inset-block-end: calc(var(--p) + env(safe-area-inset-bottom));
    inset-inline-end: var(--p);
    display: grid;
    place-items: center;
    min-inline-size: 56px;
    block-size: 56px;
    border: 1px solid transparent;
    border-radius: 28px;
    padding: 0 13px;
    font: 600 12px/18px var(--frontdesk-font, system-ui);
    background: var(--f);
    color: color(from var(--f) xyz-d65 calc(0.9505 * var(--i)) var(--i) calc(1.089 * var(--i)));
    cursor: pointer;
    box-shadow:
      0 1px 2px #00000024,
      0 6px 20px #0000002e;
  }
  :host([position="start"]) button {
    inset-inline: var(--p) auto;
  }
  @media print {
    button {
      display: none;
    }
  }
  button:focus-visible {
    outline: 2px solid var(--f);
    outline-offset: 2px;
  }
  svg {
    inline-size: 28px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
`;
