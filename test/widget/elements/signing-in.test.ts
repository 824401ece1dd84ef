import { createServer } from "node:http";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPage, openShelf, showStory, type Shelf } from "./front-desk-page.ts";

/** A page of the server's: it tells its opener what `tell` says, and keeps what it is told. */
const CONNECT_PAGE = `<!doctype html><title>Sign in</title><script>
globalThis.heard = [];
addEventListener("message", ({ data, origin }) => heard.push({ data, origin }));
globalThis.tell = (ticket) => opener.postMessage({ type: "frontdesk:connect", ticket }, "*");
</script>`;

interface ConnectWindow {
  readonly heard: readonly { readonly data: unknown; readonly origin: string }[];
  readonly tell: (ticket: unknown) => void;
}

let shelf: Shelf;
let server: ReturnType<typeof createServer>;
/** Origins of the same pages: what the chat knows as its server's, and another. */
let desk: string;
let stranger: string;

beforeAll(async () => {
  server = createServer((_request, response) => void response.setHeader("content-type", "text/html").end(CONNECT_PAGE));
  const listening = new Promise<void>((resolve) => server.listen(0, resolve));
  [shelf] = await Promise.all([openShelf(), listening]);
  const { port } = server.address() as { port: number };
  desk = `http://127.0.0.1:${port}`;
  stranger = `http://localhost:${port}`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await shelf.close();
});

async function withCard(run: (page: Page) => Promise<void>): Promise<void> {
  const { page } = await openPage(shelf);
  try {
    await showStory(page, "connect");
    await page.evaluate((url) => {
      book.stageOf(document.querySelector("front-desk")!).signIn = () => Promise.resolve({ url, proof: "the proof" });
      // Says when what was said to this page has been looked at.
      addEventListener("message", () =>
        queueMicrotask(() => (document.body.dataset["heard"] = String(Number(document.body.dataset["heard"] ?? 0) + 1))),
      );
    }, `${desk}/connect/ticket-1`);
    await run(page);
  } finally {
    await page.context().close();
  }
}

/** Presses Connect; the window that opens, at the server's page. */
async function connect(page: Page): Promise<Page> {
  const [opened] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Connect", exact: true }).click()]);
  await opened.waitForURL(`${desk}/connect/ticket-1`);
  return opened;
}

/** Has a window say something to the chat's page; resolves when that was looked at. */
async function tell(page: Page, from: Page, ticket: unknown): Promise<void> {
  const before = await page.evaluate(() => Number(document.body.dataset["heard"] ?? 0));
  await from.evaluate((said) => (globalThis as unknown as ConnectWindow).tell(said), ticket);
  await page.waitForFunction((count) => Number(document.body.dataset["heard"] ?? 0) > count, before);
}

/** Goes to another page as a page does it itself, so that the window keeps its opener. */
async function go(window: Page, url: string): Promise<void> {
  await window.evaluate((address) => void (location.href = address), url);
  await window.waitForURL(url);
}

/** What a window has heard so far; replies to earlier messages arrive before this evaluation's own. */
const heard = (window: Page): Promise<ConnectWindow["heard"]> =>
  window.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve));
    return (globalThis as unknown as ConnectWindow).heard;
  });

const proof = { type: "frontdesk:proof", ticket: "ticket-1", proof: "the proof" };

describe("the window of a sign-in", () => {
  test("is told the proof by the page that opened it, on asking with its ticket", () =>
    withCard(async (page) => {
      const opened = await connect(page);
      await page.getByText("Sign in with Calendar in the other window.").waitFor();
      expect(await heard(opened)).toEqual([]);
      for (const other of ["ticket-2", "", "connect", undefined, 1, ["ticket-1"], `${desk}/connect/ticket-1`])
        await tell(page, opened, other);
      expect(await heard(opened)).toEqual([]);
      await tell(page, opened, "ticket-1");
      await expect.poll(() => heard(opened)).toEqual([{ data: proof, origin: new URL(shelf.address).origin }]);
    }));

  test("is the only one that is told, even from the same origin with the same ticket", () =>
    withCard(async (page) => {
      const opened = await connect(page);
      const [other] = await Promise.all([
        page.waitForEvent("popup"),
        page.evaluate((url) => void window.open(url), `${desk}/connect/ticket-1`),
      ]);
      await other.waitForURL(`${desk}/connect/ticket-1`);
      await tell(page, other, "ticket-1");
      await tell(page, opened, "ticket-1");
      await expect.poll(() => heard(opened)).toHaveLength(1);
      expect(await heard(other)).toEqual([]);
    }));

  test("is told nothing while it is somebody else's page", () =>
    withCard(async (page) => {
      const opened = await connect(page);
      await go(opened, `${stranger}/connect/ticket-1`);
      await tell(page, opened, "ticket-1");
      expect(await heard(opened)).toEqual([]);
      await go(opened, `${desk}/connect/ticket-1`);
      await tell(page, opened, "ticket-1");
      await expect.poll(() => heard(opened)).toHaveLength(1);
    }));

  test("is told nothing more once the card is decided", () =>
    withCard(async (page) => {
      const opened = await connect(page);
      await page.evaluate(async () => {
        const stage = book.stageOf(document.querySelector("front-desk")!);
        const card = book.pieces.connectionOf({ status: "connected", by: { kind: "customer", id: "c" }, decidedAt: book.pieces.NOW });
        const call = book.pieces.askingOf([card], { status: "running" });
        const [first, last] = stage.state.turns;
        stage.state = { ...stage.state, turns: [first!, { ...last!, parts: [last!.parts[0]!, call] }] };
        await book.settled();
      });
      await page.getByText("Calendar · Connected by you at").waitFor();
      await tell(page, opened, "ticket-1");
      expect(await heard(opened)).toEqual([]);
    }));

  test("that is closed too early leaves a hint, and another can be opened", () =>
    withCard(async (page) => {
      const opened = await connect(page);
      await page.getByRole("button", { name: "Show the window" }).waitFor();
      await opened.close();
      await page.getByText("The window was closed before you were connected.").waitFor();
      const again = await connect(page);
      await tell(page, again, "ticket-1");
      await expect.poll(() => heard(again)).toHaveLength(1);
    }));

  test("that a browser blocks is a link, whose window is told the proof too", () =>
    withCard(async (page) => {
      await page.evaluate(() => (window.open = () => null));
      await page.getByRole("button", { name: "Connect", exact: true }).click();
      const link = page.getByRole("link", { name: "Open the sign-in page" });
      const [opened] = await Promise.all([page.waitForEvent("popup"), link.click()]);
      await opened.waitForURL(`${desk}/connect/ticket-1`);
      await tell(page, opened, "ticket-2");
      expect(await heard(opened)).toEqual([]);
      await tell(page, opened, "ticket-1");
      await expect.poll(() => heard(opened)).toEqual([{ data: proof, origin: new URL(shelf.address).origin }]);
    }));

  test("that a link opens is not mistaken for a stranger's, which was first to name the ticket", () =>
    withCard(async (page) => {
      await page.evaluate(() => (window.open = () => null));
      await page.getByRole("button", { name: "Connect", exact: true }).click();
      const link = page.getByRole("link", { name: "Open the sign-in page" });
      await link.waitFor();
      const [other] = await Promise.all([
        page.waitForEvent("popup"),
        page.evaluate(
          (href) => Object.assign(document.createElement("a"), { href, target: "_blank", rel: "opener" }).click(),
          `${stranger}/connect/ticket-1`,
        ),
      ]);
      await other.waitForURL(`${stranger}/connect/ticket-1`);
      await tell(page, other, "ticket-1");
      const [opened] = await Promise.all([page.waitForEvent("popup"), link.click()]);
      await opened.waitForURL(`${desk}/connect/ticket-1`);
      await tell(page, opened, "ticket-1");
      await expect.poll(() => heard(opened)).toHaveLength(1);
      expect(await heard(other)).toEqual([]);
    }));

  test("is closed when no sign-in can begin", () =>
    withCard(async (page) => {
      await page.evaluate(() => {
        book.stageOf(document.querySelector("front-desk")!).signIn = () => Promise.reject(new Error("lost"));
      });
      const [opened] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Connect", exact: true }).click()]);
      if (!opened.isClosed()) await opened.waitForEvent("close");
      await page.getByText("There is no connection right now.").waitFor();
    }));
});

test("the buttons beside an open window keep to one line each, in the panel's usual width and on a narrow phone", async () => {
  for (const [width, height] of [
    [900, 800],
    [400, 800],
    [320, 568],
  ] as const) {
    const { page } = await openPage(shelf, { viewport: { width, height } });
    await showStory(page, "connect elsewhere");
    const lines = await page.locator("front-desk .choices .button").evaluateAll((buttons) =>
      buttons.map((button) => {
        const range = document.createRange();
        range.selectNodeContents(button);
        return new Set(Array.from(range.getClientRects(), ({ top }) => Math.round(top))).size;
      }),
    );
    expect([width, lines]).toEqual([width, [1, 1]]);
    await page.context().close();
  }
});

test("a customer who declined in the window reads that, and can try again", async () => {
  const { page } = await openPage(shelf);
  await showStory(page, "connect declined");
  await page.getByText("You did not allow it, so nothing was connected. You can try again.").waitFor();
  expect(await page.getByText("was closed before").count()).toBe(0);
  expect(await page.getByRole("button", { name: "Connect", exact: true }).isEnabled()).toBe(true);
  await page.context().close();
});
