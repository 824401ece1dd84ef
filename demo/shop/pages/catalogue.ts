import { type Product, products } from "../../products.ts";
import { html, type Html } from "../html.ts";
import { formatEuros } from "./formats.ts";
import { page } from "./layout.ts";

/** `/`: what the shop is, and everything it sells. */
export function cataloguePage(deskUrl: string): Html {
  return page({
    title: "Stoneware for quiet mornings",
    deskUrl,
    section: "catalogue",
    body: html` <section class="hero">
        <div class="hero-words">
          <h1>Stoneware for quiet mornings</h1>
          <p>Eight pieces, thrown by hand and fired twice. Made to be used every day and noticed on some of them.</p>
          <p><a class="button" href="#pieces">See the pieces</a></p>
        </div>
        <img
          class="hero-picture"
          src="/pictures/shelf.svg"
          width="960"
          height="720"
          alt="A shelf in the morning sun with a vase, a teapot and a steaming mug"
        />
      </section>
      <section id="pieces" aria-labelledby="pieces-title">
        <h2 id="pieces-title">The pieces</h2>
        <ul class="grid">
          ${products.map(card)}
        </ul>
      </section>`,
  });
}

/** A product as a card in a grid. */
export function card(product: Product): Html {
  return html`<li class="card">
    <a href="/products/${product.id}">
      <span class="stage tint-${product.tint}"><img src="/pictures/${product.id}.svg" width="480" height="480" alt="" /></span>
      <span class="card-name">${product.name}</span>
      <span class="card-glaze">${product.glaze}</span>
      <span class="card-price">${formatEuros(product.priceCents)}</span>
    </a>
  </li>`;
}
