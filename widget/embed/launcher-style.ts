const css = (text: TemplateStringsArray): string => text[0]!;

/**
 * The launcher as `elements/` draws it, in as few bytes as possible: change both together. A test compares
 * the two pictures.
 */
const style = css`
  :host {
    all: initial;
    position: fixed !important;
    visibility: visible !important;
    opacity: 1 !important;
    z-index: var(--frontdesk-layer, 2147483000) !important;
    inset-block-end: calc(var(--frontdesk-inset, 20px) + env(safe-area-inset-bottom, 0px)) !important;
    inset-inline-end: var(--frontdesk-inset, 20px) !important;
    color-scheme: light dark;
    --f: var(--frontdesk-accent, #2456d6);
    --i: clamp(0, (0.183 - y) * 99999, 1);
  }
  :host([hidden]) {
    display: none !important;
  }
  :host([position="start"]) {
    inset-inline: var(--frontdesk-inset, 20px) auto !important;
  }
  :host([theme="light"]) {
    color-scheme: light;
  }
  :host([theme="dark"]) {
    color-scheme: dark;
  }
  button {
    display: grid;
    place-items: center;
    inline-size: 56px;
    block-size: 56px;
    border: 1px solid transparent;
    border-radius: 50%;
    background: var(--f);
    color: color(from var(--f) xyz-d65 calc(0.9505 * var(--i)) calc(1 * var(--i)) calc(1.089 * var(--i)));
    cursor: pointer;
    box-shadow:
      0 1px 2px #00000024,
      0 6px 20px #0000002e;
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

/** Made by the engine, not by markup: a policy without inline styles allows it. */
export function launcherSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  return sheet;
}
