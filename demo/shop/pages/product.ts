import { type Product, products } from "../../products.ts";
import { html, type Html } from "../html.ts";
import { card } from "./catalogue.ts";
import { formatEuros } from "./formats.ts";
import { page } from "./layout.ts";

/** `/products/<id>`: one piece, with a button that opens the chat about it. */
export function productPage(deskUrl: string, product: Product): Html {
  const index = products.indexOf(product);
  const others = [1, 2, 3, 4].map((step) => products[(index + step) % products.length]!);
  return page({
    title: product.name,
    deskUrl,
    section: "catalogue",
    scripts: ["ask.js", "cart.js"],
    body: html` <article class="product">
        <div class="stage tint-${product.tint}">
          <img src="/pictures/${product.id}.svg" width="480" height="480" alt="Drawing of the ${product.name}" />
        </div>
        <div class="product-words">
          <h1>${product.name}</h1>
          <p class="product-price">${formatEuros(product.priceCents)}</p>
          <p class="lead">${product.line}</p>
          <p>${product.story}</p>
          <dl class="facts">
            <div>
              <dt>Glaze</dt>
              <dd>${product.glaze}</dd>
            </div>
            <div>
              <dt>Size</dt>
              <dd>${product.size}</dd>
            </div>
            <div>
              <dt>Care</dt>
              <dd>${product.care}</dd>
            </div>
          </dl>
          <p><button class="button" type="button" data-add>Add to cart</button> <span id="cart" role="status"></span></p>
          <p><button class="button" type="button" data-ask="Show me a photo of the ${product.name}">Ask for a photo</button></p>
        </div>
      </article>
      <section aria-labelledby="others-title">
        <h2 id="others-title">More pieces</h2>
        <ul class="grid">
          ${others.map(card)}
        </ul>
      </section>`,
  });
}
