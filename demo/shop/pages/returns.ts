import { html, type Html } from "../html.ts";
import { page } from "./layout.ts";

/** `/returns`: the page of another assistant, whose refunds and cancellations wait for the shop's team. */
export function returnsPage(deskUrl: string): Html {
  return page({
    title: "Returns",
    deskUrl,
    section: "returns",
    assistant: "returns",
    scripts: ["ask.js"],
    body: html` <section class="narrow">
      <h1>Returns</h1>
      <p class="lead">Not what you hoped for? Send it back within thirty days, washed or not.</p>
      <p>Tell our assistant which order it is about. One of us looks at each refund before it is made, and the answer comes to the chat.</p>
      <p><button class="button" type="button" data-ask="Refund order 1042">Ask for a refund of order 1042</button></p>
    </section>`,
  });
}
