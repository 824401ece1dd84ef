import { launcherSheet } from "./launcher-style.ts";

const ICON = "M12 4c4.7 0 8.5 3.1 8.5 7s-3.8 7-8.5 7c-1 0-2-.1-2.9-.4L4.5 19.5l1-3.4C4.2 14.8 3.5 13 3.5 11c0-3.9 3.8-7 8.5-7z";
const SVG = "http://www.w3.org/2000/svg";

/** What the launcher says before the words are loaded, by the beginning of a language's tag. */
export const OPEN_CHAT: Readonly<Record<string, string>> = { en: "Open chat", de: "Chat öffnen" };

let sheet: CSSStyleSheet | undefined;

/**
 * Draws the launcher into the shadow root that the full element will take over. Returns the button; it is to be removed when the element has
 * drawn its own in the same place.
 */
export function drawLauncher(host: HTMLElement, unread: string | null): HTMLButtonElement {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [(sheet ??= launcherSheet())];
  const button = document.createElement("button");
  const language = (host.lang || host.closest<HTMLElement>("[lang]")?.lang || navigator.language).slice(0, 2);
  button.setAttribute("part", "launcher");
  button.setAttribute("aria-label", OPEN_CHAT[language] ?? OPEN_CHAT["en"]!);
  button.setAttribute("aria-expanded", "false");
  const slot = document.createElement("slot");
  slot.name = "launcher";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICON);
  svg.append(path);
  slot.append(svg);
  button.append(slot);
  if (unread !== null) {
    const badge = document.createElement("b");
    badge.setAttribute("part", "badge");
    badge.textContent = Number(unread) > 9 ? "9+" : unread;
    button.append(badge);
  }
  root.append(button);
  return button;
}
