import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "../story/stage.ts";
import type { Visit } from "../story/visit.ts";
import { pageWith, pastedTag } from "./given-page.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ assistant: { allowedOrigins: ["*"] } });
});
afterEach(async ({ task }) => {
  await stage.endVisits(task);
});
afterAll(() => stage.close());

const WHERE = "Where is order 1042?";

async function arrive(): Promise<Visit> {
  return stage.visit(await pageWith({ body: pastedTag(stage.demo.deskUrl) }));
}

/** What a shop's logout or cart code does. */
const empty = ({ page }: Visit): Promise<void> =>
  page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
  });

/** The network goes away, and comes back with another connection. */
async function breakOff({ context, notice }: Visit): Promise<void> {
  await context.setOffline(true);
  await notice.filter({ hasText: "No connection" }).waitFor();
  await context.setOffline(false);
  await notice.waitFor({ state: "detached" });
}

async function ask(visit: Visit, text: string): Promise<void> {
  const before = await visit.answers.count();
  await visit.ask(text);
  await expect.poll(() => visit.answers.count()).toBeGreaterThan(before);
  await visit.settled();
}

test("a page that empties the storage ends no conversation, whatever happens to the line, and new tabs find it", async () => {
  const visit = await arrive();
  await visit.openPanel();
  await ask(visit, WHERE);
  const conversation = await visit.conversationId();
  await empty(visit);
  await breakOff(visit);
  expect(await visit.said()).toEqual([WHERE]);
  await ask(visit, "And order 1043?");
  expect(await visit.said()).toEqual([WHERE, "And order 1043?"]);
  expect(await visit.conversationId()).toBe(conversation);
  const second = await stage.secondTab(visit, visit.page.url());
  await second.openPanel();
  await expect.poll(() => second.said()).toEqual([WHERE, "And order 1043?"]);
});

test("without a break, a message is enough to put it back", async () => {
  const visit = await arrive();
  await visit.openPanel();
  await ask(visit, WHERE);
  await empty(visit);
  await ask(visit, "And order 1043?");
  await visit.page.reload();
  await visit.message.or(visit.openChat).waitFor();
  if (await visit.openChat.isVisible()) await visit.openPanel();
  await expect.poll(() => visit.said()).toEqual([WHERE, "And order 1043?"]);
});

test("what was written without a line is sent, though the storage was emptied in between", async () => {
  const visit = await arrive();
  await visit.openPanel();
  await ask(visit, WHERE);
  await visit.context.setOffline(true);
  await visit.notice.filter({ hasText: "No connection" }).waitFor();
  await visit.ask("And order 1043?");
  await empty(visit);
  await visit.context.setOffline(false);
  await expect.poll(() => visit.answers.count()).toBe(2);
  expect(await visit.said()).toEqual([WHERE, "And order 1043?"]);
});

test("a visit that begins in another tab meanwhile takes nobody's conversation away", async () => {
  const visit = await arrive();
  await visit.openPanel();
  await ask(visit, WHERE);
  await empty(visit);
  const other = await stage.secondTab(visit, visit.page.url());
  await other.openPanel();
  expect(await other.said()).toEqual([]);
  await ask(other, "And order 1043?");
  await breakOff(visit);
  expect(await visit.said()).toEqual([WHERE]);
  expect(await other.said()).toEqual(["And order 1043?"]);
});

test("a storage with room for nothing more keeps the conversation as long as the page lives", async () => {
  const visit = await stage.visit(
    await pageWith({
      head: `<script>
        const { setItem } = Storage.prototype;
        Storage.prototype.setItem = function (key, text) {
          if (text.length > 0) throw new DOMException("full", "QuotaExceededError");
          return setItem.call(this, key, text);
        };
      </script>`,
      body: pastedTag(stage.demo.deskUrl),
    }),
  );
  await visit.openPanel();
  await ask(visit, WHERE);
  await breakOff(visit);
  expect(await visit.said()).toEqual([WHERE]);
  await ask(visit, "And order 1043?");
  expect(await visit.said()).toEqual([WHERE, "And order 1043?"]);
});

test("a page that empties the storage and is left begins anew: the next customer of this browser reads nothing", async () => {
  const visit = await arrive();
  await visit.openPanel();
  await ask(visit, WHERE);
  await empty(visit);
  await visit.page.reload();
  await visit.openPanel();
  expect(await visit.said()).toEqual([]);
});
