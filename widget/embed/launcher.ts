import { launcherSheet } from "./launcher-style.ts";

const ICON = "M12 4c4.7 0 8.5 3.1 8.5 7s-3.8 7-8.5 7c-1 0-2-.1-2.9-.4L4.5 19.5l1-3.4C4.2 14.8 3.5 13 3.5 11c0-3.9 3.8-7 8.5-7z";

/**
 * Put in by the build: what the launcher says before the words are loaded, by the first two letters of a language's
 * tag.
 */
declare const FRONTDESK_OPEN_CHAT: Readonly<Record<string, string>>;
const OPEN_CHAT = FRONTDESK_OPEN_CHAT;

let sheet: CSSStyleSheet | undefined;

/**
 * Draws the launcher into the shadow root that the full element will take over. Returns the button; it is to be removed
 * when the element has drawn its own in the same place.
 */
export function drawLauncher(host: HTMLElement): HTMLElement {
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [(sheet ??= launcherSheet())];
  const accent = host.getAttribute("accent");
  if (accent && CSS.supports("color", accent)) host.style.setProperty("--frontdesk-accent", accent);
  const language = (host.closest<HTMLElement>("[lang]")?.lang || navigator.language).slice(0, 2);
  const label = OPEN_CHAT[language] ?? OPEN_CHAT["en"]!;
  const button = make("button", { part: "launcher", "aria-label": label, "aria-expanded": "false" });
  const icon = make("svg", { viewBox: "0 0 24 24" }, SVG);
  icon.append(make("path", { d: ICON }, SVG));
  const slot = make("slot", { name: "launcher" });
  slot.append(icon);
  button.append(slot);
  root.append(button);
  return button as HTMLElement;
}

const SVG = "2000/svg";

/** Makes an element of HTML, or of another namespace of the W3C. */
export function make(name: string, attributes: Readonly<Record<string, string | undefined>>, space = "1999/xhtml"): Element {
  const element = document.createElementNS("http://www.w3.org/" + space, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value!);
  return element;
}
