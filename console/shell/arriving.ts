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
}

function begins(main: HTMLElement): boolean {
  const heading = main.querySelector<HTMLElement>("h1");
  heading?.setAttribute("tabindex", "-1");
  const beginning = main.querySelector<HTMLElement>("[autofocus]") ?? heading;
  beginning?.focus({ preventScroll: true });
  return beginning !== null;
}
