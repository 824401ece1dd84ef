import { make } from "./launcher.ts";

/** Put in by the build: the panel's file, and its SHA-256 as `integrity` has it. */
declare const FRONTDESK_PANEL: readonly [file: string, integrity: string];

let fetched: Promise<unknown> | undefined;

/**
 * Lets the browser fetch and check the panel's file, and not run it. `import` takes it from there. It has to wait,
 * because on its own it would fetch again, unchecked, what the check refused.
 */
export function hint(address: string): Promise<unknown> {
  fetched ??= new Promise((onload, onerror) => {
    const link = make("link", { rel: "modulepreload", integrity: FRONTDESK_PANEL[1], href: new URL(FRONTDESK_PANEL[0], address).href });
    document.head.append(Object.assign(link, { onload, onerror }));
  });
  fetched.catch(() => (fetched = undefined));
  return fetched;
}

/** Loads the panel, which defines the element. A failed try can be repeated. */
export function load(address: string): Promise<unknown> {
  return hint(address).then(() => import(/* @vite-ignore */ new URL(FRONTDESK_PANEL[0], address).href));
}
