/** The console's pages of assistants: making one, its draft, its tools, its versions, and putting it on a website. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createServer } from "node:http";
import { launchBrowser } from "../support/browser.ts";
import { expectNarrow, faultsOf, makeShop, MODEL, openDesk, openPeers } from "./assistants-stage.ts";

/** What the page or the server comes to say. */
const soon = <Value>(read: () => Value) => expect.poll(read, { timeout: 10_000 });

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("making an assistant", () => {
  test("a name, a purpose and a model are enough; a model that does not answer is said before", async () => {
    const desk = await openDesk(browser);
    const { model } = await openPeers();
    const { page, faults } = await desk.open("/assistants");
    await page.getByRole("heading", { name: "No assistants yet" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "New assistant" }).click();
    await soon(() => page.evaluate(() => document.activeElement?.id)).toBe("field-name");
    await page.keyboard.type("Käse & Wein");
    expect(await page.getByLabel("Key", { exact: true }).inputValue()).toBe("kaese-wein");
    await page.getByLabel("What it is for").fill("Answer questions about cheese.");
    expect(await page.getByLabel("Instructions").inputValue()).toContain("You are Käse & Wein");
    expect(await page.getByLabel("Instructions").inputValue()).toContain("Answer questions about cheese.");
    await page.getByLabel("Provider").selectOption("openai-compatible");
    await page.getByLabel("Model", { exact: true }).fill("scripted");
    await page.getByLabel("Address of the API").fill("http://127.0.0.1:9/v1");
    await page.getByRole("button", { name: "Check the key" }).click();
    await page.getByText("It does not work.").waitFor();
    await page.getByLabel("Address of the API").fill(model);
    await page.getByRole("button", { name: "Check the key" }).click();
    await page.getByText(/It works|tools cannot be used/).waitFor();
    await page.getByLabel("Website").fill("not a website at all");
    await page.getByRole("button", { name: "Make the assistant" }).click();
    await page
      .getByText(/expected an origin|Expected/i)
      .first()
      .waitFor();
    await page.getByLabel("Website").fill("https://cheese.example/shop?x=1");
    await page.getByRole("button", { name: "Make the assistant" }).click();
    await page.getByRole("heading", { name: "Käse & Wein" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/console/assistants/kaese-wein");
    const { body } = await desk.call("GET", "/assistants/kaese-wein");
    expect(body).toMatchObject({ allowedOrigins: ["https://cheese.example"], model: { apiKeySet: false } });
    expect(faults.filter((fault) => !fault.includes("422"))).toEqual([]);
  });

  test("what the configuration file declares is shown with its place, and cannot be changed", async () => {
    const desk = await openDesk(browser);
    const { page } = await desk.open("/assistants/shop");
    await page.getByText("at assistants.shop").waitFor();
    expect(await page.getByLabel("Instructions").getAttribute("readonly")).not.toBe(null);
    expect(await page.getByRole("button", { name: "Save" }).count()).toBe(0);
  });
});

describe("the draft", () => {
  test("is saved, read, published with a note; the key stays, and customers see nothing before", async () => {
    const desk = await openDesk(browser);
    await desk.call("POST", "/assistants", {
      key: "pots",
      name: "Pots",
      prompt: "You sell pots.",
      model: MODEL,
      allowedOrigins: ["https://a.example"],
    });
    const { page, faults } = await desk.open("/assistants/pots");
    await page.getByLabel("Instructions").fill("You sell pots and pans.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Draft: 1 change not published").waitFor();
    expect((await desk.call("GET", "/assistants/pots")).body).toMatchObject({ prompt: "You sell pots.", model: { apiKeySet: true } });
    await page.getByRole("button", { name: "Show changes" }).click();
    expect(await page.locator("#draft-changes ins").allTextContents()).toEqual(["and pans"]);
    await page.getByLabel("Greeting").fill("Hello");
    // What is typed and not saved goes with it.
    await page.getByRole("button", { name: "Publish" }).click();
    await page.locator("wa-dialog").getByLabel("Note").fill("Pans are new");
    await page.locator("wa-dialog").getByRole("button", { name: "Publish" }).click();
    await page.getByText("Version 2 is published.").waitFor();
    await page.getByText("not published").waitFor({ state: "detached" });
    expect((await desk.call("GET", "/assistants/pots")).body).toMatchObject({
      prompt: "You sell pots and pans.",
      greeting: "Hello",
      version: 2,
      model: { apiKeySet: true },
    });
    await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Setup");
    expect(faults).toEqual([]);
  });

  test("is discarded after a question that names what is lost", async () => {
    const desk = await openDesk(browser);
    await makeShopAt(desk, "pots");
    const { page } = await desk.open("/assistants/pots");
    await page.getByLabel("Instructions").fill("Other");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Discard draft" }).click();
    await page.locator("wa-dialog").getByText("Instructions").waitFor();
    await page.locator("wa-dialog").getByRole("button", { name: "Discard draft" }).click();
    await page.getByText("The draft is discarded.").waitFor();
    await soon(() => page.getByLabel("Instructions").inputValue()).toBe("You sell pots.");
    expect((await desk.call("GET", "/assistants/pots/draft")).body).toMatchObject({ exists: false });
  });

  test("what two change is chosen field by field: before it is saved, and before it is published", async () => {
    const desk = await openDesk(browser);
    await makeShopAt(desk, "pots");
    const { page } = await desk.open("/assistants/pots");
    await page.getByLabel("Instructions").fill("Mine");
    const draft = await desk.call("GET", "/assistants/pots/draft");
    await desk.call("PATCH", "/assistants/pots/draft", { prompt: "Theirs", careful: true }, draft.tag);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Now saved: Theirs").waitFor();
    expect(await page.getByLabel("Instructions").inputValue()).toBe("Mine");
    await page.getByRole("button", { name: "Keep mine" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Draft: 2 changes not published").waitFor();

    const published = await desk.call("GET", "/assistants/pots");
    await desk.call("PATCH", "/assistants/pots", { prompt: "Published meanwhile" }, published.tag);
    await page.reload();
    await page.getByText("Version 2 was published").waitFor();
    expect(await page.getByRole("button", { name: "Publish" }).count()).toBe(0);
    await page.getByRole("radio", { name: "Published" }).check();
    await page.getByRole("button", { name: "Bring the draft up to date" }).click();
    await page.getByRole("button", { name: "Publish" }).waitFor();
    expect((await desk.call("GET", "/assistants/pots/draft")).body).toMatchObject({
      settings: { prompt: "Published meanwhile", careful: true },
    });
  });

  test("what is typed stays from tab to tab, also with Back, and is asked for when one leaves", async () => {
    const desk = await openDesk(browser);
    await makeShopAt(desk, "pots");
    const { page } = await desk.open("/assistants/pots");
    await page.getByLabel("Greeting").fill("Half typed");
    await page.getByRole("tab", { name: "Look" }).click();
    await page.getByLabel("Header").fill("Pots & more");
    await page.goBack();
    expect(await page.getByLabel("Greeting").inputValue()).toBe("Half typed");
    await page.getByRole("link", { name: "People" }).click();
    await page.locator("wa-dialog").getByRole("button", { name: "Keep editing" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Draft: 2 changes not published").waitFor();
    await page.getByRole("link", { name: "People" }).click();
    await page.getByRole("heading", { name: "People" }).waitFor();
  });
});

describe("the look", () => {
  test("is seen in the preview, warned of, and carried by the tag once it is published", async () => {
    const desk = await openDesk(browser);
    await makeShopAt(desk, "pots");
    const { page, faults } = await desk.open("/assistants/pots/look");
    await page.getByLabel("Accent (optional)").fill("#ffee00");
    await page.getByText("This colour is hard to see against the page.").waitFor();
    await page.getByRole("button", { name: /the nearest that passes/ }).click();
    await page.getByText("Letters on it are").waitFor();
    const accent = await page.getByLabel("Accent (optional)").inputValue();
    expect(accent).not.toBe("#ffee00");
    expect(await page.getByText("hard to").count()).toBe(0);
    await page.getByLabel("Header").fill('Pots "&" <pans>');
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Draft: 2 changes not published").waitFor();
    const frame = page.frameLocator("iframe");
    await frame.getByText('Pots "&" <pans>').waitFor();
    await page.getByRole("button", { name: "Dark" }).click();
    await frame.locator("front-desk[theme=dark]").waitFor({ state: "attached" });
    // The chat in the frame opens by itself, and takes the focus from nobody.
    await frame.getByText('Pots "&" <pans>').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Dark");
    await page.getByRole("tab", { name: "Install" }).click();
    await page.getByText("It has the look that is published.").waitFor();
    expect(await page.getByRole("textbox", { name: "The tag" }).textContent()).not.toContain("accent");
    await page.getByRole("button", { name: "Publish" }).click();
    await page.locator("wa-dialog").getByRole("button", { name: "Publish" }).click();
    await soon(() => page.getByRole("textbox", { name: "The tag" }).textContent()).toBe(
      `<script async src="${desk.url}/frontdesk.js" data-assistant="pots" data-accent="${accent}" data-label="Pots &quot;&amp;&quot; &lt;pans&gt;"></script>`,
    );
    expect(faults).toEqual([]);
  });
});

describe("tools", () => {
  test("a connector is added; one permission, all that match, and all read-only ones are set, and taken back", async () => {
    const desk = await openDesk(browser);
    const { orders } = await openPeers();
    await makeShopAt(desk, "pots");
    await desk.call("POST", "/mcp-servers", { key: "orders", name: "Orders", url: orders });
    await desk.call("POST", "/mcp-servers/orders/test", {});
    const permissions = async () =>
      (await desk.call<{ permissions: object }>("GET", "/assistants/pots/connectors/orders")).body.permissions;
    const { page, faults } = await desk.open("/assistants/pots/tools");
    await page.getByRole("button", { name: "Add connector" }).click();
    await page.locator("wa-dialog").getByRole("button", { name: "Add Orders" }).click();
    await page.getByRole("heading", { name: "Orders" }).waitFor();
    await page.getByLabel("Permission of Refund order").selectOption("staff");
    await page.getByText("waits until somebody here approves it").waitFor();
    await soon(permissions).toMatchObject({ refund_order: { permission: "needs_approval", approver: "staff" } });
    await page.getByRole("button", { name: "Undo" }).click();
    await soon(permissions).toEqual({});
    await page.getByLabel("Show", { exact: true }).selectOption("reads");
    await page.getByRole("searchbox", { name: "Search tools" }).fill("order");
    await page.getByText("Set all 2 tools shown to").waitFor();
    expect(page.url()).toContain("q=order&show=reads");
    await page.getByLabel("Set all 2 tools shown to").selectOption("disabled");
    await page.getByRole("button", { name: "Apply" }).click();
    await soon(permissions).toMatchObject({ list_orders: { permission: "disabled" }, lookup_order: { permission: "disabled" } });
    expect(Object.keys(await permissions())).toHaveLength(2);
    await page.getByRole("button", { name: "All read-only: always allow" }).click();
    await page.getByText(/always allowed now/).waitFor();
    expect(await permissions()).toMatchObject({ list_orders: { permission: "disabled" }, track_parcel: { permission: "always_allow" } });
    expect((await desk.call("GET", "/assistants/pots/draft")).body).toMatchObject({ exists: false });
    expect(faults).toEqual([]);
  });
});

describe("versions", () => {
  test("going back publishes exactly that version", async () => {
    const desk = await openDesk(browser);
    await makeShopAt(desk, "pots");
    const first = await desk.call("GET", "/assistants/pots");
    await desk.call("PATCH", "/assistants/pots", { prompt: "Second", maxSteps: 3, look: { accent: "#b5542a" } }, first.tag);
    const { page } = await desk.open("/assistants/pots/versions");
    await page.getByRole("link", { name: "Version 2" }).click();
    await page.getByRole("heading", { name: "Accent" }).waitFor();
    await page.getByRole("link", { name: "Version 1" }).click();
    await page.getByRole("button", { name: "Go back to this version" }).click();
    await page.locator("wa-dialog").getByRole("button", { name: "Go back to this version" }).click();
    await page.getByText("Version 1 is published again, as version 3.").waitFor();
    const settings = async (number: number) =>
      (await desk.call<{ settings: object }>("GET", `/assistants/pots/versions/${number}`)).body.settings;
    expect(await settings(3)).toEqual(await settings(1));
  });
});

describe("installing", () => {
  test("says why a page was turned away, allows it, and turns green when it comes", async () => {
    const desk = await openDesk(browser);
    await makeShopAt(desk, "pots");
    const site = createServer((_request, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end(`<!doctype html><script async src="${desk.url}/frontdesk.js" data-assistant="pots"></script>`);
    });
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void site.close());
    const address = site.address();
    const origin = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
    const { page } = await desk.open("/assistants/pots/install");
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
    const desk = await openDesk(browser);
    await makeShopAt(desk, "pots");
    const { page } = await desk.open("/assistants/pots/install");
    await page.getByLabel("Add a website").fill("www.shop.example/cart?x=1");
    await page.getByText("It allows https://www.shop.example.").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("https://www.shop.example may have the chat now.").waitFor();
    expect((await desk.call("GET", "/assistants/pots")).body).toMatchObject({
      allowedOrigins: ["https://a.example", "https://www.shop.example"],
    });
    await page.getByRole("switch", { name: "Pin the script" }).check();
    await soon(() => page.getByRole("textbox", { name: "The tag" }).textContent()).toMatch(
      /\/v\/\w{16}\/frontdesk\.js" integrity="sha\d+-[^"]+" crossorigin="anonymous" data-assistant="pots"/,
    );
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

describe("the others", () => {
  test("health leads to where it is mended", async () => {
    const desk = await openDesk(browser);
    await makeShopAt(desk, "pots", { allowedOrigins: ["*"] });
    const { page } = await desk.open("/assistants/pots/health");
    await page.getByRole("heading", { name: "Every website may use it" }).waitFor();
    await page.getByRole("link", { name: "Go to the allowed websites" }).click();
    await soon(() => page.evaluate(() => document.activeElement?.id)).toBe("field-allowedOrigins");
  });

  test("an assistant is duplicated, given away, and deleted by its name, with what hangs on it", async () => {
    const desk = await openDesk(browser);
    await makeShopAt(desk, "pots");
    await desk.call("POST", "/people", { name: "Grace", email: "grace@desk.example", roles: ["owner"] });
    const { page } = await desk.open("/assistants/pots");
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Duplicate" }).click();
    await page.locator("wa-dialog").getByRole("button", { name: "Duplicate" }).click();
    await page.getByRole("heading", { name: "Pots (copy)" }).waitFor();
    expect(page.url()).toMatch(/\/assistants\/pots-copy$/);
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Give to somebody else" }).click();
    await page.locator("wa-dialog").getByLabel("Owner").selectOption({ label: "Grace · grace@desk.example" });
    await page.locator("wa-dialog").getByRole("button", { name: "Give it" }).click();
    await page.getByText("Owner: Grace").waitFor();
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const dialog = page.locator("wa-dialog");
    await dialog.getByText("https://a.example").waitFor();
    expect(await dialog.getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
    await dialog.getByLabel("Type Pots (copy) to go on").fill("Pots (copy)");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByText("Pots (copy) was deleted.").waitFor();
    await page.getByRole("link", { name: "Pots", exact: true }).waitFor();
  });
});

describe("every tab", () => {
  const TABS = ["", "/look", "/tools", "/tools/orders", "/versions?version=1", "/health", "/install"];

  const prepared = async () => {
    const desk = await openDesk(browser);
    const { orders } = await openPeers();
    await makeShopAt(desk, "pots", { greeting: `Hello ${"x".repeat(200)}` });
    await desk.call("POST", "/mcp-servers", { key: "orders", name: "Orders", url: orders });
    await desk.call("POST", "/mcp-servers/orders/test", {});
    await desk.call("POST", "/assistants/pots/connectors", { server: "orders" });
    const { tag } = await desk.call("GET", "/assistants/pots/draft");
    await desk.call("PATCH", "/assistants/pots/draft", { prompt: "Other", look: { accent: "#ffee00" } }, tag);
    return desk;
  };

  test.each([
    ["light", 1440],
    ["dark", 390],
  ] as const)("has nothing that axe finds and nothing too wide, %s, at %d pixels", async (scheme, width) => {
    const desk = await prepared();
    for (const path of ["/assistants", "/assistants/-new", ...TABS.map((tab) => `/assistants/pots${tab}`)]) {
      const { page } = await desk.open(path, { scheme, width });
      await page.locator("main h1").waitFor();
      await page.locator("main .skeleton").first().waitFor({ state: "detached" });
      expect(await faultsOf(page), path).toEqual([]);
      await expectNarrow(page, width);
      await page.context().close();
    }
  });

  test("is worked with the keyboard alone", async () => {
    const desk = await prepared();
    const { page } = await desk.open("/assistants");
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim());
    const tabTo = async (name: string): Promise<void> => {
      for (let step = 0; step < 60 && (await focused())?.startsWith(name) !== true; step += 1) await page.keyboard.press("Tab");
      expect(await focused()).toMatch(new RegExp(`^${name}`));
    };
    await page.getByRole("link", { name: "Pots" }).waitFor();
    await tabTo("Pots");
    await page.keyboard.press("Enter");
    await page.getByLabel("Instructions").waitFor();
    await tabTo("Setup");
    await page.keyboard.press("ArrowRight");
    await page.getByLabel("Accent (optional)").waitFor();
    expect(await focused()).toBe("Look");
    await page.keyboard.press("ArrowRight");
    await tabTo("Orders");
    await page.keyboard.press("Enter");
    await page.getByLabel("Permission of Refund order").waitFor();
    await tabTo("Permission of Refund order");
    await page.keyboard.press("d");
    await soon(async () => (await desk.call("GET", "/assistants/pots/connectors/orders")).body).toMatchObject({
      permissions: { refund_order: { permission: "disabled" } },
    });
    await tabTo("Publish");
    await page.keyboard.press("Enter");
    await page.locator("wa-dialog").getByLabel("Note").waitFor();
    await soon(focused).not.toBe("Publish");
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Tab");
    await tabTo("Publish");
    await page.keyboard.press("Enter");
    await page.getByText("Version 2 is published.").waitFor();
    await soon(focused).toBe("Tools");
  });
});

test("somebody of support sees an assistant, and nothing to change it with", async () => {
  const desk = await openDesk(browser);
  await makeShopAt(desk, "pots");
  await desk.asPerson("Sam", ["support"]);
  const { page, faults } = await desk.open("/assistants/pots");
  await page.getByText("You can look at it.").waitFor();
  await soon(() => page.getByRole("tab").allTextContents()).toEqual(["Setup", "Look", "Tools", "Versions"]);
  for (const name of ["Save", "Publish", "More", "Preview"]) expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
  await page.getByRole("tab", { name: "Tools" }).click();
  await page.getByText("No connectors yet").waitFor();
  expect(await page.getByRole("button", { name: "Add connector" }).count()).toBe(0);
  expect(faults).toEqual([]);
});

async function makeShopAt(desk: Parameters<typeof makeShop>[0], key: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await makeShop(desk, { key, name: "Pots", allowedOrigins: ["https://a.example"], ...more });
}
