import { html, type Html } from "../html.ts";
import { page } from "./layout.ts";

/** A page that only says something: not found, or the order book out of reach. */
export function messagePage(deskUrl: string, title: string, text: string): Html {
  return page({
    title,
    deskUrl,
    section: "catalogue",
    body: html`<section class="narrow">
      <h1>${title}</h1>
      <p class="lead">${text}</p>
      <p><a class="button" href="/">Back to the catalogue</a></p>
    </section>`,
  });
}
