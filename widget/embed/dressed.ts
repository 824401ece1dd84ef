import { OPEN, OUTBOX, placeKey, UNREAD } from "../controllers/place.ts";
import { hint, load } from "./assets.ts";
import { drawLauncher } from "./launcher.ts";
import { idle } from "./idle.ts";
import type { ScriptTag } from "./script-tag.ts";

/** The methods of the element that can be called before it is loaded. `send` then returns no id. */
const METHODS = ["open", "close", "send", "newConversation"] as const;

type Full = HTMLElement & Record<(typeof METHODS)[number], (...given: unknown[]) => unknown> & { updateComplete: Promise<unknown> };

/** One `<front-desk>` until its code is there: a launcher, and methods that load it. */
export class Dressed {
  readonly #element: HTMLElement;
  readonly #address: string;
  #button: HTMLButtonElement | undefined;
  #full = false;

  constructor(element: HTMLElement, { address, server }: ScriptTag) {
    this.#element = element;
    this.#address = address;
    // Another script, or the page's own bundle, was first.
    if (customElements.get("front-desk") !== undefined) {
      this.#full = true;
      return;
    }
    if (!element.hasAttribute("server")) element.setAttribute("server", server);
    for (const name of METHODS) Object.assign(element, { [name]: (...given: unknown[]) => this.#call(name, given) });
    const kept = this.#kept();
    const isInline = element.getAttribute("mode") === "inline";
    if (!isInline) this.#draw(kept.unread);
    if (kept.isOpen && !isInline) element.setAttribute("open", "");
    idle(() => {
      if (isInline || kept.isOpen || kept.isUnsent) void this.#load().catch(() => {});
      else if (!(navigator as { connection?: { saveData?: boolean } }).connection?.saveData) hint(address);
    });
  }

  /** The element is in the page (again): loaded meanwhile, it has become the full one. */
  connected(): void {
    if (!this.#full && customElements.get("front-desk") !== undefined) this.#takeOff();
  }

  #draw(unread: string | null): void {
    const button = drawLauncher(this.#element, unread);
    this.#button = button;
    for (const near of ["pointerenter", "pointerdown", "focus"]) button.addEventListener(near, () => hint(this.#address), { once: true });
    button.addEventListener("click", () => void this.#call("open", []).catch(() => {}));
  }

  async #call(name: (typeof METHODS)[number], given: unknown[]): Promise<unknown> {
    this.#button?.setAttribute("aria-busy", "true");
    try {
      await this.#load();
    } finally {
      this.#button?.removeAttribute("aria-busy");
    }
    return (this.#element as Full)[name](...given);
  }

  async #load(): Promise<void> {
    try {
      await load(this.#address);
      this.connected();
    } catch (error) {
      console.error(
        `Frontdesk: the chat could not be loaded from ${this.#address}. Check the network and the page's script-src policy.`,
        error,
      );
      throw error;
    }
  }

  #takeOff(): void {
    const element = this.#element as Full;
    this.#full = true;
    for (const name of METHODS) delete (element as Partial<Full>)[name];
    // The full element draws before the browser does: nobody sees two launchers, or none.
    void element.updateComplete?.then(() => {
      const hadFocus = element.shadowRoot?.activeElement === this.#button && this.#button !== undefined;
      this.#button?.remove();
      if (hadFocus) element.shadowRoot?.querySelector<HTMLElement>("[part=launcher]")?.focus();
    });
  }

  /** What an earlier page view left behind. A blocked storage left nothing. */
  #kept(): { unread: string | null; isOpen: boolean; isUnsent: boolean } {
    try {
      const { server, assistant, name } = {
        server: this.#attribute("server"),
        assistant: this.#attribute("assistant"),
        name: this.#element.id,
      };
      const key = placeKey({ server, assistant, name });
      const isUnsent = Object.keys(localStorage).some((other) => other.startsWith(key + OUTBOX));
      return { unread: localStorage.getItem(key + UNREAD), isOpen: sessionStorage.getItem(key + OPEN) !== null, isUnsent };
    } catch {
      return { unread: null, isOpen: false, isUnsent: false };
    }
  }

  #attribute(name: string): string {
    return this.#element.getAttribute(name) ?? "";
  }
}
