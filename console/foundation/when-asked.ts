import type { ReactiveControllerHost } from "lit";
import { PLACE_CHANGED, router } from "./router.ts";

/** Does something of a screen that an address asks for once, such as `?do=invite`. */
export function whenAsked(host: ReactiveControllerHost, name: string, act: () => void): void {
  const look = (): void => {
    const { do: asked, ...rest } = Object.fromEntries(router.place.query);
    if (asked !== name) return;
    router.restate(rest);
    act();
  };
  host.addController({
    hostConnected: () => {
      router.addEventListener(PLACE_CHANGED, look);
      look();
    },
    hostDisconnected: () => router.removeEventListener(PLACE_CHANGED, look),
  });
}
