import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Demo } from "../../demo/start/start-demo.ts";
import { layOutOrders, orderNumbers } from "../story/shop-orders.ts";
import { openDemo } from "../story/stage.ts";
import { type CutWire, openWire } from "../support/cut-wire.ts";

/** The demo's shop, for customers in any engine. */
export interface Shop {
  readonly demo: Demo;
  /** Between the customers' browsers and the server. */
  readonly wire: CutWire;
  /** An order that no other test has. */
  readonly newOrder: () => string;
  readonly close: () => Promise<void>;
}

/** Slow enough that a long answer is stopped in its middle, fast enough to wait for its end. */
const TOKENS_PER_SECOND = 120;

/** Starts the demo behind a wire that can be cut. Needs the built widget. `views`: with a second origin for those of tools. */
export async function openShop({ views = false } = {}): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-engines-"));
  layOutOrders(folder);
  const wire = await openWire();
  const demo = await openDemo(folder, { tokensPerSecond: TOKENS_PER_SECOND, publicUrl: wire.url, views });
  wire.lead(Number(new URL(demo.parts.server.url).port));
  return {
    demo,
    wire,
    newOrder: orderNumbers(),
    async close() {
      await demo.stop();
      await wire.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
