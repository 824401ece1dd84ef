import type { Replies } from "../../protocol/frames.ts";

/** A window in the middle of the screen, large enough for a sign-in. */
const WIDTH_PX = 520;
const HEIGHT_PX = 720;
/** No event reports that another window was closed. */
const LOOK_MS = 500;

/**
 * The window in which a customer signs in at another server. Its first page is our server's: it asks its opener for the
 * `proof` that `connection-start` gave, so that nobody can be sent into somebody else's sign-in. Only that window, on
 * that origin, with the ticket of that very address is answered.
 */
export class SignInWindow {
  #window: Window | null = null;
  #ended = new AbortController();
  #looking: ReturnType<typeof setInterval> | undefined;

  /**
   * Opens it empty but for `text`. Call it in the press itself: later, browsers block it as a pop-up. False: it was not
   * allowed to open.
   */
  open(text: string): boolean {
    this.end();
    const left = screenX + (outerWidth - WIDTH_PX) / 2;
    const top = screenY + (outerHeight - HEIGHT_PX) / 2;
    this.#window = window.open("", "_blank", `popup,width=${WIDTH_PX},height=${HEIGHT_PX},left=${left},top=${top}`);
    this.#window?.document.body.append(text);
    return this.#window !== null;
  }

  /**
   * Goes to the sign-in, or waits for the window that a link opens. Calls `left` once if it is closed. Throws
   * `TypeError` for an address that is no web page.
   */
  lead({ url, proof }: Replies["connection-start"], left: () => void): void {
    const address = new URL(url);
    if (!/^https?:$/.test(address.protocol)) throw new TypeError(`${address.protocol} is no web page.`);
    const expected = address.pathname.split("/").at(-1);
    this.#ended = new AbortController();
    const listen = ({ data, origin, source }: MessageEvent<unknown>): void => {
      const { type, ticket } = (data ?? {}) as { readonly type?: unknown; readonly ticket?: unknown };
      if (origin !== address.origin || type !== "frontdesk:connect" || ticket !== expected) return;
      // A window opened by a link is known by its first message: no other window has its ticket.
      this.#window ??= source as Window | null;
      if (source !== this.#window) return;
      this.#window?.postMessage({ type: "frontdesk:proof", ticket, proof }, address.origin);
    };
    addEventListener("message", listen, { signal: this.#ended.signal });
    if (this.#window === null) return;
    this.#window.location.href = address.href;
    this.#looking = setInterval(() => {
      if (this.#window?.closed !== true) return;
      clearInterval(this.#looking);
      left();
    }, LOOK_MS);
  }

  show(): void {
    this.#window?.focus();
  }

  /** The sign-in could not begin. */
  close(): void {
    this.#window?.close();
    this.end();
  }

  /** Stops answering; the window stays as it is. */
  end(): void {
    this.#ended.abort();
    clearInterval(this.#looking);
    this.#window = null;
  }
}
