import { launcherStyle } from "./launcher-style.ts";

const ICON = "M12 4c4.7 0 8.5 3.1 8.5 7s-3.8 7-8.5 7c-1 0-2-.1-2.9-.4L4.5 19.5l1-3.4C4.2 14.8 3.5 13 3.5 11c0-3.9 3.8-7 8.5-7z";

/**
 * Put in by the build: what the launcher says before the words are loaded, by the first two letters of a language's
 * tag.
 */
declare const FRONTDESK_LAUNCHER_WORDS: Readonly<Record<string, readonly [openChat: string, notLoaded: string]>>;
export const WORDS = FRONTDESK_LAUNCHER_WORDS;

/** Made by the engine, not by markup: a policy without inline styles allows it. */
let sheet: CSSStyleSheet | undefined;

/**
 * Draws the launcher into the shadow root that the full element will take over. Returns the button; it is to be removed
 * when the element has drawn its own in the same place.
 */
export function drawLauncher(host: HTMLElement): HTMLElement {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(launcherStyle);
  }
  root.adoptedStyleSheets = [sheet];
  const accent = host.getAttribute("accent");
  if (accent && CSS.supports("color", accent)) host.style.setProperty("--frontdesk-accent", accent);
  const button = make("button", { part: "launcher", "aria-label": wordsOf(host)[0], "aria-expanded": "false" });
  const icon = make("svg", { viewBox: "0 0 24 24" });
  icon.append(make("path", { d: ICON }));
  const slot = make("slot", { name: "launcher" });
  slot.append(icon);
  button.append(slot);
  root.append(button);
  return button as HTMLElement;
}

/** Lets the launcher say that the chat could not be loaded. It can still be pressed, for another try. */
export function drawTrouble(button: HTMLElement, host: HTMLElement): void {
  button.textContent = button.ariaLabel = wordsOf(host)[1];
  button.ariaBusy = null;
}

function wordsOf(host: HTMLElement): readonly [openChat: string, notLoaded: string] {
  const language = (host.closest<HTMLElement>("[lang]")?.lang || navigator.language).slice(0, 2);
  return WORDS[language] ?? WORDS["en"]!;
}

/** Makes an element of HTML, or one of the icon. */
export function make(name: string, attributes: Readonly<Record<string, string | undefined>>): Element {
  const space = name === "svg" || name === "path" ? "2000/svg" : "1999/xhtml";
  const element = document.createElementNS("http://www.w3.org/" + space, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value!);
  return element;
}
