import { css } from "lit";

/**
 * `--fd-fill` is the owner's, untouched, and `--fd-on-fill` black or white by its relative luminance (the Y of XYZ), as
 * WCAG computes contrast: white from 4.5:1 on, otherwise black. As text the accent keeps its hue and gets a lightness
 * that can be read on the surface. Neutrals are mixed from it with a share so small that no accent spoils their
 * contrast.
 *
 * `VAR` means what `var` means. Dark Reader knows only the small letters: it would hand the fill a darker accent, and the
 * letters on it another, lighter one, so that they came out black on dark.
 */
export const colourStyles = css`
  :host {
    --fd-fill: VAR(--frontdesk-accent, #2456d6);
    --fd-ink: clamp(0, (0.183 - y) * 99999, 1);
    --fd-on-fill: color(from var(--fd-fill) xyz-d65 calc(0.9505 * var(--fd-ink)) calc(1 * var(--fd-ink)) calc(1.089 * var(--fd-ink)));
    --fd-accent: light-dark(oklch(from var(--fd-fill) min(l, 0.5) c h), oklch(from var(--fd-fill) max(l, 0.78) c h));
    --fd-surface: light-dark(#fff, color-mix(in oklab, var(--fd-fill) 4%, #17181a));
    --fd-raised: light-dark(color-mix(in oklab, var(--fd-fill) 4%, #f6f6f7), color-mix(in oklab, var(--fd-fill) 6%, #232427));
    --fd-code-surface: var(--fd-raised);
    --fd-line: light-dark(color-mix(in oklab, var(--fd-fill) 6%, #e2e3e6), color-mix(in oklab, var(--fd-fill) 8%, #37393d));
    --fd-text: light-dark(color-mix(in oklab, var(--fd-fill) 6%, #15171a), color-mix(in oklab, var(--fd-fill) 4%, #eeeff1));
    --fd-muted: light-dark(color-mix(in oklab, var(--fd-fill) 8%, #565a61), color-mix(in oklab, var(--fd-fill) 8%, #a9adb5));
    --fd-warning: light-dark(#8a5300, #f0bd62);
    --fd-warning-line: light-dark(#dfa23c, #8f6a25);
    --fd-danger: light-dark(#b3261e, #ff9a90);
    color-scheme: light dark;
  }
  :host([theme="light"]) {
    color-scheme: light;
  }
  :host([theme="dark"]) {
    color-scheme: dark;
  }
`;
