import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

const POLYFILL = fileURLToPath(new URL("index.iife.js", import.meta.resolve("@mcp-b/webmcp-polyfill")));

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(async ({ task }) => {
  expect(await stage.endVisits(task)).toEqual([]);
});
afterAll(() => stage.close());

const cart = (visit: Visit): Promise<string> => visit.page.locator("#cart").innerText();

/** Waits until the widget has what offers tools: whatever was registered before is offered before what is said next. */
async function toolsThere({ page }: Visit): Promise<void> {
  await page.evaluate(async () => {
    const desk = document.querySelector("front-desk") as unknown as { registerTool(tool: object): Promise<void> };
    await desk.registerTool({ name: "last", description: "Does nothing.", execute: () => "" });
  });
}

test("a tool of the page fills the cart, once the customer approved exactly that", async () => {
  const visit = await stage.visit("/products/hush-mug");
  await visit.openPanel();
  await toolsThere(visit);
  await visit.ask("Put two of these into my cart");
  const card = visit.log.getByRole("region").filter({ hasText: "Add to cart" });
  await visit.approve.waitFor();
  expect(await card.first().innerText()).toMatch(/Quantity\s+2/);
  expect(await cart(visit)).toBe("Your cart is empty.");
  await visit.approve.click();
  await visit.answered("In your cart there are now 2 of: Hush mug.");
  expect(await cart(visit)).toBe("In your cart: 2 × Hush mug.");

  await visit.ask("And three more into the cart, please");
  await visit.reject.click();
  await visit.stop.waitFor({ state: "hidden" });
  expect(await cart(visit)).toBe("In your cart: 2 × Hush mug.");
});

test("the tab in which the customer approves fills its cart, and the other one does not", async () => {
  const one = await stage.visit("/products/hush-mug");
  await one.openPanel();
  await toolsThere(one);
  await one.ask("Put one of these into my cart");
  await one.approve.waitFor();
  const two = await stage.secondTab(one, "/products/hush-mug");
  await two.openPanel();
  await toolsThere(two);
  await two.approve.click();
  await two.answered("In your cart there are now 1 of: Hush mug.");
  expect(await cart(two)).toBe("In your cart: 1 × Hush mug.");
  expect(await cart(one)).toBe("Your cart is empty.");
});

test("what the owner named of document.modelContext is called too", async () => {
  const visit = await stage.visit("/", {
    prepare: (context) => context.addInitScript({ path: POLYFILL }),
  });
  await visit.page.evaluate(async () => {
    const { modelContext } = document as unknown as { modelContext: { registerTool(tool: object): unknown } };
    const inputSchema = { type: "object", properties: { quantity: { type: "integer" } } };
    await modelContext.registerTool({
      name: "add_to_cart",
      description: "Adds.",
      inputSchema,
      execute: ({ quantity }: { quantity: number }) => {
        document.title = `${document.title} +${quantity}`;
        return { product: "Hush mug", quantity };
      },
    });
    document.querySelector("front-desk")!.setAttribute("pagetools", "add_*");
  });
  await visit.openPanel();
  await toolsThere(visit);
  await visit.ask("Put two of these into my cart");
  await visit.approve.click();
  await visit.answered("In your cart there are now 2 of: Hush mug.");
  expect(await visit.page.title()).toMatch(/ \+2$/);
});
