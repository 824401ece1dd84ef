import { html, type TemplateResult } from "lit";

/** A drawing of lines in the colour of the text around it. */
export const icon = (path: string): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;

export const chatIcon = icon(
  "M12 4c4.7 0 8.5 3.1 8.5 7s-3.8 7-8.5 7c-1 0-2-.1-2.9-.4L4.5 19.5l1-3.4C4.2 14.8 3.5 13 3.5 11c0-3.9 3.8-7 8.5-7z",
);
export const crossIcon = icon("M6 6l12 12M18 6L6 18");
export const sendIcon = icon("M12 19V5.5M6 11.5l6-6 6 6");
export const callIcon = icon("M6.5 5H9l1.5 4-2 1.5a11 11 0 0 0 5 5l1.5-2 4 1.5v2.5a2 2 0 0 1-2 2A14 14 0 0 1 4.5 7a2 2 0 0 1 2-2z");
export const stopIcon = icon("M8 8h8v8H8z");
export const composeIcon = icon(
  "M11.5 5H7a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2v-4.5M10 14l.5-2.5 7.3-7.3a1.4 1.4 0 0 1 2 2L12.5 13.5z",
);
export const menuIcon = icon(
  "M5.5 12a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0M11.2 12a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0M16.9 12a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0",
);
export const downIcon = icon("M12 5v13.5M6 12.5l6 6 6-6");
