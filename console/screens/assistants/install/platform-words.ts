import { LANGUAGE } from "../../../foundation/words.ts";

const ENGLISH = {
  html: ["Paste the line before </body>, on every page that shall have the chat."],
  wordpress: [
    "Install the plugin WPCode, open Code Snippets → Header & Footer, and paste the line into Footer.",
    "Or, in a child theme, print it from functions.php with add_action('wp_footer', …).",
    "Empty the cache, if a plugin keeps one.",
  ],
  shopify: [
    "Open Online Store → Themes → ⋯ → Edit code → layout/theme.liquid.",
    "Paste the line before </body>, and save.",
    "The checkout is not part of the theme and does not get the chat.",
  ],
  wix: [
    "Open Settings → Advanced → Custom Code → Add Custom Code. The site needs a paid plan and its own domain.",
    "Paste the line, choose All pages (load once) and Body – end, and apply.",
    "Publish the site.",
  ],
  squarespace: [
    "Open Website → Website tools → Code injection. The site needs a plan that has it.",
    "Paste the line into Footer, and save.",
  ],
  webflow: [
    "Open Site settings → Custom code. The site needs a paid plan.",
    "Paste the line into Footer code, and save.",
    "Publish the site: the designer’s preview runs no custom code.",
  ],
  gtm: [
    "Make a tag of the kind Custom HTML, and paste the code. A plain script line would lose its data- attributes there.",
    "Choose the trigger All Pages, then submit and publish.",
    "If the site has a policy, allow the Tag Manager in it, too.",
  ],
  react: [
    "Paste the line into index.html, before </body> (with Vite: the file beside package.json; with Create React App: public/index.html).",
    "Not into a component: what React draws there would run again with each mount.",
  ],
  next: [
    "App Router: put the component into the root layout. Pages Router: into pages/_app.tsx.",
    "Do not write a plain <script> in a page: it does not run when one navigates to it.",
  ],
  vue: ["With Vite, paste the line into index.html, before </body>.", "With Nuxt, use useHead in app.vue."],
  angular: ["Paste the line into src/index.html, before </body>.", "Not into a component: Angular removes script tags from templates."],
  svelte: ["With SvelteKit, paste the line into src/app.html, before </body>.", "With Svelte alone, into index.html."],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const GERMAN: Readonly<Record<keyof typeof ENGLISH, readonly string[]>> = {
  html: ["Setzen Sie die Zeile vor </body> ein, auf jeder Seite, die den Chat haben soll."],
  wordpress: [
    "Installieren Sie das Plugin WPCode, öffnen Sie Code Snippets → Header & Footer, und setzen Sie die Zeile bei Footer ein.",
    "Oder geben Sie sie in einem Child-Theme aus functions.php mit add_action('wp_footer', …) aus.",
    "Leeren Sie den Cache, falls ein Plugin einen hält.",
  ],
  shopify: [
    "Öffnen Sie Onlineshop → Themes → ⋯ → Code bearbeiten → layout/theme.liquid.",
    "Setzen Sie die Zeile vor </body> ein, und speichern Sie.",
    "Die Kasse gehört nicht zum Theme und bekommt den Chat nicht.",
  ],
  wix: [
    "Öffnen Sie Einstellungen → Erweitert → Benutzerdefinierter Code. Die Website braucht ein Premiumpaket und eine eigene Domain.",
    "Setzen Sie die Zeile ein, wählen Sie Alle Seiten (einmal laden) und Body – Ende, und wenden Sie es an.",
    "Veröffentlichen Sie die Website.",
  ],
  squarespace: [
    "Öffnen Sie Website → Website-Tools → Code-Einfügung. Die Website braucht ein Paket, das sie hat.",
    "Setzen Sie die Zeile bei Fußzeile ein, und speichern Sie.",
  ],
  webflow: [
    "Öffnen Sie Site settings → Custom code. Die Website braucht ein bezahltes Paket.",
    "Setzen Sie die Zeile bei Footer code ein, und speichern Sie.",
    "Veröffentlichen Sie die Website: die Vorschau des Designers führt keinen eigenen Code aus.",
  ],
  gtm: [
    "Legen Sie ein Tag der Art Benutzerdefiniertes HTML an, und setzen Sie den Code ein. Eine einfache Zeile verlöre dort ihre data-Attribute.",
    "Wählen Sie den Trigger All Pages, dann senden und veröffentlichen Sie.",
    "Hat die Website eine Richtlinie, muss sie auch den Tag Manager erlauben.",
  ],
  react: [
    "Setzen Sie die Zeile in index.html vor </body> ein (mit Vite: die Datei neben package.json; mit Create React App: public/index.html).",
    "Nicht in eine Komponente: was React dort zeichnet, liefe mit jedem Einhängen noch einmal.",
  ],
  next: [
    "App Router: setzen Sie die Komponente ins oberste Layout. Pages Router: in pages/_app.tsx.",
    "Schreiben Sie kein einfaches <script> in eine Seite: es läuft nicht, wenn man zu ihr navigiert.",
  ],
  vue: ["Mit Vite setzen Sie die Zeile in index.html vor </body> ein.", "Mit Nuxt nehmen Sie useHead in app.vue."],
  angular: [
    "Setzen Sie die Zeile in src/index.html vor </body> ein.",
    "Nicht in eine Komponente: Angular entfernt script-Tags aus Vorlagen.",
  ],
  svelte: ["Mit SvelteKit setzen Sie die Zeile in src/app.html vor </body> ein.", "Mit Svelte allein in index.html."],
};

/** The steps, with the names that each product's own pages have. */
export const platformWords: Readonly<Record<keyof typeof ENGLISH, readonly string[]>> = LANGUAGE === "de" ? GERMAN : ENGLISH;
