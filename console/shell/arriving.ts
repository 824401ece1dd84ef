/** Whoever comes to a screen begins at its heading, or at the first field of a form that is there to be filled in. */
export class Arriving {
  #watched: MutationObserver | undefined;

  /** The heading may come with what the screen loads: until then it is waited for, unless the person has gone on. */
  begin(main: HTMLElement): void {
    this.#watched?.disconnect();
    if (begins(main)) return;
    const from = document.activeElement;
    const watched = new MutationObserver(() => {
      const hasGoneOn = document.activeElement !== document.body && document.activeElement !== from;
      if (hasGoneOn || begins(main)) watched.disconnect();
    });
    watched.observe(main, { childList: true, subtree: true });
    this.#watched = watched;
  }

  /** Another part of the same screen: who was at `from` stays there, or, if it went with its part, begins at the new one. */
  follow(main: HTMLElement, from: Element | null): void {
    this.#watched?.disconnect();
    if (from === null || from === document.body) return;
    const watched = new MutationObserver(() => {
      if (from.isConnected) return;
      if (document.activeElement !== document.body || beginsAt(main.querySelector<HTMLElement>("h2"))) watched.disconnect();
    });
    watched.observe(main, { childList: true, subtree: true });
    this.#watched = watched;
    if (!from.isConnected && document.activeElement === document.body) beginsAt(main.querySelector<HTMLElement>("h2"));
  }
}

function begins(main: HTMLElement): boolean {
  return beginsAt(main.querySelector<HTMLElement>("[data-begins]") ?? main.querySelector<HTMLElement>("h1"));
}

function beginsAt(beginning: HTMLElement | null): boolean {
  if (beginning?.matches("h1, h2") === true) beginning.setAttribute("tabindex", "-1");
  beginning?.focus({ preventScroll: true });
  return beginning !== null;
}
