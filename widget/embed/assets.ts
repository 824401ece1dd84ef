/** Put in by the build: what the panel needs, the entry first, each with its SHA-384. */
declare const FRONTDESK_ASSETS: readonly (readonly [file: string, integrity: string])[];

let loading: Promise<unknown> | undefined;
let tries = 0;
let hinted = false;

/** Lets the browser fetch and check the panel's files, and run none of them. */
export function hint(address: string): void {
  if (hinted) return;
  hinted = true;
  for (const [file, integrity] of FRONTDESK_ASSETS) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.crossOrigin = "anonymous";
    link.integrity = integrity;
    link.href = new URL(file, address).href;
    document.head.append(link);
  }
}

/** Loads the panel, which defines the element. A failed try can be repeated. */
export function load(address: string): Promise<unknown> {
  hint(address);
  // A browser may remember that an address failed: another try needs another.
  const again = tries === 0 ? "" : `?${tries}`;
  loading ??= import(/* @vite-ignore */ new URL(FRONTDESK_ASSETS[0]![0] + again, address).href).catch((error: unknown) => {
    loading = undefined;
    tries += 1;
    throw error;
  });
  return loading;
}
