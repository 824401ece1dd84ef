import type { Plugin } from "vite";

/** Parts of the libraries that a customer line never reaches: it sends JSON over WebSocket or long-polling, and the widget has no style files to preload. */
const UNREACHED: readonly (readonly [end: string, code: string])[] = [
  ["/engine.io-client/build/esm/transports/webtransport.js", "export class WT {}"],
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
