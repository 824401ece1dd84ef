/**
 * `frontdesk.js`, the pasted script: puts the element on the page and draws its launcher; loads the rest when the
 * launcher is pressed, and has it fetched (not run) when somebody does something on the page. Running it twice is
 * harmless.
 */
import { dress, NAME } from "./embed/dress.ts";
import { idle } from "./embed/idle.ts";
import { make } from "./embed/launcher.ts";
import { readScriptTag } from "./embed/script-tag.ts";
import type { ScriptTag } from "./embed/script-tag.ts";

const KEY = Symbol.for("frontdesk.embed");
const OURS = "data-frontdesk";
const NO_CHAT = `frontdesk.js: no chat. Add data-assistant or <${NAME}>; bundles import "frontdesk"`;
const page = globalThis as { [KEY]?: (tag: ScriptTag) => void };

/** One script may be on the page several times, in several versions: the first one serves all tags. */
function begin(first: ScriptTag): (tag: ScriptTag) => void {
  /**
   * What the script itself puts on the page. Each has a companion, an empty text beside it: a swap or a morph of the
   * page takes both, or writes into the companion; somebody who wants the chat gone takes the element alone.
   */
  const placed = new Map<string | null, readonly [element: HTMLElement, companion: Text]>();
  const { documentElement } = document;
  let isIdle = false;

  const meet = (element: Element): void => {
    const own = placed.get(element.getAttribute(OURS))?.[0];
    // A copy, which the page's library kept of an earlier page.
    if (own && own !== element) element.remove();
    else if (!("send" in element)) dress(element as HTMLElement, first);
  };
  const find = (node: Node): void => {
    if (!(node instanceof Element)) return;
    if (node.localName === NAME) meet(node);
    else node.querySelectorAll(NAME).forEach(meet);
  };
  const place = (): void => {
    for (const [element, companion] of placed.values())
      if (document.body && !element.isConnected && (!companion.isConnected || companion.data)) {
        put(element, companion, isIdle);
        meet(element);
      }
  };
  let ready = (): void => {
    ready = place;
    idle(() => {
      isIdle = true;
      for (const [element, companion] of placed.values())
        if (element.parentNode === document.body && !element.matches("[open],:focus-within")) put(element, companion, isIdle);
      if (!document.querySelector(NAME)) console.warn(NO_CHAT);
    });
    place();
    find(documentElement);
    new MutationObserver((records) => {
      place();
      for (const { addedNodes } of records) for (const node of addedNodes) if (node.isConnected) find(node);
    }).observe(documentElement, { childList: true, subtree: true });
  };

  return ({ attributes, server }) => {
    const { assistant, id } = attributes;
    const key = String([server, assistant, id]);
    if (assistant && !placed.has(key)) {
      const element = make(NAME, { ...attributes, server, [OURS]: key }) as HTMLElement;
      placed.set(key, [element, new Text()]);
    }
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => ready());
    else ready();
  };
}

/** Beside the body, no swap, morph or style of the body reaches the chat. */
function put(element: HTMLElement, companion: Text, isIdle: boolean): void {
  const { body, documentElement } = document;
  const isBeside = isIdle && element.getAttribute("mode") !== "inline";
  if (isBeside) for (const name of ["lang", "dir"] as const) if (body[name]) element[name] ||= body[name];
  companion.data = "";
  (isBeside ? documentElement : body).append(element, companion);
}

const tag = readScriptTag();
if (tag) (page[KEY] ??= begin(tag))(tag);
else console.warn(NO_CHAT);
