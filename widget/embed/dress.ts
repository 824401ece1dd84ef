import { OPEN, OUTBOX, placeKey, UNREAD } from "../controllers/place.ts";
import { hint, load } from "./assets.ts";
import { idle } from "./idle.ts";
import { drawLauncher } from "./launcher.ts";
import type { ScriptTag } from "./script-tag.ts";

export const NAME = "front-desk";

/** What people do before they press anything. */
const SIGNS = ["pointerover", "keydown"] as const;

/** The methods of the element that can be called before it is loaded; each then returns a promise. */
const METHODS = ["open", "close", "send", "newConversation"] as const;

type Full = HTMLElement & Record<(typeof METHODS)[number], (...given: unknown[]) => unknown> & { updateComplete?: Promise<unknown> };

/** Makes one `<front-desk>` useful until its code is there: a launcher, and methods that load it. */
export function dress(plain: HTMLElement, { address, server }: ScriptTag): void {
  const element = plain as Full;
  // Another script, or the page's own bundle, was first.
  let isDressed = customElements.get(NAME) === undefined;
  if (!isDressed) return;
  if (!element.getAttribute("server")) element.setAttribute("server", server);

  let button: HTMLElement | undefined;
  const takeOff = (): void => {
    isDressed = false;
    for (const name of METHODS) delete (element as Partial<Full>)[name];
    // One that is out of the page now is not upgraded by itself.
    customElements.upgrade(element);
    // The full element draws before the next paint: nobody sees two launchers, or none.
    void element.updateComplete?.then(() => {
      button?.remove();
    });
  };
  const complete = async (): Promise<void> => {
    if (button) button.ariaBusy = "true";
    try {
      await load(address);
    } catch (error) {
      console.error(`${address} could not load the chat`);
      throw error;
    } finally {
      if (button) button.ariaBusy = null;
    }
  };
  const nothing = (): void => {};
  for (const name of METHODS) element[name] = (...given) => complete().then(() => element[name](...given));

  const isInline = element.getAttribute("mode") === "inline";
  if (!isInline)
    // In a task of its own: it takes as long as all the rest.
    setTimeout(() => {
      if (!isDressed) return;
      button = drawLauncher(element);
      button.addEventListener("click", () => complete().then(() => element.open(), nothing));
    });
  idle(() => {
    if (!isDressed) return;
    // Not earlier: the first access to the storage is the slowest step here.
    const [isOpen, hasNews] = kept(element);
    if (isOpen && !isInline) element.setAttribute("open", "");
    // Some pages hide what is not defined yet; what they hide then, they mean.
    const isHidden = !element.hidden && getComputedStyle(element).display === "none";
    if (isInline || isOpen || hasNews || isHidden) return void complete().catch(nothing);
    // Whoever saves data is not on the way to the chat before the pointer is on its button.
    const where = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData ? element : globalThis;
    for (const sign of SIGNS) where.addEventListener(sign, () => void hint(address), { capture: true, once: true });
  });
  // If there are several elements, one of them loads the code for all.
  void customElements.whenDefined(NAME).then(takeOff);
}

/** What an earlier page view left behind: an open panel; unread answers or unsent messages. A blocked storage left nothing. */
function kept(element: HTMLElement): [isOpen?: boolean, hasNews?: boolean] {
  const key = placeKey({ server: element.getAttribute("server")!, assistant: element.getAttribute("assistant")!, name: element.id });
  try {
    return [key + OPEN in sessionStorage, Object.keys(localStorage).some((name) => name.startsWith(key + OUTBOX) || name === key + UNREAD)];
  } catch {
    return [];
  }
}
