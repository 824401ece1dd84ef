import { OPEN, OUTBOX, placeKey, UNREAD } from "../controllers/place.ts";
import { hint, load } from "./assets.ts";
import { idle } from "./idle.ts";
import { drawBadge, drawLauncher, drawTrouble, WORDS } from "./launcher.ts";
import type { ScriptTag } from "./script-tag.ts";

const NAME = "front-desk";

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
      const root = element.shadowRoot!;
      const hadFocus = button && root.activeElement === button;
      button?.remove();
      if (hadFocus) root.querySelector<HTMLElement>("[part=launcher]")?.focus();
    });
  };
  const complete = (): Promise<unknown> => {
    if (button) button.ariaBusy = "true";
    return load(address).catch((error: unknown) => {
      console.error(address, WORDS["en"]![1], error);
      if (button) drawTrouble(button, element);
      throw error;
    });
  };
  const nothing = (): void => {};
  for (const name of METHODS) element[name] = (...given) => complete().then(() => element[name](...given));

  const isInline = element.getAttribute("mode") === "inline";
  if (!isInline) {
    button = drawLauncher(element);
    button.addEventListener("pointerenter", () => void hint(address));
    button.addEventListener("click", () => complete().then(() => element.open(), nothing));
  }
  idle(() => {
    if (!isDressed) return;
    // Not earlier: the first access to the storage is the slowest step here.
    const [isOpen, unread, isUnsent] = kept(element);
    if (button) {
      if (unread) drawBadge(button, unread);
      if (isOpen) element.setAttribute("open", "");
    }
    if (isInline || isOpen || isUnsent) complete().catch(nothing);
    else if (!(navigator as { connection?: { saveData?: boolean } }).connection?.saveData) void hint(address);
  });
  // If there are several elements, one of them loads the code for all.
  void customElements.whenDefined(NAME).then(takeOff);
}

/** What an earlier page view left behind. A blocked storage left nothing. */
function kept(element: HTMLElement): [isOpen?: boolean, unread?: string, isUnsent?: boolean] {
  const attribute = (name: string): string => element.getAttribute(name) ?? "";
  const key = placeKey({ server: attribute("server"), assistant: attribute("assistant"), name: element.id });
  try {
    return [
      key + OPEN in sessionStorage,
      localStorage[key + UNREAD] as string,
      Object.keys(localStorage).some((other) => other.startsWith(key + OUTBOX)),
    ];
  } catch {
    return [];
  }
}
