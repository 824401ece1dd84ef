/** Put in by the build: what the panel needs, the entry first, each with its SHA-256. */
declare const FRONTDESK_ASSETS: readonly (readonly [file: string, hash: string])[];

let loading: Promise<unknown> | undefined;
let tries = "";
let hinted = false;

/** Lets the browser fetch and check the panel's files, and run none of them. */
export function hint(address: string): void {
  if (hinted) return;
  hinted = true;
  for (const [file, hash] of FRONTDESK_ASSETS) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.integrity = `sha256-${hash}`;
    link.href = new URL(file, address).href;
    document.head.append(link);
  }
}

/** Loads the panel, which defines the element. A failed try can be repeated. */
export function load(address: string): Promise<unknown> {
  hint(address);
  loading ??= import(/* @vite-ignore */ new URL(FRONTDESK_ASSETS[0]![0] + tries, address).href).catch((error: unknown) => {
    loading = undefined;
    // The browser may remember that an address failed: another try needs another.
    tries += "?";
    throw error;
  });
  return loading;
}
