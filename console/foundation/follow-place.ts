import type { ReactiveControllerHost } from "lit";
import { PLACE_CHANGED, router } from "./router.ts";

/** Hears of every change of the address while its host is on the page. */
export function followPlace(host: ReactiveControllerHost, changed: () => void): void {
  host.addController({
    hostConnected: () => router.addEventListener(PLACE_CHANGED, changed),
    hostDisconnected: () => router.removeEventListener(PLACE_CHANGED, changed),
  });
}

/** For what is read by the address: `again` is called when `asked` says something else, and the host is drawn anew. */
export function followAsked(host: ReactiveControllerHost, asked: () => unknown, again: () => void): void {
  let before = "";
  const now = (): string => JSON.stringify(asked());
  host.addController({ hostConnected: () => (before = now()) });
  followPlace(host, () => {
    if (now() !== before) again();
    before = now();
    host.requestUpdate();
  });
}
