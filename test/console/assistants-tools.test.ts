/** The console's pages of an assistant: its tools, its versions, and putting it on a website. */
import { createServer } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { startDesk } from "./stage/desk.ts";
import { makePots, startOrders } from "./stage/peers.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

describe("tools", () => {
  test("a connector is added; one permission, all that match, and all read-only ones are set, and taken back", async () => {
    const desk = await startDesk();
    const orders = await startOrders();
    await makePots(desk);
    await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: orders });
    await desk.admin.api("POST", "/mcp-servers/orders/test", {});
    const permissions = async () =>
      (await desk.admin.api<{ permissions: object }>("GET", "/assistants/pots/connectors/orders")).permissions;
    const page = await openConsole(desk, "/assistants/pots/tools");
    await page.getByRole("button", { name: "Add connector" }).click();
    await page.locator("dialog").getByRole("button", { name: "Add Orders" }).click();
    await page.getByRole("heading", { name: "Orders" }).waitFor();
    await page.getByLabel("Permission of Refund order").selectOption("staff");
    await page.getByText("waits until somebody here approves it").waitFor();
    await expect.poll(permissions).toMatchObject({ refund_order: { permission: "needs_approval", approver: "staff" } });
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(permissions).toEqual({});
    await page.getByLabel("Show", { exact: true }).selectOption("reads");
    await page.getByRole("searchbox", { name: "Search tools" }).fill("order");
    await page.getByText("Set all 2 tools shown to").waitFor();
    expect(page.url()).toContain("q=order&show=reads");
    await page.getByLabel("Set all 2 tools shown to").selectOption("disabled");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect.poll(permissions).toMatchObject({ list_orders: { permission: "disabled" }, lookup_order: { permission: "disabled" } });
    expect(Object.keys(await permissions())).toHaveLength(2);
    await page.getByRole("button", { name: "All read-only: always allow" }).click();
    await page.getByText(/always allowed now/).waitFor();
    expect(await permissions()).toMatchObject({ list_orders: { permission: "disabled" }, track_parcel: { permission: "always_allow" } });
    expect(await desk.admin.api("GET", "/assistants/pots/draft")).toMatchObject({ exists: false });
  });
});

describe("who approves", () => {
  test("groups, several people, a condition, and what comes of waiting are set one by one, and taken back", async () => {
    const desk = await startDesk();
    await makePots(desk);
    await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
    await desk.admin.api("POST", "/mcp-servers/orders/test", {});
    await desk.admin.api("POST", "/assistants/pots/connectors", { server: "orders", permissions: { refund_order: "needs_approval" } });
    const { id } = await desk.admin.api<{ id: string }>("POST", "/groups", { name: "Billing", description: "" });
    const refund = async () =>
      (await desk.admin.api<{ permissions: Record<string, object> }>("GET", "/assistants/pots/connectors/orders")).permissions[
        "refund_order"
      ];
    const page = await openConsole(desk, "/assistants/pots/tools/orders");
    await page.getByRole("button", { name: "More for Refund order" }).click();
    const dialog = page.getByRole("dialog", { name: "Refund order" });
    await dialog.getByRole("checkbox", { name: "Billing" }).check();
    await expect.poll(refund).toMatchObject({ approverGroups: [id] });
    await dialog.getByRole("button", { name: "Add a condition" }).click();
    await dialog.getByLabel("Argument").fill("amount");
    await dialog.getByLabel("Value").fill("10000");
    await dialog.locator(".condition").getByLabel("How many of your team have to approve").selectOption("2");
    await expectSound(page);
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.getByText("amount > 10000: 2 people of your team").waitFor();
    const when = [{ argument: "amount", is: ">", value: 10_000, approver: "staff", people: 2 }];
    await expect.poll(refund).toMatchObject({ when, approver: "customer", approverGroups: [id] });
    await dialog.getByLabel("When the customer's time is over").selectOption("ask-staff");
    await expect.poll(refund).toMatchObject({ expires: "ask-staff", when });
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect.poll(refund).toMatchObject({ expires: "reject", when });
    await page.getByRole("button", { name: "More for Refund order" }).click();
    await dialog.getByLabel("When the customer calls").selectOption("phrase");
    await dialog.getByText("Only the exact phrase approves it").waitFor();
    await expect.poll(refund).toMatchObject({ spoken: "phrase", when });
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect.poll(refund).toMatchObject({ spoken: "auto", when });
    // Another choice of who decides leaves the rest as it is.
    await page.getByLabel("Permission of Refund order").selectOption("staff");
    await expect.poll(refund).toMatchObject({ approver: "staff", when, approverGroups: [id] });
  });
});

describe("versions", () => {
  test("going back publishes exactly that version", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const first = await desk.admin.versionOf("/assistants/pots");
    await desk.admin.api("PATCH", "/assistants/pots", { prompt: "Second", maxSteps: 3, look: { accent: "#b5542a" } }, first);
    const page = await openConsole(desk, "/assistants/pots/versions");
    await page.getByRole("link", { name: "Version 2" }).click();
    await page.getByRole("heading", { name: "Accent" }).waitFor();
    await page.getByRole("link", { name: "Version 1" }).click();
    await page.getByRole("button", { name: "Go back to this version" }).click();
    await page.locator("dialog").getByRole("button", { name: "Go back to this version" }).click();
    await page.getByText("Version 1 is published again, as version 3.").waitFor();
    const settings = async (number: number) =>
      (await desk.admin.api<{ settings: object }>("GET", `/assistants/pots/versions/${number}`)).settings;
    expect(await settings(3)).toEqual(await settings(1));
    // Beside the list stands what holds now, and nothing to go back to.
    await page.getByText("These settings are published now.").waitFor();
    expect(await page.getByRole("button", { name: "Go back to this version" }).count()).toBe(0);
  });

  test("going back says what changes in which direction, and takes the chat off a website only if that is wanted", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const site = "https://pots.example";
    const change = { prompt: "You sell pans.", allowedOrigins: [site] };
    await desk.admin.api("PATCH", "/assistants/pots", change, await desk.admin.versionOf("/assistants/pots"));
    const page = await openConsole(desk, "/assistants/pots/versions?version=1");
    await page.getByRole("button", { name: "Go back to this version" }).click();
    const dialog = page.getByRole("dialog", { name: "Go back to version 1?" });
    const changes = dialog.getByRole("region", { name: "What going back changes" });
    await expect.poll(() => changes.getByRole("deletion").allTextContents()).toEqual(["pans"]);
    await expect.poll(() => changes.getByRole("insertion").allTextContents()).toEqual(["pots"]);
    const keep = dialog.getByRole("switch", { name: "Keep the websites that are allowed now" });
    expect(await keep.isChecked()).toBe(true);
    await keep.uncheck();
    await dialog.getByText(`The chat disappears from ${site}.`).waitFor();
    await changes.getByRole("heading", { name: "Allowed websites" }).waitFor();
    await keep.check();
    await dialog.getByRole("button", { name: "Go back to this version" }).click();
    await page.getByText("Version 1 is published again, as version 3.").waitFor();
    expect(await desk.admin.api("GET", "/assistants/pots")).toMatchObject({ prompt: "You sell pots.", allowedOrigins: [site] });
  });
});

describe("installing", () => {
  test("says why a page was turned away, allows it, and turns green when it comes", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const site = createServer((_request, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end(`<!doctype html><script async src="${desk.url}/frontdesk.js" data-assistant="pots"></script>`);
    });
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void site.close());
    const address = site.address();
    const origin = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
    const page = await openConsole(desk, "/assistants/pots/install");
    await page.getByText("Waiting for the first page").waitFor();

    const visitor = await page.context().newPage();
    await visitor.goto(origin);
    await visitor.getByRole("button", { name: "Open chat" }).click();
    await page.getByText("This website is not allowed.").waitFor();
    await page.getByRole("button", { name: `Allow ${origin}` }).click();
    await page.getByText(`${origin} may have the chat now.`).waitFor();
    // It was left open.
    await visitor.reload();
    await page.getByText(`${origin} has the chat`).waitFor();
    expect(await page.getByText("Waiting for the first page").count()).toBe(0);
  });

  test("takes any address of a site, pins the script, and has code for each kind of site", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const page = await openConsole(desk, "/assistants/pots/install");
    await page.getByLabel("Add a website").fill("www.shop.example/cart?x=1");
    await page.getByText("It allows https://www.shop.example.").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("https://www.shop.example may have the chat now.").waitFor();
    expect(await desk.admin.api("GET", "/assistants/pots")).toMatchObject({
      allowedOrigins: ["https://a.example", "https://www.shop.example"],
    });
    await page.getByRole("switch", { name: "Pin the script" }).check();
    await expect
      .poll(() => page.getByRole("textbox", { name: "The tag" }).textContent())
      .toMatch(/\/v\/\w{16}\/frontdesk\.js" integrity="sha\d+-[^"]+" crossorigin="anonymous" data-assistant="pots"/);
    await page.getByLabel("Your site is made with").selectOption("gtm");
    const code = (await page.getByRole("textbox", { name: "Code for Google Tag Manager" }).textContent()) ?? "";
    expect(code).toContain('script.setAttribute("data-assistant", "pots");');
    const names = await page.getByLabel("Your site is made with").locator("option").allTextContents();
    for (const name of names) {
      await page.getByLabel("Your site is made with").selectOption({ label: name });
      await page.getByRole("list", { name, exact: true }).getByRole("listitem").first().waitFor();
    }
    expect(names).toHaveLength(12);
  });
});
