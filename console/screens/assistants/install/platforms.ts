import { platformWords } from "./platform-words.ts";
import { type Attributes, inMarkup, inScript, makingScript, tagOf } from "./tag.ts";

export interface Platform {
  readonly id: string;
  readonly name: string;
  readonly steps: readonly string[];
  readonly code: (attributes: Attributes) => string;
}

/** What a site is made with, and how it takes a tag. */
export const PLATFORMS: readonly Platform[] = [
  { id: "html", name: "HTML", steps: platformWords.html, code: tagOf },
  { id: "wordpress", name: "WordPress", steps: platformWords.wordpress, code: tagOf },
  { id: "shopify", name: "Shopify", steps: platformWords.shopify, code: tagOf },
  { id: "wix", name: "Wix", steps: platformWords.wix, code: tagOf },
  { id: "squarespace", name: "Squarespace", steps: platformWords.squarespace, code: tagOf },
  { id: "webflow", name: "Webflow", steps: platformWords.webflow, code: tagOf },
  { id: "gtm", name: "Google Tag Manager", steps: platformWords.gtm, code: inTagManager },
  { id: "react", name: "React", steps: platformWords.react, code: tagOf },
  { id: "next", name: "Next.js", steps: platformWords.next, code: inNext },
  { id: "vue", name: "Vue, Nuxt", steps: platformWords.vue, code: inVue },
  { id: "angular", name: "Angular", steps: platformWords.angular, code: tagOf },
  { id: "svelte", name: "Svelte", steps: platformWords.svelte, code: tagOf },
];

/** Its Custom HTML tags drop `data-` attributes of a script, and take no newer syntax than ES5. */
function inTagManager(attributes: Attributes): string {
  const lines = makingScript(attributes).map(
    (line) => `    ${line.replace(/^const /, "var ").replace("head.append(", "head.appendChild(")}`,
  );
  return ["<script>", "  (function () {", ...lines, "  })();", "</script>"].join("\n");
}

function inNext(attributes: Attributes): string {
  const given = inMarkup(attributes).replace('crossorigin="', 'crossOrigin="');
  return [
    "// app/layout.tsx",
    'import Script from "next/script";',
    "",
    "// in <body>, after {children}",
    `<Script strategy="afterInteractive" ${given} />`,
  ].join("\n");
}

function inVue(attributes: Attributes): string {
  const entries = attributes.map(([name, value]) => `${/^[a-z]+$/.test(name) ? name : JSON.stringify(name)}: ${inScript(value)}`);
  return [
    "<!-- Vue: index.html -->",
    tagOf(attributes),
    "",
    "// Nuxt: app.vue, in <script setup>",
    "useHead({",
    `  script: [{ async: true, ${entries.join(", ")} }],`,
    "});",
  ].join("\n");
}
