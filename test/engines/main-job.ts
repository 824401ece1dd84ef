/** The story of the main job, once for all engines. Chromium's own, with more to it, are in `test/story`. */
import { mkdir, writeFile } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { readOrder } from "../story/shop-orders.ts";
import { waitFor } from "../support/wait-for.ts";
import { ChatVisitor } from "./chat-visitor.ts";
import type { Customer, Engine, Size } from "./engine.ts";
import { Person } from "./person.ts";
import type { Shop } from "./shop.ts";
import { startEngine } from "./start-engine.ts";

const LONG_QUESTION = "Write a long answer about glazes";
const LONG_END = "the script thanks you.";
/** What browsers say by themselves when a test takes the network away; the last is Firefox's of a file that was on its way. */
const LOST_LINE = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|\/line\/|Reason: CORS request did not succeed/;
const PHONE: Size = { width: 375, height: 667 };

/** What the stories of one engine stand on. */
export interface MainJobStage {
  readonly engine: Engine;
  readonly shop: Shop;
}

/** Defines the stories; `stage` is asked once they run. */
export function mainJob(stage: () => MainJobStage): void {
  let customer: Customer | undefined;
  let visitor: ChatVisitor | undefined;

  afterEach(async ({ task }) => {
    stage().shop.wire.mend();
    if (task.result?.state === "fail") await keepTraces(`${stage().engine.name} ${task.name}`, visitor, stage().shop);
    const troubles = await customer?.troubles();
    await customer?.close();
    customer = undefined;
    expect(troubles?.filter((trouble) => !LOST_LINE.test(trouble)) ?? []).toEqual([]);
  });

  /** A new customer, before a page of the shop. */
  async function arrive(path = "/", { engine, shop }: MainJobStage = stage()): Promise<ChatVisitor> {
    customer = await engine.newCustomer();
    const arrived = new ChatVisitor(await customer.open(shop.demo.shopUrl + path));
    visitor = arrived;
    return arrived;
  }

  test("ask, look behind the answer, ask for the refund, reload while the card waits, approve: refunded once", async () => {
    const { shop } = stage();
    const orderId = shop.newOrder();
    const visit = await arrive(`/orders/${orderId}`);
    await visit.openPanel();
    await visit.ask(`Where is order ${orderId}?`);
    await visit.answered("The parcel is with Heron Post");
    await visit.sees({ role: "cell", text: "Hush mug" });
    await visit.click({ role: "button", name: /^Sources \(1\)/ });
    await visit.click({ role: "button", name: /Look up order.*Lull orders.*Done/ });
    await visit.sees({ role: "group", name: "Sent", text: `"orderId": "${orderId}"` });

    await visit.ask("I want my money back for it");
    const card = { role: "region", name: `Refund order ${orderId}?` };
    await visit.sees({ within: card, text: "€94.90" });
    await visit.tab.reload();
    await visit.click({ role: "button", name: "Approve", within: card });
    await visit.sees({ text: /Approved by you at \d{1,2}:\d\d/ });
    await visit.answered("goes back to your card within three working days");
    await visit.sees({ text: "€94.90 was refunded." });
    expect((await readOrder(shop.demo.ordersUrl, orderId)).refunds).toEqual([expect.objectContaining({ amountCents: 9490 })]);
  });

  test("a long answer streams, is stopped in its middle and stays so; the next one comes whole, with all that it is drawn of", async () => {
    const visit = await arrive();
    await visit.openPanel();
    await visit.ask(LONG_QUESTION);
    await visit.answered("as firm as cold butter");
    await visit.click({ role: "button", name: "Stop" });
    await visit.sees({ text: /^Stopped$/ });
    await visit.tab.reload();
    await visit.sees({ text: /^Stopped$/ });
    expect(await visit.look({ text: LONG_END })).toEqual([]);

    await visit.ask(LONG_QUESTION);
    await visit.answered(LONG_END);
    await visit.misses({ role: "button", name: "Stop" });
    await visit.sees({ role: "heading", name: "How the colours compare" });
    await visit.sees({ role: "cell", name: "the hour after sunset" });
    await visit.sees({ role: "code", text: '"cone": 9' });
    await visit.sees({ role: "listitem", text: "Glass former: silica" });
    // The reader is at the end of it.
    await visit.sees({ text: LONG_END }, ({ isInReach }) => isInReach);
  });

  test("by keyboard alone: a sign-in in a window of its own, and a form", async () => {
    const visit = await arrive();
    await visit.tabTo({ role: "button", name: "Open chat" });
    await visit.tab.press(["Enter"]);
    await visit.sees({ role: "textbox", name: "Message" }, ({ hasFocus }) => hasFocus);
    await visit.type("How many club points do I have?");
    await visit.tab.press(["Enter"]);
    await visit.sees({ role: "button", name: "Connect" });
    await visit.tabTo({ role: "button", name: "Connect" }, "backwards");
    await visit.tab.press(["Enter"]);
    const window = new Person(await waitFor(async () => (await visit.tab.others())[0]));
    await window.sees({ role: "button", name: "Continue as Ada Quill" });
    await window.tabTo({ role: "button", name: "Continue as Ada Quill" });
    await window.pressAndGo(["Enter"]);
    await visit.sees({ text: /you have \d+ points/, within: { role: "log" } });
    expect(await visit.tab.others()).toEqual([]);

    await visit.ask("Redeem my points");
    await visit.sees({ text: "Which gift would you like?" });
    await visit.tabTo({ role: "radio" }, "backwards");
    await visit.tab.press([" "]);
    // The cheapest, so that there are points for every engine. In WebKit, what comes after the last is no other.
    await visit.keyTo("ArrowUp", { role: "radio", name: /^Spoon rest/ }, ({ isChecked, hasFocus }) => isChecked && hasFocus);
    await visit.tabTo({ role: "textbox", name: /^Engraving/ });
    await visit.type("For Mum");
    await visit.tabTo({ role: "button", name: "Submit" });
    await visit.tab.press(["Enter"]);
    await visit.answered("engraved “For Mum”");

    await visit.tab.press(["Escape"]);
    await visit.sees({ role: "button", name: "Open chat" }, ({ hasFocus }) => hasFocus);
  });

  test("a line that breaks in the middle of an answer is said and mended; offline, a message waits", async () => {
    const { wire } = stage().shop;
    const visit = await arrive();
    await visit.openPanel();
    await visit.ask(LONG_QUESTION);
    await visit.answered("as firm as cold butter");
    wire.cut();
    await visit.sees({ text: "Reconnecting …" });
    wire.mend();
    await visit.answered(LONG_END);
    await visit.misses({ text: "Reconnecting …" });

    // The driver of WebKit cannot take the network away: there, only the line is cut.
    await customer?.setOffline?.(true);
    wire.cut();
    await visit.sees({ text: customer?.setOffline ? "No connection. Your messages are sent when it is back." : "Reconnecting …" });
    await visit.ask("Where is order 1042?");
    await visit.sees({ text: "Sending …" });
    wire.mend();
    await customer?.setOffline?.(false);
    await visit.answered("The parcel is with Heron Post");
    await visit.misses({ text: "Sending …" });
  });

  test("right to left, and on a phone", async () => {
    const visit = await arrive();
    await visit.tab.call(() => void (document.documentElement.dir = "rtl"));
    expect((await visit.sees({ role: "button", name: "Open chat" }, ({ box }) => box.x < 100)).box.x).toBeGreaterThan(0);
    await visit.openPanel();
    await visit.ask("Hello");
    await visit.answered("I am the scripted model of this demo");
    const field = await visit.sees({ role: "textbox", name: "Message" });
    const { box: send } = await visit.sees({ role: "button", name: "Send" });
    expect(send.x + send.width).toBeLessThanOrEqual(field.box.x + field.box.width / 2);

    // WebKitGTK's browser is never narrower than 447 px.
    const size = await visit.tab.resize(PHONE);
    expect(size).toEqual(stage().engine.name === "webkit" ? { width: 447, height: PHONE.height } : PHONE);
    // In Firefox the page's own scroll bar stays beside it.
    const width = await visit.tab.call(() => document.documentElement.clientWidth);
    expect(width).toBeGreaterThan(size.width - 20);
    const panel = await visit.sees({ role: "dialog" }, ({ box }) => box.width === width);
    expect(panel.box).toEqual({ x: 0, y: 0, width, height: size.height });
    await visit.sees({ role: "button", name: "Close chat" }, ({ isInReach }) => isInReach);
    expect(await visit.tab.call(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  test("a device that asks for dark gets a dark chat with light text", async () => {
    const { engine, shop } = stage();
    const dark = await startEngine(engine.name, { scheme: "dark" });
    try {
      const visit = await arrive("/", { engine: dark, shop });
      await visit.openPanel();
      const { ground, text } = await visit.lightness();
      expect(ground).toBeLessThan(0.2);
      expect(text).toBeGreaterThan(0.6);
      expect(await customer?.troubles()).toEqual([]);
      await customer?.close();
      customer = undefined;
    } finally {
      await dark.close();
    }
  });
}

/** What the window showed, what the thread said, and what the demo wrote. */
async function keepTraces(test: string, visitor: ChatVisitor | undefined, { demo }: Shop): Promise<void> {
  const folder = new URL("../.artifacts/engines/", import.meta.url);
  const name = test.replaceAll(/[^a-z0-9]+/gi, "-").slice(0, 80);
  await mkdir(folder, { recursive: true });
  const picture = await visitor?.tab.picture().catch(() => undefined);
  if (picture) await writeFile(new URL(`${name}.png`, folder), picture);
  const said = await visitor?.thread().catch(String);
  await writeFile(new URL(`${name}.log`, folder), [said, ...demo.log].join("\n"));
}
