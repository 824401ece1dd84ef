import { make } from "./launcher.ts";
import type { ScriptTag } from "./script-tag.ts";

const OURS = "data-frontdesk";

/**
 * What the script itself puts on the page. Each has a companion, an empty text beside it: a swap or a morph of the page
 * takes both, or writes into the companion; somebody who wants the chat gone takes the element alone.
 */
const placed = new Map<string | null, readonly [element: HTMLElement, companion: Text]>();
let isSettled = false;

/** Makes the element that a tag asks for, unless it did before. It waits for `place`. */
export function add({ attributes, server }: ScriptTag): void {
  const { assistant, id } = attributes;
  const key = [server, assistant, id].join(" ");
  if (assistant && !placed.has(key))
    placed.set(key, [make("front-desk", { ...attributes, server, [OURS]: key }) as HTMLElement, new Text()]);
}

/** Whether this is a copy of one of ours, which the page's library kept of an earlier page. */
export function isCopy(element: Element): boolean {
  return (placed.get(element.getAttribute(OURS)) ?? [element])[0] !== element;
}

/** Puts what is not there, because it is new or was swept away, on the page. */
export function place(): void {
  for (const [element, companion] of placed.values())
    if (document.body && !element.isConnected && (!companion.isConnected || companion.data)) put(element, companion);
}

/** Moves floating elements beside the body, where no swap, morph or style of the body reaches them. */
export function settle(): void {
  isSettled = true;
  for (const [element, companion] of placed.values())
    if (element.parentNode === document.body && !element.matches("[open],:focus-within")) put(element, companion);
}

function put(element: HTMLElement, companion: Text): void {
  const { body, documentElement } = document;
  const isBeside = isSettled && element.getAttribute("mode") !== "inline";
  if (isBeside) for (const name of ["lang", "dir"] as const) if (body[name]) element[name] ||= body[name];
  companion.data = "";
  (isBeside ? documentElement : body).append(element, companion);
}
