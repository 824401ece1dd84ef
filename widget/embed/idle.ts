/** Runs when the page has loaded and has nothing else to do. */
export function idle(run: () => void): void {
  const soon = (): void => {
    // Safari has no idle callback.
    (globalThis.requestIdleCallback ?? setTimeout)(run);
  };
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
}
