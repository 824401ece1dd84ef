/** The console's pages of assistants: making one, its draft, its look, and ending it. */
import { describe, expect, test } from "vitest";
import { CONFIGURATION } from "../http/server-harness.ts";
import { startDesk } from "./stage/desk.ts";
import { makePots, startModel } from "./stage/peers.ts";
import { openConsole } from "./stage/tab.ts";

describe("making an assistant", () => {
  test("a name, a purpose and a model are enough; a model that does not answer is said before", async () => {
    const desk = await startDesk(CONFIGURATION);
    const model = await startModel();
    const page = await openConsole(desk, "/assistants");
    await page.getByRole("heading", { name: "No assistants yet" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "New assistant" }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("field-name");
    await page.keyboard.type("Käse & Wein");
    expect(await page.getByLabel("Identifier", { exact: true }).inputValue()).toBe("kaese-wein");
    await page.getByLabel("What it is for").fill("Answer questions about cheese.");
    expect(await page.getByLabel("Instructions").inputValue()).toContain("You are Käse & Wein");
    expect(await page.getByLabel("Instructions").inputValue()).toContain("Answer questions about cheese.");
    await page.getByLabel("Provider").selectOption("openai-compatible");
    await page.getByLabel("Model", { exact: true }).fill("scripted");
    await page.getByLabel("Address of the API").fill("http://127.0.0.1:9/v1");
    await page.getByRole("button", { name: "Check the model" }).click();
    await page.getByText("It does not work.").waitFor();
    await page.getByLabel("Address of the API").fill(model);
    await page.getByRole("button", { name: "Check the model" }).click();
    await page.getByText(/It works|tools cannot be used/).waitFor();
    await page.getByLabel("Website").fill("not a website at all");
    await page.getByRole("button", { name: "Make the assistant" }).click();
    await page.getByText("This is no website. It looks like https://shop.example").waitFor();
    await page.getByLabel("Website").fill("https://cheese.example/shop?x=1");
    await page.getByRole("button", { name: "Make the assistant" }).click();
    await page.getByRole("heading", { name: "Käse & Wein" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/console/assistants/kaese-wein");
    expect(await desk.admin.api("GET", "/assistants/kaese-wein")).toMatchObject({
      allowedOrigins: ["https://cheese.example"],
      model: { apiKeySet: false },
    });
  });

  test("what the configuration file declares is shown with its place, and cannot be changed", async () => {
    const desk = await startDesk(CONFIGURATION);
    const page = await openConsole(desk, "/assistants/shop");
    await page.getByText("at assistants.shop").waitFor();
    expect(await page.getByLabel("Instructions").getAttribute("readonly")).not.toBe(null);
    expect(await page.getByRole("button", { name: "Save" }).count()).toBe(0);
  });
});

describe("the draft", () => {
  test("is saved, read, published with a note; the key stays, and customers see nothing before", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const page = await openConsole(desk, "/assistants/pots");
    await page.getByLabel("Instructions").fill("You sell pots and pans.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Draft: 1 change not published").waitFor();
    expect(await desk.admin.api("GET", "/assistants/pots")).toMatchObject({ prompt: "You sell pots.", model: { apiKeySet: true } });
    await page.getByRole("button", { name: "Show changes" }).click();
    await expect.poll(() => page.locator("#draft-changes ins").allTextContents()).toEqual(["and pans"]);
    await page.getByLabel("Greeting").fill("Hello");
    // What is typed and not saved goes with it.
    await page.getByRole("button", { name: "Publish" }).click();
    await page.locator("dialog").getByLabel("Note").fill("Pans are new");
    await page.locator("dialog").getByRole("button", { name: "Publish" }).click();
    await page.getByText("Version 2 is published.").waitFor();
    await page.getByText("not published").waitFor({ state: "detached" });
    expect(await desk.admin.api("GET", "/assistants/pots")).toMatchObject({
      prompt: "You sell pots and pans.",
      greeting: "Hello",
      version: 2,
      model: { apiKeySet: true },
    });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Setup");
  });

  test("keeps prices and costs as they are typed, cents and all", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const page = await openConsole(desk, "/assistants/pots");
    await page.getByText("Numbers and limits").click();
    await page.getByLabel("A million tokens of input").fill("0.15");
    await page.getByLabel("A million tokens of output").fill("2.5");
    await page.getByLabel("Currency").fill("USD");
    await page.getByLabel("Cost a day").fill("1.5");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("not published").waitFor();
    expect(await desk.admin.api("GET", "/assistants/pots/draft")).toMatchObject({
      settings: { model: { prices: { input: 0.15, output: 2.5, currency: "USD" } }, budget: { costPerDay: 1.5 } },
    });
  });

  test("is discarded after a question that names what is lost", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const page = await openConsole(desk, "/assistants/pots");
    await page.getByLabel("Instructions").fill("Other");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Discard draft" }).click();
    await page.locator("dialog").getByText("Instructions").waitFor();
    await page.locator("dialog").getByRole("button", { name: "Discard draft" }).click();
    await page.getByText("The draft is discarded.").waitFor();
    await expect.poll(() => page.getByLabel("Instructions").inputValue()).toBe("You sell pots.");
    expect(await desk.admin.api("GET", "/assistants/pots/draft")).toMatchObject({ exists: false });
  });

  test("what two change is chosen field by field: before it is saved, and before it is published", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const page = await openConsole(desk, "/assistants/pots");
    await page.getByLabel("Instructions").fill("Mine");
    const draft = await desk.admin.versionOf("/assistants/pots/draft");
    await desk.admin.api("PATCH", "/assistants/pots/draft", { prompt: "Theirs", careful: true }, draft);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Now saved: Theirs").waitFor();
    expect(await page.getByLabel("Instructions").inputValue()).toBe("Mine");
    await page.getByRole("button", { name: "Keep mine" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Draft: 2 changes not published").waitFor();

    const published = await desk.admin.versionOf("/assistants/pots");
    await desk.admin.api("PATCH", "/assistants/pots", { prompt: "Published meanwhile" }, published);
    await page.reload();
    await page.getByText("Version 2 was published").waitFor();
    expect(await page.getByRole("button", { name: "Publish" }).count()).toBe(0);
    await page.getByRole("radio", { name: "Published" }).check();
    await page.getByRole("button", { name: "Bring the draft up to date" }).click();
    await page.getByRole("button", { name: "Publish" }).waitFor();
    expect(await desk.admin.api("GET", "/assistants/pots/draft")).toMatchObject({
      settings: { prompt: "Published meanwhile", careful: true },
    });
  });

  test("what is typed stays from tab to tab, also with Back, and is asked for when one leaves", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const page = await openConsole(desk, "/assistants/pots");
    await page.getByLabel("Greeting").fill("Half typed");
    await page.getByRole("tab", { name: "Look" }).click();
    await page.getByLabel("Header").fill("Pots & more");
    await page.goBack();
    expect(await page.getByLabel("Greeting").inputValue()).toBe("Half typed");
    await page.getByRole("link", { name: "People" }).click();
    await page.locator("dialog").getByRole("button", { name: "Keep editing" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Draft: 2 changes not published").waitFor();
    await page.getByRole("link", { name: "People" }).click();
    await page.getByRole("heading", { name: "People" }).waitFor();
  });
});

describe("the look", () => {
  test("is seen in the preview, warned of, and carried by the tag once it is published", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const page = await openConsole(desk, "/assistants/pots/look");
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
    await page.locator("dialog").getByRole("button", { name: "Publish" }).click();
    await expect
      .poll(() => page.getByRole("textbox", { name: "The tag" }).textContent())
      .toBe(
        `<script async src="${desk.url}/frontdesk.js" data-assistant="pots" data-accent="${accent}" data-label="Pots &quot;&amp;&quot; &lt;pans&gt;"></script>`,
      );
  });
});

describe("the others", () => {
  test("health leads to where it is mended", async () => {
    const desk = await startDesk();
    await makePots(desk, { allowedOrigins: ["*"] });
    const page = await openConsole(desk, "/assistants/pots/health");
    await page.getByRole("heading", { name: "Every website may use it" }).waitFor();
    await page.getByRole("link", { name: "Go to the allowed websites" }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("field-allowedOrigins");
  });

  test("an assistant is duplicated, given away, and deleted by its name, with what hangs on it", async () => {
    const desk = await startDesk();
    await makePots(desk);
    await desk.admin.api("POST", "/people", { name: "Grace", email: "grace@desk.example", roles: ["owner"] });
    const page = await openConsole(desk, "/assistants/pots");
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Duplicate" }).click();
    await page.locator("dialog").getByRole("button", { name: "Duplicate" }).click();
    await page.getByRole("heading", { name: "Pots (copy)" }).waitFor();
    expect(page.url()).toMatch(/\/assistants\/pots-copy$/);
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Give to somebody else" }).click();
    await page.locator("dialog").getByLabel("Owner").selectOption({ label: "Grace · grace@desk.example" });
    await page.locator("dialog").getByRole("button", { name: "Give it" }).click();
    await page.getByText("Owner: Grace").waitFor();
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const dialog = page.locator("dialog");
    await dialog.getByText("https://a.example").waitFor();
    expect(await dialog.getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
    await dialog.getByLabel("Type Pots (copy) to go on").fill("Pots (copy)");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByText("Pots (copy) was deleted.").waitFor();
    await page.getByRole("link", { name: "Pots", exact: true }).waitFor();
  });
});
