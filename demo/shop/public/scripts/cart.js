// The cart of this tab, and a tool by which the assistant fills it: the widget's public method does the rest.
const KEY = "lull.cart";
const shown = document.querySelector("#cart");
const name = document.querySelector("h1").textContent;

const read = () => JSON.parse(sessionStorage.getItem(KEY) ?? "{}");

function draw() {
  const lines = Object.entries(read()).map(([product, quantity]) => `${quantity} × ${product}`);
  shown.textContent = lines.length === 0 ? "Your cart is empty." : `In your cart: ${lines.join(", ")}.`;
}

function add(product, quantity) {
  const cart = read();
  cart[product] = (cart[product] ?? 0) + quantity;
  sessionStorage.setItem(KEY, JSON.stringify(cart));
  draw();
  return { product, quantity: cart[product] };
}

document.querySelector("[data-add]").addEventListener("click", () => add(name, 1));
draw();

await customElements.whenDefined("front-desk");
await document.querySelector("front-desk")?.registerTool({
  name: "add_to_cart",
  title: "Add to cart",
  description: "Puts the piece of this page into the customer's cart, which the page shows.",
  inputSchema: {
    type: "object",
    properties: { quantity: { type: "integer", minimum: 1, maximum: 12, title: "Quantity" } },
    required: ["quantity"],
    additionalProperties: false,
  },
  execute: ({ quantity }) => add(name, quantity),
});
