/** Longer than a page that never rests may keep its customers waiting. */
const LATEST = { timeout: 2000 };

/** Runs when the page has loaded and has nothing else to do. */
export function idle(run: () => void): void {
  const soon = (): void => {
    // Safari has no idle callback; its timer takes the options for no time at all.
    ((globalThis.requestIdleCallback ?? setTimeout) as typeof requestIdleCallback)(run, LATEST);
  };
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
}
