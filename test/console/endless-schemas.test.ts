/** Tools whose schemas refer to themselves: honest ones do, and a server can mean harm by it. */
import { describe, expect, test } from "vitest";
import { startDesk } from "./stage/desk.ts";
import { makePots, peerWith } from "./stage/peers.ts";
import { settled } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

const ANY_JSON = { anyOf: [{ type: "string" }, { type: "array", items: { $ref: "#/$defs/json" } }, { type: "null" }, { type: "number" }] };
const WIDE = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`p${at}`, { $ref: "#" }]));
const MANY = { anyOf: Array.from({ length: 60 }, () => ({ $ref: "#/$defs/many" })) };
const TOOLS = [
  { name: "json", inputSchema: { type: "object", properties: { value: { $ref: "#/$defs/json" } }, $defs: { json: ANY_JSON } } },
  { name: "lists", inputSchema: { type: "object", properties: { all: { type: "array", items: { $ref: "#/properties/all" } } } } },
  { name: "many", inputSchema: { type: "object", properties: { one: { $ref: "#/$defs/many" } }, $defs: { many: MANY } } },
  { name: "wide", inputSchema: { type: "object", properties: WIDE } },
];

describe("a tool whose schema refers to itself", () => {
  test("is shown, and can be tried", async () => {
    const [desk, peer] = [await startDesk(), await peerWith(TOOLS.map((tool) => ({ description: "Looks.", ...tool })))];
    await desk.admin.api("POST", "/mcp-servers", { key: "odd", name: "Odd", url: peer.url });
    const page = await openConsole(desk, "/tools/mcp-servers/odd/tools");
    await page.getByRole("link", { name: "wide" }).waitFor();
    for (const { name } of TOOLS) {
      await page.goto(`${desk.url}/console/tools/mcp-servers/odd/tools/${name}`);
      await settled(page);
      const table = page.getByRole("region", { name: "Parameters" });
      await table.waitFor();
      const rows = await table.locator("tbody tr").count();
      expect([name, rows > 0 && rows <= 300]).toEqual([name, true]);
      expect(await page.locator("textarea, input").count()).toBeLessThan(400);
    }
    await page.goto(`${desk.url}/console/tools/mcp-servers/odd/tools/json`);
    await page.getByText("text or list of anything or nothing or number").waitFor();
  });
});

test("a name with blanks and unseen characters can be typed to delete what has it", async () => {
  const desk = await startDesk();
  await makePots(desk, { name: " Pots  \u200ea\u200bnd pans " });
  const page = await openConsole(desk, "/assistants/pots");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.locator("dialog input").fill("Pots and pans");
  await page.locator("dialog [data-confirm]").click();
  await expect.poll(async () => (await desk.admin.api<{ items: unknown[] }>("GET", "/assistants")).items).toEqual([]);
});
