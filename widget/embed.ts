/**
 * `frontdesk.js`, the pasted script: puts the element on the page and draws its launcher; loads the rest when the
 * launcher is pressed, and has it fetched (not run) when somebody does something on the page. Running it twice is
 * harmless.
 */
import { dress, NAME } from "./embed/dress.ts";
import { idle } from "./embed/idle.ts";
import { add, isCopy, place, settle } from "./embed/placed.ts";
import { readScriptTag } from "./embed/script-tag.ts";
import type { ScriptTag } from "./embed/script-tag.ts";

const KEY = Symbol.for("frontdesk.embed");
const NO_CHAT =
  'frontdesk.js: no chat. Its tag needs data-assistant (consent tools may drop it), or the page <front-desk>. Bundles import "frontdesk"';
const page = globalThis as { [KEY]?: (tag: ScriptTag) => void };

/** One script may be on the page several times, in several versions: the first one serves all tags. */
function begin(first: ScriptTag): (tag: ScriptTag) => void {
  const meet = (element: Element): void => {
    if (isCopy(element)) element.remove();
    else if (!("send" in element)) dress(element as HTMLElement, first);
  };
  const find = (node: Node): void => {
    if (!(node instanceof Element)) return;
    if (node.localName === NAME) meet(node);
    else node.querySelectorAll(NAME).forEach(meet);
  };
  let ready = (): void => {
    ready = place;
    idle(() => {
      settle();
      if (!document.querySelector(NAME)) console.warn(NO_CHAT);
    });
    place();
    find(document.documentElement);
    new MutationObserver((records) => {
      place();
      for (const { addedNodes } of records) for (const node of addedNodes) if (node.isConnected) find(node);
    }).observe(document.documentElement, { childList: true, subtree: true });
  };

  return (tag) => {
    add(tag);
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => ready());
    else ready();
  };
}

const tag = readScriptTag();
if (tag) (page[KEY] ??= begin(tag))(tag);
else console.warn(NO_CHAT);
