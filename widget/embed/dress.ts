import { CALL, OPEN, OUTBOX, placeKey, UNREAD } from "../controllers/place.ts";
import { hint, load } from "./assets.ts";
import { idle } from "./idle.ts";
import { drawLauncher, drawTrouble, WORDS } from "./launcher.ts";
import type { ScriptTag } from "./script-tag.ts";

export const NAME = "front-desk";

/** What people do before they press anything. */
const SIGNS = ["pointerover", "keydown"] as const;

/** The methods of the element that can be called before it is loaded; each then returns a promise. */
const METHODS = ["open", "close", "send", "newConversation", "logout", "identify", "registerTool"] as const;

type Full = HTMLElement & Record<(typeof METHODS)[number], (...given: unknown[]) => unknown> & { updateComplete?: Promise<unknown> };

/** Makes one `<front-desk>` useful until its code is there: a launcher, and methods that load it. */
export function dress(plain: HTMLElement, { address, server }: ScriptTag): void {
  const element = plain as Full;
  // Another script, or the page's own bundle, was first.
  let isDressed = !customElements.get(NAME);
  if (!isDressed) return;
  if (!element.getAttribute("server")) element.setAttribute("server", server);

  let button: HTMLElement | undefined;
  const takeOff = (): void => {
    isDressed = false;
    for (const name of METHODS) delete (element as Partial<Full>)[name];
    // One that is out of the page now is not upgraded by itself.
    customElements.upgrade(element);
    // The full element draws before the next paint: nobody sees two launchers, or none.
    void element.updateComplete?.then(() => button?.remove());
  };
  const complete = (): Promise<unknown> => {
    if (button) button.ariaBusy = "true";
    return load(address).catch((error: unknown) => {
      console.error(address, WORDS["en"]![1], error);
      if (button) drawTrouble(button, element);
      throw error;
    });
  };
  // Who the customer is, and what the page can do, matters to those who open the chat.
  for (const name of METHODS)
    element[name] = (...given) => (/^[ir]/.test(name) ? customElements.whenDefined(NAME) : complete()).then(() => element[name](...given));

  const isInline = element.getAttribute("mode") === "inline";
  if (!isInline)
    // In a task of its own: it takes as long as all the rest.
    setTimeout(() => {
      if (!isDressed) return;
      button = drawLauncher(element);
      button.addEventListener("click", () =>
        complete().then(
          () => element.open(),
          () => {},
        ),
      );
    });
  const fill = (): unknown => complete().catch(() => {});
  idle(() => {
    if (!isDressed) return;
    // Not earlier: the first access to the storage is the slowest step here.
    const isOpen = isKept(element, (key) => key + OPEN in sessionStorage);
    if (isOpen && !isInline) element.setAttribute("open", "");
    const isOffering = element.getAttribute("offertools") && "modelContext" in document;
    // A call that was on goes on. What is offered to the browser's assistant is there before anybody presses.
    if (isInline || isOpen || isOffering || isKept(element, (key) => key + CALL in sessionStorage)) return void fill();
    onSign(globalThis, () => somebodyIs(element, address, fill));
    // Once that is drawn: before, the question would have the page laid out.
    idle(() => {
      // Some pages hide what is not defined yet; what they hide then, they mean.
      if (isDressed && !element.hidden && getComputedStyle(element).display === "none") fill();
    });
  });
  // If there are several elements, one of them loads the code for all.
  void customElements.whenDefined(NAME).then(takeOff);
}

/** There is somebody on the page. */
function somebodyIs(element: HTMLElement, address: string, fill: () => unknown): void {
  // Unread answers, unsent messages.
  if (isKept(element, (key) => Object.keys(localStorage).some((name) => name.startsWith(key + OUTBOX) || name === key + UNREAD))) fill();
  // Whoever saves data is not on the way to the chat before the pointer is on its button.
  else if ((navigator as { connection?: { saveData?: boolean } }).connection?.saveData) onSign(element, () => hint(address));
  else void hint(address);
}

function onSign(where: EventTarget, then: () => unknown): void {
  for (const sign of SIGNS) where.addEventListener(sign, then, { capture: true, once: true });
}

/** Whether an earlier page view left something behind in the storage. One that is blocked holds nothing. */
function isKept(element: HTMLElement, look: (key: string) => boolean): boolean | undefined {
  try {
    return look(placeKey({ server: element.getAttribute("server")!, assistant: element.getAttribute("assistant")!, name: element.id }));
  } catch {
    return undefined;
  }
}
