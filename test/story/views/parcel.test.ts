/** The demo's own view: a parcel, whose delivery the customer moves. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startOrders } from "../../../demo/orders/server.ts";
import { insideOf, keepPicture, openViewStage, type ViewStage } from "./view-stage.ts";

let stage: ViewStage;
let orders: Awaited<ReturnType<typeof startOrders>>;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "frontdesk-parcel-"));
  orders = await startOrders({ port: 0, file: join(folder, "orders.json"), trackDurationMs: 0 });
  const servers = { post: { name: "Lull orders", url: `${orders.url}/mcp` } };
  const permissions = { post: { "*": "always_allow", move_delivery: "needs_approval" } };
  stage = await openViewStage({ servers, permissions });
});
afterEach(async ({ task }) => {
  expect((await stage.endVisits(task)).filter((trouble) => !trouble.includes("frame-src"))).toEqual([]);
});
afterAll(async () => {
  await stage?.close();
  await orders?.close();
  await rm(folder, { recursive: true, force: true });
});

test("a delivery that was moved after an approval stands at its new day, after a reload too", async () => {
  const visit = await stage.visit("/");
  await visit.openPanel();
  await visit.ask('use track_parcel {"orderId":"1042"}');
  await visit.answered("Here it is.");
  const inside = insideOf(visit);
  const day = await inside.getByRole("combobox").locator("option").nth(1).innerText();
  await inside.getByRole("combobox").selectOption({ label: day });
  await inside.getByRole("button", { name: "Move delivery" }).click();
  await inside.getByText("Please approve it in the chat.").waitFor();
  await keepPicture(visit.page, "parcel");
  await visit.log.getByRole("button", { name: "Approve" }).click();
  await inside.getByText(`Moved. It comes ${day} now.`).waitFor();
  await keepPicture(visit.page, "parcel-moved");
  await visit.page.reload();
  await insideOf(visit).getByText(`Expected ${day}`).waitFor();
  // Nothing is asked for by that.
  expect(await visit.log.getByRole("button", { name: "Approve" }).count()).toBe(0);
});
