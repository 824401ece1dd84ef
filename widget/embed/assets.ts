import { make } from "./launcher.ts";

/** Put in by the build: what the panel needs, the entry first, each with its SHA-256. */
declare const FRONTDESK_ASSETS: readonly (readonly [file: string, hash: string])[];

let fetched: Promise<unknown> | undefined;

/**
 * Lets the browser fetch and check the panel's files, and run none of them. `import` takes them from there. It has to
 * wait, because on its own it would fetch again, unchecked, what the check refused.
 */
export function hint(address: string): Promise<unknown> {
  fetched ??= Promise.all(
    FRONTDESK_ASSETS.map(
      ([file, hash]) =>
        new Promise((onload, onerror) => {
          const link = make("link", { rel: "modulepreload", integrity: "sha256-" + hash, href: new URL(file, address).href });
          document.head.append(Object.assign(link, { onload, onerror }));
        }),
    ),
  );
  fetched.catch(() => (fetched = undefined));
  return fetched;
}

/** Loads the panel, which defines the element. A failed try can be repeated. */
export function load(address: string): Promise<unknown> {
  return hint(address).then(() => import(/* @vite-ignore */ new URL(FRONTDESK_ASSETS[0]![0], address).href));
}
