import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "../story/stage.ts";
import type { Visit } from "../story/visit.ts";
import { peer } from "../support/peers.ts";
import { pageWith, pastedTag } from "./given-page.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ assistant: { allowedOrigins: ["*"] } });
});
afterEach(async ({ task }) => {
  await stage.endVisits(task);
});
afterAll(() => stage.close());

async function arrive(head: string, files: Parameters<typeof pageWith>[0]["files"] = {}): Promise<Visit> {
  return stage.visit(await pageWith({ head, body: pastedTag(stage.demo.deskUrl), files }));
}

/** A message, an answer, a card that shows exactly what it asks for, a decision, and what a tool was given. */
async function talks(visit: Visit): Promise<void> {
  const orderId = stage.newOrder();
  await visit.openPanel();
  await visit.askRefund(orderId);
  await visit.log.locator("[part=approval] summary").first().click();
  expect(JSON.parse((await visit.log.locator("[part=approval] pre").textContent()) ?? "")).toMatchObject({ orderId });
  await visit.approve.click();
  await visit.answered("goes back to your card");
  expect(await visit.said()).toEqual([`Refund order ${orderId}`]);
}

/** What MooTools 1.4.5 with its 1.2 compatibility (Joomla 2.5) leaves of `Event` and `Array.from`. */
const MOOTOOLS = `<script>
  window.Event = function DOMEvent(event, win) {
    this.event = event = event || (win || window).event;
    if (event.type.indexOf("key") === 0) this.key = String.fromCharCode(event.which);
  };
  Array.from = (item) => (item == null ? [] : typeof item === "object" && "length" in item ? Array.prototype.slice.call(item) : [item]);
</script>`;

test("another Event in the place of the browser's own (MooTools)", async () => {
  const visit = await arrive(MOOTOOLS);
  await visit.page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    for (const name of ["open", "message", "approval", "answer", "close"]) addEventListener(`frontdesk-${name}`, () => heard.push(name));
  });
  await talks(visit);
  await visit.closeChat.click();
  const heard = await visit.page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
  expect([...new Set(heard)].toSorted()).toEqual(["answer", "approval", "close", "message", "open"]);
  // The ids are still whole: Array.from maps nothing there.
  expect(await visit.conversationId()).toMatch(/^[0-9a-f]{32}$/u);
});

/** Prototype.js up to 1.6: JSON in strings, which JSON.stringify then puts into strings once more. */
const PROTOTYPE = `<script>
  const inspect = (value) => Array.isArray(value) ? "[" + value.map(inspect).join(", ") + "]" : '"' + value + '"';
  for (const kind of [Array, String, Number, Date]) kind.prototype.toJSON = function () { return inspect(this); };
</script>`;

test("toJSON on the prototypes of arrays, texts and numbers (old Prototype.js)", async () => {
  const visit = await arrive(PROTOTYPE);
  await talks(visit);
  await visit.sources.first().click();
  await visit.log.locator("front-desk-sources .row").first().click();
  await visit.log.locator("front-desk-call-details pre").first().waitFor();
});

test("toJSON on the prototype of everything", async () => {
  await talks(await arrive("<script>Object.prototype.toJSON = () => 'nothing';</script>"));
});

test("frozen prototypes", async () => {
  await talks(
    await arrive(`<script>
      for (const native of [Object, Array, String, Function, Promise, Map, Set, WeakMap, RegExp, Date, Event, EventTarget, Node, Element, HTMLElement])
        Object.freeze(native.prototype);
    </script>`),
  );
});

test("SES lockdown", async () => {
  const ses = await peer("ses/dist/ses.umd.js");
  const visit = await arrive('<script src="/ses.js"></script><script>lockdown()</script>', { "/ses.js": { file: ses } });
  expect(await visit.page.evaluate(() => Object.isFrozen(Array.prototype))).toBe(true);
  await talks(visit);
});
