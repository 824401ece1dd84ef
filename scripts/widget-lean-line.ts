import type { Plugin } from "vite";

/**
 * Parts of the libraries that a customer line never reaches: it sends JSON over WebSocket or `fetch`, and names both itself; the widget has no style
 * files to preload. Every byte here would be loaded by every customer.
 */
const UNREACHED: readonly (readonly [end: string, code: string])[] = [
  ["/engine.io-client/build/esm/transports/index.js", "export const transports = {};"],
  ["/engine.io-parser/build/esm/contrib/base64-arraybuffer.js", "export const encode = () => '', decode = encode;"],
  ["/socket.io-parser/build/esm/is-binary.js", "export const isBinary = () => false, hasBinary = isBinary;"],
  [
    "/socket.io-parser/build/esm/binary.js",
    "export const deconstructPacket = (packet) => ({ packet, buffers: [] }), reconstructPacket = (packet) => packet;",
  ],
  ["vite/preload-helper.js", "export const __vitePreload = (load) => load();"],
];

/** Leaves them out of the bundle. `test/widget/embed` talks to a real server over both transports through what is left. */
export function leanLine(): Plugin {
  return {
    name: "lean-line",
    enforce: "pre",
    load(id) {
      return UNREACHED.find(([end]) => id.endsWith(end))?.[1];
    },
  };
}

/** Whether a module does something by being loaded. Those of socket.io do not, but do not say so. */
export function hasSideEffects(id: string): boolean {
  return !/\/node_modules\/(@?socket|engine)\.io/.test(id);
}
