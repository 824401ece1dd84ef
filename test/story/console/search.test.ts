/** Words that nobody wrote: they stand in what a tool answered, and the inbox finds them. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { axeFaults } from "../../console/stage/sound.ts";
import { result, scriptedServer, tool } from "../../support/mcp-scripted-server.ts";
import { launchBrowser } from "../../support/browser.ts";
import { openStaffedDesk, picture } from "./staffed-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const rows = (page: Page) => page.getByRole("list", { name: "Conversations" }).getByRole("listitem");

test("the inbox finds a word of a tool's result, shows it there, and opens the step that it is from", async () => {
  const desk = await openStaffedDesk(browser);
  const parcel = { status: "waits in the depot", depot: "Wilhelmshaven" };
  const server = await scriptedServer({
    "tools/list": result({ tools: [tool("track", { title: "Track a parcel" })] }),
    "tools/call": result({ content: [{ type: "text", text: JSON.stringify(parcel) }], structuredContent: parcel }),
  });
  onTestFinished(() => server.close());
  await desk.admin.api("POST", "/mcp-servers", { key: "parcels", name: "Parcels", url: server.url });
  await desk.admin.api("POST", "/mcp-servers/parcels/test", {});
  const key = await desk.makeAssistant("Help");
  await desk.admin.api("POST", `/assistants/${key}/connectors`, { server: "parcels", permissions: { track: "always_allow" } });
  const [anna, ben] = [await desk.customer(key), await desk.customer(key)];
  await anna.ask("quietly use track {}");
  await anna.answered("That is done.");
  await ben.ask("Do you sell kettles?");
  await ben.answered("It says: Do you sell kettles?");

  const olive = await desk.member("Olive Stone", ["support"]);
  await olive.go("/inbox");
  await expect.poll(() => rows(olive.page).count()).toBe(2);
  const search = olive.page.getByRole("searchbox");
  await search.fill("wilhelmshav");
  await expect.poll(() => rows(olive.page).count()).toBe(1);
  await rows(olive.page).getByText("Result:").waitFor();
  expect(await rows(olive.page).locator("mark").allInnerTexts()).toEqual(["Wilhelmshav"]);
  await picture(olive.page, "search-1-found");
  expect(await axeFaults(olive.page)).toEqual([]);
  await rows(olive.page).getByRole("link").click();
  await expect.poll(() => new URL(olive.page.url()).searchParams.has("step")).toBe(true);
  await olive.page
    .getByRole("region", { name: "Tool call Track a parcel" })
    .getByText(/Wilhelmshaven/)
    .first()
    .waitFor();
  await picture(olive.page, "search-2-step");

  await olive.go("/inbox");
  await search.fill("kettles");
  await expect.poll(() => rows(olive.page).count()).toBe(1);
  await rows(olive.page).locator("mark", { hasText: "kettles" }).first().waitFor();
  expect(olive.faults).toEqual([]);
});
