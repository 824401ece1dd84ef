import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** What Lit does to a page when it loads: the widget is a guest there, and the page may have a Lit of its own. */
const EDITS: readonly { readonly end: string; readonly found: RegExp; readonly instead: string }[] = [
  // A list of `trusted-types` allows each name once, so the page's own Lit and ours cannot share one.
  {
    end: "/lit-html/lit-html.js",
    found: /(\w+)\.createPolicy\("lit-html",\{createHTML:(\w+)=>\2\}\)/,
    instead: "frontdeskHtmlPolicy($1)",
  },
  // Metadata of decorators, which we do not use. A page with frozen built-ins lets nobody add to `Symbol`.
  {
    end: "/@lit/reactive-element/reactive-element.js",
    found: /Symbol\.metadata\?\?=Symbol\("metadata"\),\w+\.litPropertyMetadata\?\?=new WeakMap;/,
    instead: "",
  },
  {
    end: "/@lit/reactive-element/reactive-element.js",
    found:
      /const (\w+)=this\[Symbol\.metadata\];if\(null!==\1\)\{const (\w+)=litPropertyMetadata\.get\(\1\);if\(void 0!==\2\)for\(const\[(\w+),(\w+)\]of \2\)this\.elementProperties\.set\(\3,\4\)\}/,
    instead: "",
  },
];

const POLICY = fileURLToPath(new URL("../widget/native/html-policy.ts", import.meta.url));

/** Makes Lit a good guest. Fails the build when Lit reads otherwise than expected. `test/pages` shows what it is for. */
export function guestLit(): Plugin {
  return {
    name: "guest-lit",
    enforce: "pre",
    transform(code, id) {
      const edits = EDITS.filter(({ end }) => id.endsWith(end));
      if (edits.length === 0) return null;
      for (const { found } of edits) if (!found.test(code)) this.error(`${id} has no ${found} any more. Did a new version change it?`);
      const edited = edits.reduce((text, { found, instead }) => text.replace(found, instead), code);
      const isNamed = edited.includes("frontdeskHtmlPolicy");
      return {
        code: isNamed ? `import { htmlPolicy as frontdeskHtmlPolicy } from ${JSON.stringify(POLICY)};${edited}` : edited,
        map: null,
      };
    },
    generateBundle(_options, bundle) {
      const code = Object.values(bundle).map((part) => (part.type === "chunk" ? part.code : ""));
      // A file that was moved is not edited at all.
      if (code.some((text) => /createPolicy\(["'`]lit-html|Symbol\.metadata/.test(text)))
        this.error("The widget still has the policy of lit-html, or Symbol.metadata. Did a new version of Lit move its files?");
    },
  };
}
