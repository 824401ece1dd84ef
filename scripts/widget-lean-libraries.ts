import type { Plugin } from "vite";

/**
 * Parts of the libraries that the widget never reaches. A customer line sends and gets JSON over WebSocket or `fetch`,
 * in a browser of this decade, and takes its server's address apart itself; the widget has no style files to preload.
 * Every byte here would be loaded by every customer.
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
  ["/engine.io-client/build/esm/contrib/parseuri.js", "export const parse = 0;"],
  ["/engine.io-client/build/esm/contrib/parseqs.js", "export const encode = (query) => String(new URLSearchParams(query)), decode = 0;"],
  [
    "/engine.io-client/build/esm/globals.js",
    'export const nextTick = (run) => Promise.resolve().then(run), globalThisShim = globalThis, defaultBinaryType = "arraybuffer", createCookieJar = 0;',
  ],
  ["vite/preload-helper.js", "export const __vitePreload = (load) => load();"],
];

const ENGINE = /\/engine\.io-client\/build\/esm\/(?:socket|util|transports\/(?:websocket|polling|polling-fetch))\.js$/;
const LIT = /\/(?:@lit\/reactive-element\/(?:css-tag|reactive-element)|lit-element\/lit-element|lit-html\/lit-html)\.js$/;

/**
 * What is always so, in the sources of libraries: the line never sets such an option of engine.io, and no browser that
 * the widget runs in is of such a kind. The minifier takes out what depends on it. Assignments stay.
 */
const ALWAYS: readonly (readonly [files: RegExp, code: RegExp, is: string])[] = [
  [
    ENGINE,
    /\b(?:this\.)?opts\.(?:autoUnref|closeOnBeforeunload|extraHeaders|rememberUpgrade|transportImplementations|useNativeTimers|withCredentials)\b(?! =)/g,
    "undefined",
  ],
  [ENGINE, /this\._beforeunloadEventListener(?! =)/g, "undefined"],
  [ENGINE, /\(_a = this\.socket\._cookieJar\)[^;]+/g, "undefined"],
  [ENGINE, /typeof this\.opts\.query === "string"/g, "false"],
  [ENGINE, /this\._upgrades\.indexOf\("webtransport"\) !== -1/g, "false"],
  [ENGINE, /!this\.supportsBinary/g, "false"],
  [ENGINE, /false !== this\.opts\.timestampRequests/g, "true"],
  [ENGINE, /(?<=const withEventListeners = )[^;]+/g, "true"],
  [ENGINE, /(?<=const isReactNative = )[^;]+/g, "false"],
  // Options of Node's WebSocket.
  [ENGINE, /pick\(this\.opts,[^)]+\)/g, "undefined"],
  [ENGINE, / \|\| globalThis\.MozWebSocket/g, ""],
  // Style sheets can be constructed wherever classes may have static blocks, which the build does not write otherwise.
  [LIT, /(?<=const t=globalThis,e=)t\.ShadowRoot&&[^,]+/g, "true"],
  // Advice for a developer who passes `css` the wrong thing: our compiler has refused that before.
  [LIT, /(?<=throw Error\()"(?:CSSResult|Value passed)[^"]*"(?:\+\w+\+"[^"]*")?(?=\))/g, ""],
  [LIT, /\w+\.(?:lit|reactive)\w+PolyfillSupport\b/g, "undefined"],
];

/**
 * What Vite wraps around a late `import`, for style files that it would load too. By now the names in it have done
 * their work: what nobody imports is gone.
 */
const PRELOADED =
  /__vitePreload\((?:\(\) => (import\("[^"]+"\))|async \(\) => \{\s*const \{[^}]+\} = await (import\("[^"]+"\));\s*return \{[^}]+\};\s*\}), __VITE_PRELOAD__\)/g;

/**
 * Leaves them out of the bundle. `test/widget/embed` talks to a real server over both transports through what is left.
 */
export function leanLibraries(): Plugin {
  const found = new Set<string>();
  return {
    name: "lean-libraries",
    enforce: "pre",
    load(id) {
      const part = UNREACHED.find(([end]) => id.endsWith(end));
      if (part !== undefined) found.add(part[0]);
      return part?.[1];
    },
    transform(code, id) {
      const known = ALWAYS.filter(([files]) => files.test(id));
      const settle = (left: string, [, what, is]: (typeof known)[number]): string =>
        left.replace(what, () => {
          found.add(what.source);
          return is;
        });
      return known.length === 0 ? null : { code: known.reduce(settle, code), map: null };
    },
    renderChunk(code) {
      return { code: code.replace(PRELOADED, "$1$2"), map: null };
    },
    generateBundle() {
      const hasLine = [...this.getModuleIds()].some((id) => id.endsWith("/widget/line/socket-line.ts"));
      const missing = [...UNREACHED.map(([end]) => end), ...ALWAYS.map(([, code]) => code.source)].filter(
        (end) => hasLine && !found.has(end),
      );
      if (missing.length > 0)
        this.error(`No module is called or reads ${missing.join(", ")} any more. Did a new version move or change it?`);
    },
  };
}

/** Whether a module does something by being loaded. Those of engine.io do not, but do not say so. */
export function hasSideEffects(id: string): boolean {
  return !/\/node_modules\/(@socket|engine)\.io/.test(id);
}
