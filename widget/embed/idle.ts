/** Runs when the page has loaded and has nothing else to do. */
export function idle(run: () => void): void {
  const soon = (): void => {
    // A page that never rests keeps its customers waiting no longer. Safari has no idle callback; its timer takes the
    // options for no time at all.
    ((globalThis.requestIdleCallback ?? setTimeout) as typeof requestIdleCallback)(run, { timeout: 2000 });
  };
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
}
