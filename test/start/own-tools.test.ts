import { expect, it } from "vitest";
import { addEntrances } from "../../server/start/own-tools.ts";
import { echo, openUpgrades } from "../live/upgrade-harness.ts";

it("a tool source over a socket has its entrance at the door, and one without has none", async () => {
  const { upgrades, knock } = await openUpgrades();
  const source = { usableTools: () => [], load: () => Promise.reject(new Error("No answer needs tools.")) };
  addEntrances(upgrades, [source, { ...source, entrance: { ...echo({ origins: () => [], needsOrigin: false }), paths: ["/devices"] } }]);
  expect((await knock("/devices", {})).status).toBe(101);
  expect(await knock("/devices")).toMatchObject({ status: 403, error: { code: "origin-refused" } });
});
