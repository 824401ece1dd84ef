/** Runs when the page has loaded and has nothing else to do. */
export function idle(run: () => void): void {
  const soon = (): void => {
    // Safari has no idle callback.
    if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: 5_000 });
    else setTimeout(run, 500);
  };
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
}
