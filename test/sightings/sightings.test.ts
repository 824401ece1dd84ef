import { describe, expect, test } from "vitest";
import type { DocumentStore } from "../../server/documents/ports.ts";
import { pageOriginOf } from "../../server/sightings/page-origin.ts";
import { Sightings } from "../../server/sightings/sightings.ts";
import { standingClock } from "../http/api/api-harness.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";

const MINUTE = 60_000;
const SHOP = "https://shop.example";

async function opened(kept = createMemoryDocuments()) {
  const clock = standingClock();
  const writes: number[] = [];
  let isFull = false;
  const documents: Pick<DocumentStore, "get" | "list" | "write" | "onChange"> = {
    get: (...asked) => kept.get(...asked),
    list: (...asked) => kept.list(...asked),
    onChange: (...asked) => kept.onChange(...asked),
    write: async (...asked) => {
      if (isFull) throw new Error("The disk is full.");
      writes.push(asked[0].length);
      return kept.write(...asked);
    },
  };
  const sightings = new Sightings({ documents, clock });
  await sightings.load();
  return { clock, kept, writes, sightings, fill: (full: boolean) => void (isFull = full) };
}

const from = (page: string | undefined, network = "192.0.2.1") => ({ page, network });

test("the names of a page's tools are remembered over a restart, the newest hundred", async () => {
  const { kept, sightings } = await opened();
  sightings.offered("shop", ["search", "add_to_cart"]);
  await sightings.flush();
  const again = (await opened(kept)).sightings;
  expect(again.toolsOf("shop")).toEqual(["add_to_cart", "search"]);
  expect(again.toolsOf("other")).toEqual([]);
  again.offered(
    "shop",
    Array.from({ length: 99 }, (_, number) => `tool_${number}`),
  );
  again.offered("shop", ["search"]);
  expect(again.toolsOf("shop")).toHaveLength(100);
  expect(again.toolsOf("shop")).toContain("search");
  expect(again.toolsOf("shop")).not.toContain("add_to_cart");
});

test("a page is remembered with its first and its last time, and over a restart", async () => {
  const { clock, kept, sightings } = await opened();
  const start = clock.now();
  sightings.seen("shop", from(SHOP));
  clock.move(10 * MINUTE);
  sightings.seen("shop", from(SHOP));
  const expected = [{ origin: SHOP, first: start, last: clock.now(), times: 2 }];
  expect(sightings.of("shop").seen).toEqual(expected);
  await sightings.flush(true);
  const again = await opened(kept);
  expect(again.sightings.of("shop").seen).toEqual(expected);
  expect(again.sightings.of("other")).toEqual({ seen: [], refused: [] });
});

test("thousands of admissions are few writes: what is new at once, what is known every five minutes", async () => {
  const { clock, writes, sightings } = await opened();
  for (let minute = 0; minute < 30; minute += 1) {
    for (let index = 0; index < 1000; index += 1) sightings.seen("shop", from(SHOP, `198.51.100.${index % 200}`));
    await sightings.flush();
    clock.move(MINUTE);
  }
  expect(writes).toEqual([1, 1, 1, 1, 1, 1]);
  clock.move(60 * MINUTE);
  await sightings.flush();
  expect(writes.length).toBe(7);
  await sightings.flush(true);
  expect(writes.length).toBe(7);
});

test("a write that fails is made again", async () => {
  const { kept, sightings, fill } = await opened();
  sightings.seen("shop", from(SHOP));
  fill(true);
  await expect(sightings.flush()).rejects.toThrow("full");
  fill(false);
  await sightings.flush();
  expect((await opened(kept)).sightings.of("shop").seen.length).toBe(1);
});

describe("strangers", () => {
  test("who invent origins from one network push nobody out", async () => {
    const { sightings } = await opened();
    sightings.seen("shop", from(SHOP));
    sightings.refused("shop", from("https://www.shop.example"));
    sightings.refusedByAll(from("https://new.example"));
    sightings.askedForUnknown("shpo", from(SHOP));
    for (let index = 0; index < 5000; index += 1) {
      const visit = from(`https://invented-${index}.example`, "203.0.113.9");
      sightings.seen("shop", visit);
      sightings.refused("shop", visit);
      sightings.refusedByAll(visit);
      sightings.askedForUnknown(`shop-${index}`, visit);
      sightings.scriptLoaded(visit);
    }
    const { seen, refused } = sightings.of("shop");
    const strays = sightings.strays();
    const all = [seen, refused, strays.refused, strays.unknown, strays.scriptOnly];
    expect(all.reduce((sum, list) => sum + list.length, 0)).toBeLessThanOrEqual(4 + 12);
    expect(seen.at(-1)?.origin).toBe(SHOP);
    expect(refused.at(-1)?.origin).toBe("https://www.shop.example");
    expect(strays.refused.at(-1)?.origin).toBe("https://new.example");
    expect(strays.unknown.at(-1)).toMatchObject({ asked: "shpo", origin: SHOP });
  });

  test("from many networks fill neither memory nor disk, and never another assistant's lists", async () => {
    const { kept, writes, sightings } = await opened();
    sightings.seen("other", from("https://other.example"));
    for (let index = 0; index < 20_000; index += 1) {
      const visit = from(`https://${"x".repeat(200)}-${index}.example`, `network-${index}`);
      sightings.seen("shop", visit);
      sightings.refused("shop", visit);
      sightings.refusedByAll(visit);
      sightings.askedForUnknown(`shop-${index}`.repeat(20), visit);
      sightings.scriptLoaded(visit);
    }
    const { seen, refused } = sightings.of("shop");
    const strays = sightings.strays();
    expect([seen, refused, strays.refused, strays.unknown].map(({ length }) => length)).toEqual([200, 50, 50, 50]);
    expect(strays.scriptOnly.length).toBeLessThanOrEqual(100);
    expect(sightings.of("other").seen.length).toBe(1);
    await sightings.flush(true);
    expect(writes).toEqual([3]);
    expect(JSON.stringify(await kept.list("sighting", { limit: 9, now: 0 })).length).toBeLessThan(200_000);
  });
});

test("nothing of a page is kept but its origin, and nothing of its customer", async () => {
  const { kept, sightings } = await opened();
  sightings.scriptLoaded(from("https://anna:secret@shop.example:8443/account/anna@example.com?token=abc#part", "203.0.113.77"));
  sightings.askedForUnknown("shop<script>\n", from("https://shop.example/path?q=1", "203.0.113.77"));
  await sightings.flush(true);
  const text = JSON.stringify(await kept.list("sighting", { limit: 9, now: 0 }));
  expect(text).toContain('"https://shop.example:8443"');
  for (const secret of ["anna", "secret", "account", "token", "part", "path", "203.0.113", "<"]) expect(text).not.toContain(secret);
});

test("a page that loaded the script is named until it connects", async () => {
  const { sightings } = await opened();
  sightings.scriptLoaded(from(`${SHOP}/`));
  sightings.refusedByAll(from(SHOP));
  expect(sightings.strays()).toMatchObject({ scriptOnly: [{ origin: SHOP }], refused: [{ origin: SHOP }] });
  sightings.seen("shop", from(SHOP));
  sightings.scriptLoaded(from(`${SHOP}/`));
  expect(sightings.strays()).toEqual({ scriptOnly: [], refused: [], unknown: [] });
});

test("what is known of an assistant goes with it", async () => {
  const { kept, sightings } = await opened();
  await kept.write([{ do: "create", kind: "assistant", id: "shop", body: {} }], { at: 1 });
  sightings.seen("shop", from(SHOP));
  await sightings.flush(true);
  await kept.write([{ do: "replace", kind: "assistant", id: "shop", body: {} }], { at: 1 });
  expect(sightings.of("shop").seen.length).toBe(1);
  await kept.write(
    [
      { do: "delete", kind: "assistant", id: "shop" },
      { do: "delete", kind: "sighting", id: "shop" },
    ],
    { at: 1 },
  );
  expect(sightings.of("shop").seen).toEqual([]);
  await sightings.flush(true);
  expect(await kept.get("sighting", "shop", 1)).toBeUndefined();
});

test.each([
  ["https://Shop.example", "https://shop.example"],
  ["https://shop.example/basket?x=1", "https://shop.example"],
  ["http://localhost:3000", "http://localhost:3000"],
  ["capacitor://localhost", "capacitor://localhost"],
  ["null", "null"],
  ["data:text/html,x", undefined],
  ["javascript:alert(1)", undefined],
  ["about:blank", undefined],
  ["not an origin", undefined],
  [`https://${"x".repeat(400)}.example`, undefined],
  [undefined, undefined],
])("of %s the origin is %s", (header, origin) => {
  expect(pageOriginOf(header)).toBe(origin);
});
