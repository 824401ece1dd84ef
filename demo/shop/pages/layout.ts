import { html, type Html } from "../html.ts";

/** What every page of the shop has. */
export interface PageOptions {
  readonly title: string;
  /** Origin of the Frontdesk server. */
  readonly deskUrl: string;
  /** Which entry of the navigation the page belongs to. */
  readonly section: "catalogue" | "orders" | "returns" | "ask";
  readonly body: Html;
  /** Scripts of the page, under `/scripts/`. */
  readonly scripts?: readonly string[];
  /** `floating` lets the pasted script put the launcher on the page; `inline` leaves that to an element in the body. */
  readonly widget?: "floating" | "inline";
  /** Key of the assistant that the pasted script names; `shop` by default. */
  readonly assistant?: string;
}

const sections = [
  { id: "catalogue", path: "/", name: "Catalogue" },
  { id: "orders", path: "/orders", name: "Your orders" },
  { id: "returns", path: "/returns", name: "Returns" },
  { id: "ask", path: "/inline", name: "Ask us" },
] as const;

/** `page` comes first: the others use its colours. */
const styles = ["page", "pieces", "orders"] as const;

/** A whole page. The widget is the one line that a site owner pastes. */
export function page(options: PageOptions): Html {
  const navigation = sections.map(
    (section) =>
      html`<li>
        <a href="${section.path}" ${options.section === section.id ? html` aria-current="page"` : undefined}>${section.name}</a>
      </li>`,
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${options.title} · Lull</title>
        <link rel="icon" href="/pictures/lull.svg" type="image/svg+xml" />
        ${styles.map((style) => html`<link rel="stylesheet" href="/${style}.css" />`)}
        ${options.widget === "inline" ? html`<script async src="${options.deskUrl}/frontdesk.js"></script>` : html`<script async src="${options.deskUrl}/frontdesk.js" data-assistant="${options.assistant ?? "shop"}"></script>`}
        ${(options.scripts ?? []).map((script) => html`<script type="module" src="/scripts/${script}"></script>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="masthead">
          <a class="wordmark" href="/" aria-label="Lull, to the catalogue">${wordmark}</a>
          <nav aria-label="Shop">
            <ul>
              ${navigation}
            </ul>
          </nav>
        </header>
        <main id="main">${options.body}</main>
        <footer class="colophon">
          <p>Lull makes stoneware in small batches. It is the demo shop of Frontdesk: nothing here can be bought, and nobody is charged.</p>
          <p><a href="/orders/1042">Order 1042</a> <a href="/inline">The widget inside a page</a></p>
        </footer>
      </body>
    </html> `;
}

/** l, u, l, l in strokes; the u is a cup. */
const wordmark = html`<svg viewBox="0 0 118 48" aria-hidden="true">
  <path d="M6 6 V42 M27 17 V28 A14 14 0 0 0 55 28 V17 M55 18 H60 A8.500 8.500 0 0 1 60 35 H53 M90 6 V42 M111 6 V42" />
</svg>`;
