import type { Plugin } from "vite";

/**
 * Parts of the libraries that a customer line never reaches: it sends JSON over WebSocket or `fetch` and brings
 * its own parser; the widget has no style
 * files to preload. Every byte here would be loaded by every customer.
 */
const UNREACHED: readonly (readonly [end: string, code: string])[] = [
  ["/engine.io-client/build/esm/transports/index.js", "export const transports = {};"],
  [
    "/engine.io-parser/build/esm/encodePacket.browser.js",
    'import { PACKET_TYPES } from "./commons.js"; export const encodePacket = ({ type, data }, _, done) => done(PACKET_TYPES[type] + (data || "")), encodePacketToBinary = encodePacket;',
  ],
  [
    "/engine.io-parser/build/esm/decodePacket.browser.js",
    'import { ERROR_PACKET, PACKET_TYPES_REVERSE } from "./commons.js"; export const decodePacket = (text, _, type = PACKET_TYPES_REVERSE[text[0]]) => type ? { type, data: text.slice(1) || undefined } : ERROR_PACKET;',
  ],
  [
    "/socket.io-parser/build/esm/index.js",
    "export const PacketType = { CONNECT: 0, DISCONNECT: 1, EVENT: 2, ACK: 3, CONNECT_ERROR: 4, BINARY_EVENT: 5, BINARY_ACK: 6 }, protocol = 5, Encoder = 0, Decoder = 0;",
  ],
  ["vite/preload-helper.js", "export const __vitePreload = (load) => load();"],
];

/** What Vite makes of a late `import`, for style files that it would load with it; the names that are taken out have served their purpose before. */
const PRELOADED =
  /__vitePreload\((?:\(\) => (import\("[^"]+"\))|async \(\) => \{\s*const \{[^}]+\} = await (import\("[^"]+"\));\s*return \{[^}]+\};\s*\}), __VITE_PRELOAD__\)/g;

/** Leaves them out of the bundle. `test/widget/embed` talks to a real server over both transports through what is left. */
export function leanLine(): Plugin {
  const found = new Set<string>();
  return {
    name: "lean-line",
    enforce: "pre",
    load(id) {
      const part = UNREACHED.find(([end]) => id.endsWith(end));
      if (part !== undefined) found.add(part[0]);
      return part?.[1];
    },
    renderChunk(code) {
      return { code: code.replace(PRELOADED, "$1$2"), map: null };
    },
    generateBundle() {
      const hasLine = [...this.getModuleIds()].some((id) => id.endsWith("/widget/line/socket-line.ts"));
      const missing = UNREACHED.filter(([end]) => hasLine && !found.has(end)).map(([end]) => end);
      if (missing.length > 0)
        this.error(`No module is called ${missing.join(", ")} any more. Did a new version of socket.io-client move it?`);
    },
  };
}

/** Whether a module does something by being loaded. Those of socket.io do not, but do not say so. */
export function hasSideEffects(id: string): boolean {
  return !/\/node_modules\/(@?socket|engine)\.io/.test(id);
}
