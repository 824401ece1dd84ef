import { html, type Html } from "../html.ts";
import { page } from "./layout.ts";

/** `/inline`: the widget as a part of the page. The element is in the HTML; the script only defines it. */
export function inlinePage(deskUrl: string): Html {
  return page({
    title: "Ask us",
    deskUrl,
    section: "ask",
    widget: "inline",
    body: html` <section class="ask">
      <div>
        <h1>Ask us</h1>
        <p class="lead">Where a parcel is, what fits into the drip cone, or how to get your money back.</p>
        <p>Our assistant answers at any hour and uses the same order book as we do. It asks you before it changes anything.</p>
      </div>
      <front-desk server="${deskUrl}" assistant="shop" mode="inline"></front-desk>
    </section>`,
  });
}
