/**
 * `frontdesk.js`, the pasted script: puts the element on the page and draws its launcher; loads the rest when the
 * launcher is pressed, and has it fetched (not run) when the page is idle or the pointer comes near. Running it twice
 * is harmless.
 */
import { dress } from "./embed/dress.ts";
import { make } from "./embed/launcher.ts";
import { readScriptTag } from "./embed/script-tag.ts";
import type { ScriptTag } from "./embed/script-tag.ts";

const KEY = Symbol.for("frontdesk.embed");
const OURS = "data-frontdesk";
const page = globalThis as { [KEY]?: (tag: ScriptTag) => void };

/** One script may be on the page several times, in several versions: the first one serves all tags. */
function begin(first: ScriptTag): (tag: ScriptTag) => void {
  const placed = new Map<string, HTMLElement>();
  const dressed = new WeakSet<Element>();
  const { documentElement } = document;
  let body: HTMLElement | undefined;

  const meet = (element: Element): void => {
    if (dressed.has(element)) return;
    dressed.add(element);
    dress(element as HTMLElement, first);
  };
  const find = (node: Node): void => {
    if (!(node instanceof Element)) return;
    if (node.localName === "front-desk") meet(node);
    else for (const element of node.querySelectorAll("front-desk")) meet(element);
  };
  /** Puts back what a swap of the page's body took away; what the swap brought along as a copy goes. */
  const place = (): void => {
    body = document.body;
    for (const [key, element] of placed) {
      if (element.isConnected) continue;
      for (const copy of document.querySelectorAll(`[${OURS}="${key}"]`)) copy.remove();
      body.append(element);
      meet(element);
    }
  };
  const wasSwept = ({ removedNodes }: MutationRecord): boolean =>
    // Taken out alone, it was meant.
    removedNodes.length > 1 && [...placed.values()].some((element) => [...removedNodes].includes(element));

  const ready = (): void => {
    place();
    find(documentElement);
    new MutationObserver((records) => {
      if (document.body !== null && (document.body !== body || records.some(wasSwept))) place();
      for (const { addedNodes } of records) for (const node of addedNodes) if (node.isConnected) find(node);
    }).observe(documentElement, { childList: true, subtree: true });
  };

  return (tag) => {
    const { attributes, server } = tag;
    const { assistant, id } = attributes;
    const key = [server, assistant, id].join(" ");
    if (assistant && !placed.has(key)) {
      placed.set(key, make("front-desk", { ...attributes, server, [OURS]: key }) as HTMLElement);
    }
    if (body) place();
    else if (document.readyState !== "loading") ready();
    else if (tag === first) document.addEventListener("DOMContentLoaded", ready);
  };
}

const tag = readScriptTag();
if (tag !== undefined) (page[KEY] ??= begin(tag))(tag);
