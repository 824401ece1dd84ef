import { describe, expect, test } from "vitest";
import { ADA, OLIVE, OTIS, shopInput } from "./assistants-harness.ts";
import { openHealth, SHOP, shop, visit } from "./health-harness.ts";

const DAY = 24 * 60 * 60_000;

describe("pages", () => {
  test("that may use it are any, without https, or a whole domain; localhost is nobody's risk", async () => {
    const { assistants, find, codes } = await shop();
    const allowedOrigins = ["*", "http://shop.example", "http://localhost:3000", "http://127.0.0.1:81", "https://*.shop.example"];
    await assistants.update(ADA, "shop", { allowedOrigins }, undefined);
    expect((await find("origin-http"))?.link.origins).toEqual(["http://shop.example"]);
    expect((await find("origin-wildcard"))?.link.origins).toEqual(["https://*.shop.example"]);
    expect(await codes()).toEqual(["risky origin-any", "risky origin-http", "hint origin-wildcard", "hint kept-for-good"]);
  });

  test("never came, or not lately; a preview on this server is no page", async () => {
    const { assistants, sightings, codes, find, wait } = await openHealth();
    await assistants.create(OLIVE, shopInput());
    sightings.seen("shop", visit("https://desk.example"));
    expect(await codes()).toEqual(["hint never-seen", "hint kept-for-good"]);
    sightings.seen("shop", visit(SHOP));
    expect(await codes()).toEqual(["hint kept-for-good"]);
    wait(8 * DAY);
    expect(await find("not-seen-lately")).toMatchObject({ title: "No page has used it for 8 days", since: expect.any(Number) });
  });

  test("are in the list of all assistants: the one that came last, and no preview", async () => {
    const { assistants, health, sightings, wait } = await openHealth();
    await assistants.create(OLIVE, shopInput({ allowedOrigins: [SHOP, "https://www.shop.example"] }));
    const lastSeen = async (staff = OLIVE) =>
      (await health.summary(staff, { limit: 10 })).find(({ assistant }) => assistant === "shop")?.lastSeen;
    sightings.seen("shop", visit("https://desk.example"));
    expect(await lastSeen()).toBeUndefined();
    sightings.seen("shop", visit(SHOP));
    const first = await lastSeen();
    expect(first).toEqual({ origin: SHOP, at: expect.any(Number) });
    wait(DAY);
    sightings.seen("shop", visit("https://www.shop.example"));
    const second = await lastSeen();
    expect(second?.origin).toBe("https://www.shop.example");
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(DAY);
    wait(DAY);
    sightings.seen("shop", visit("https://desk.example"));
    sightings.refused("shop", visit("https://other.example"));
    expect((await lastSeen())?.origin).toBe("https://www.shop.example");
    expect(await health.summary(OTIS, { limit: 10 })).not.toContainEqual(expect.objectContaining({ assistant: "shop" }));
  });

  test("were turned away where alone it should be, or was before: then it does not work", async () => {
    const { assistants, sightings, codes } = await openHealth();
    await assistants.create(OLIVE, shopInput());
    sightings.refusedByAll(visit("https://elsewhere.example"));
    expect(await codes()).toContain("risky pages-refused");
    sightings.seen("shop", visit(SHOP));
    sightings.refusedByAll(visit("https://www.shop.example"));
    expect(await codes()).toContain("risky pages-refused");
    await assistants.update(ADA, "shop", { allowedOrigins: ["https://new.example"] }, undefined);
    sightings.refusedByAll(visit(SHOP));
    expect(await codes()).toContain("broken pages-refused");
    sightings.seen("shop", visit("https://new.example"));
    expect(await codes()).toContain("risky pages-refused");
  });

  test("were turned away before any came: on its own website it does not work", async () => {
    const { assistants, sightings, codes } = await openHealth();
    await assistants.create(OLIVE, shopInput());
    sightings.refusedByAll(visit("https://www.shop.example"));
    expect(await codes()).toEqual(["broken pages-refused", "hint never-seen", "hint kept-for-good"]);
  });

  test("were turned away: for their origin, for the key, before they said anything; each with what to do", async () => {
    const { health, sightings, codes, find } = await shop();
    sightings.refused("shop", visit("https://www.shop.example"));
    sightings.refusedByAll(visit("https://old.shop.example"));
    sightings.askedForUnknown("shpo", visit(SHOP));
    expect(await codes()).toEqual(["risky pages-refused", "risky pages-with-wrong-key", "hint kept-for-good"]);
    const view = await health.sightings(OLIVE, "shop");
    expect(view.refused).toEqual([
      expect.objectContaining({
        origin: SHOP,
        reason: "unknown-assistant",
        asked: "shpo",
        certain: true,
        detail: 'The page asks for the assistant "shpo", which does not exist. Its script tag probably means data-assistant="shop".',
      }),
      expect.objectContaining({ origin: "https://old.shop.example", reason: "origin-refused", certain: false }),
      expect.objectContaining({
        origin: "https://www.shop.example",
        reason: "origin-refused",
        certain: true,
        detail: 'Add "https://www.shop.example" to allowedOrigins of the assistant.',
        times: 1,
      }),
    ]);
    expect((await find("pages-refused"))?.link.origins).toEqual(["https://old.shop.example", "https://www.shop.example"]);
  });

  test("that would be let in by now are not called refused", async () => {
    const { assistants, health, sightings } = await shop();
    sightings.refused("shop", visit("https://www.shop.example"));
    sightings.askedForUnknown("second", visit(SHOP));
    await assistants.update(ADA, "shop", { allowedOrigins: [SHOP, "https://www.shop.example"] }, undefined);
    await assistants.create(OLIVE, shopInput({ key: "second" }));
    expect((await health.sightings(OLIVE, "shop")).refused).toEqual([]);
  });

  test("load the script and open no chat", async () => {
    const { health, sightings, find } = await shop();
    sightings.scriptLoaded(visit("https://blog.shop.example/a?b"));
    const [page] = (await health.sightings(OLIVE, "shop")).scriptOnly;
    expect(page).toMatchObject({ origin: "https://blog.shop.example" });
    expect(page?.detail).toContain("https://desk.example and wss://desk.example in connect-src");
    expect((await find("script-only"))?.severity).toBe("hint");
    sightings.refusedByAll(visit("https://blog.shop.example"));
    expect((await health.sightings(OLIVE, "shop")).scriptOnly).toEqual([]);
  });

  test("of strangers are shown to admins, and to an owner who waits for a first page; never to another owner's shop that has pages", async () => {
    const { assistants, health, sightings } = await shop();
    await assistants.create(OTIS, shopInput({ key: "otis", allowedOrigins: ["https://otis.example"] }));
    sightings.refusedByAll(visit("https://client-of-otis.example"));
    sightings.refusedByAll(visit("http://localhost:3000"));
    sightings.askedForUnknown("oits", visit("https://client-of-otis.example"));
    const origins = async (staff: typeof ADA, key: string) =>
      (await health.sightings(staff, key)).refused.map(({ origin, asked }) => asked ?? origin).toSorted();
    expect(await origins(OLIVE, "shop")).toEqual(["http://localhost:3000"]);
    expect(await origins(ADA, "shop")).toEqual(["http://localhost:3000", "https://client-of-otis.example", "oits"]);
    expect(await origins(OTIS, "otis")).toEqual(["http://localhost:3000", "https://client-of-otis.example", "oits"]);
  });
});

test("an assistant that is made anew under the key of one that was removed was on no page", async () => {
  const { assistants, health, sightings, documents } = await shop();
  await sightings.flush(true);
  expect(await documents.get("sighting", "shop", 0)).toBeDefined();
  await assistants.remove(ADA, "shop", undefined);
  expect(await documents.get("sighting", "shop", 0)).toBeUndefined();
  await assistants.create(OLIVE, shopInput());
  expect((await health.sightings(OLIVE, "shop")).seen).toEqual([]);
});
