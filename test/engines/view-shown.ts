/** A view under a tool call, once for all engines. What else views do is tested in `test/story/views`, in Chromium. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitFor } from "../support/wait-for.ts";
import { ChatVisitor } from "./chat-visitor.ts";
import type { Engine } from "./engine.ts";
import { openShop, type Shop } from "./shop.ts";

/** Defines the story; `engine` is asked once it runs. */
export function viewShown(engine: () => Engine): void {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ views: true });
  });
  afterAll(() => shop?.close());

  test("it begins, is as high as it says, and is there again after a reload", async () => {
    const customer = await engine().newCustomer();
    const tab = await customer.open(shop.demo.shopUrl);
    const visit = new ChatVisitor(tab);
    await visit.openPanel();
    await visit.ask("Track the parcel of order 1042");
    const height = (): Promise<number> =>
      tab.call(() => {
        const thread = document.querySelector("front-desk")?.shadowRoot?.querySelector("front-desk-thread");
        const frame = thread?.shadowRoot?.querySelector<HTMLElement>("front-desk-view .view:not(.starting) iframe");
        // Until the view says its height, no style of its own is there.
        return frame?.style.blockSize ? frame.offsetHeight : 0;
      });
    await waitFor(async () => (await height()) > 40);
    await tab.reload();
    await waitFor(async () => (await height()) > 40);
    expect(await customer.troubles()).toEqual([]);
    await customer.close();
  });
}
