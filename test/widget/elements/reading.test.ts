import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asked, openPage, openShelf, showStory, type Shelf } from "./front-desk-page.ts";

let shelf: Shelf;
let page: Page;
beforeAll(async () => {
  shelf = await openShelf();
  ({ page } = await openPage(shelf));
});
afterAll(() => shelf.close());

/** Shows `count` turns, the last of them still running if `text` is given. */
async function showTurns(count: number, text?: string): Promise<void> {
  await showStory(page, "answered");
  await page.evaluate(
    async ([turns, open]) => {
      const { threadOf, turnOf, textOf } = book.pieces;
      const stage = book.stageOf(document.querySelector("front-desk")!);
      const all = Array.from({ length: turns }, (_, index) =>
        turnOf(`Question ${index}`, [textOf(`Answer ${index}\n\nwith a second paragraph.`)]),
      );
      const running = open === undefined ? [] : [turnOf("The last one", [textOf(open, { open: true })], { status: "running" })];
      stage.state = threadOf({ turns: [...all, ...running], firstSeq: 1 });
      await book.settled();
    },
    [count, text] as const,
  );
  await page.waitForFunction(
    (turns) =>
      document.querySelector("front-desk")!.shadowRoot!.querySelector("front-desk-thread")!.shadowRoot!.querySelectorAll("front-desk-turn")
        .length === turns,
    count + (text === undefined ? 0 : 1),
  );
}

/** Lets the last answer grow by one paragraph. */
async function grow(): Promise<void> {
  await page.evaluate(async () => {
    const stage = book.stageOf(document.querySelector("front-desk")!);
    const last = stage.state.turns.at(-1)!;
    const parts = last.parts.map((part) =>
      part.kind === "text" ? { ...part, text: `${part.text}\n\nMore to read, a line or two of it, so that it is seen.` } : part,
    );
    stage.state = { ...stage.state, turns: [...stage.state.turns.slice(0, -1), { ...last, parts }] };
    await book.settled();
  });
}

const log = () => page.getByRole("log");
const toEnd = (): Promise<number> => log().evaluate((scroller) => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop);

/** Whether the log has come to rest: a wheel may move it over several frames. */
const rests = (): Promise<boolean> =>
  log().evaluate(async (scroller) => {
    const before = scroller.scrollTop;
    await book.settled();
    return scroller.scrollTop === before;
  });

describe("what is read", () => {
  test("is followed at the end, and nowhere else", async () => {
    await showTurns(20, "It begins.");
    for (let count = 0; count < 10; count += 1) await grow();
    expect(await toEnd()).toBeLessThan(3);

    await log().hover();
    await page.mouse.wheel(0, -300);
    await expect.poll(toEnd).toBeGreaterThan(200);
    await expect.poll(rests).toBe(true);
    const before = await log().evaluate((scroller) => scroller.scrollTop);
    for (let count = 0; count < 5; count += 1) await grow();
    expect(await log().evaluate((scroller) => scroller.scrollTop)).toBe(before);

    await page.getByRole("button", { name: "New messages" }).click();
    await expect.poll(toEnd).toBeLessThan(3);
    expect(await page.getByRole("button", { name: "New messages" }).count()).toBe(0);
    await grow();
    expect(await toEnd()).toBeLessThan(3);
  });

  test("shows what was opened at its end", async () => {
    await showTurns(10);
    await page.evaluate(async () => {
      const stage = book.stageOf(document.querySelector("front-desk")!);
      const { turnOf, textOf, callOf } = book.pieces;
      stage.state = {
        ...stage.state,
        turns: [...stage.state.turns, turnOf("With sources", [callOf(), callOf({ callId: "call-two" }), textOf("Here.")])],
      };
      await book.settled();
    });
    await expect.poll(toEnd).toBeLessThan(3);
    const sources = page.getByRole("button", { name: /^Sources/ });
    await sources.click();
    await page
      .getByRole("button", { name: /^Look up order/ })
      .first()
      .waitFor();
    await page.evaluate(() => book.settled());
    const bottom = async (place: Locator): Promise<number> => {
      const box = (await place.boundingBox())!;
      return box.y + box.height;
    };
    const last = page.getByRole("button", { name: /^Look up order/ }).last();
    expect(await bottom(last)).toBeLessThanOrEqual(await bottom(log()));
  });

  test("keeps the buttons of a card in sight when its reason is opened", async () => {
    await showStory(page, "approval with memory");
    await page.getByText("Reason (optional)").click();
    await page.getByRole("textbox", { name: "Reason (optional)" }).waitFor();
    await page.evaluate(() => book.settled());
    const end = (await page.locator(".card .time").boundingBox())!;
    const room = (await log().boundingBox())!;
    expect(end.y + end.height).toBeLessThanOrEqual(room.y + room.height);
  });

  test("stays where it is when older turns come in above", async () => {
    await showTurns(20);
    await log().evaluate((scroller) => (scroller.scrollTop = 60));
    await page.evaluate(() => book.settled());
    // The message in the middle of the log.
    const words = await log().evaluate((scroller) => {
      const middle = scroller.getBoundingClientRect().top + scroller.clientHeight / 2;
      const bubbles = [...scroller.querySelectorAll(".bubble")];
      return bubbles.find((bubble) => bubble.getBoundingClientRect().top > middle)!.textContent;
    });
    const read = page.getByText(words, { exact: true });
    const places = await page.evaluate(
      ([name]) => {
        const element = document.querySelector("front-desk")!;
        const stage = book.stageOf(element);
        const scroller = element.shadowRoot!.querySelector("front-desk-thread")!.shadowRoot!.querySelector(".scroller")!;
        const bubble = [...scroller.querySelectorAll(".bubble")].find((one) => one.textContent === name)!;
        stage.older = async () => {
          const { turnOf, textOf } = book.pieces;
          const older = Array.from({ length: 10 }, (_, index) =>
            turnOf(`Older ${index}`, [textOf("An older answer.\n\nOf two paragraphs.")]),
          );
          await book.settled();
          stage.state = { ...stage.state, more: false, turns: [...older, ...stage.state.turns] };
        };
        stage.state = { ...stage.state, more: true };
        return element.updateComplete.then(() => {
          // At the very top the browser's own anchoring does nothing.
          scroller.scrollTop = 0;
          return bubble.getBoundingClientRect().top;
        });
      },
      [words],
    );
    await expect.poll(() => asked(page)).toContainEqual(["loadOlder"]);
    await expect.poll(() => page.locator("front-desk-turn").count()).toBe(30);
    await page.evaluate(() => book.settled());
    expect((await read.boundingBox())?.y).toBeCloseTo(places, 0);
  });

  test("keeps its nodes and its selection while the answer grows", async () => {
    await showTurns(0, "The first paragraph.\n\nThe second.");
    const kept = await page.evaluate(async () => {
      const stage = book.stageOf(document.querySelector("front-desk")!);
      const root = document.querySelector("front-desk")!.shadowRoot!.querySelector("front-desk-thread")!.shadowRoot!;
      const first = root.querySelector("front-desk-answer p")!;
      for (let count = 0; count < 20; count += 1) {
        const last = stage.state.turns.at(-1)!;
        const parts = last.parts.map((part) => (part.kind === "text" ? { ...part, text: `${part.text} and on` } : part));
        stage.state = { ...stage.state, turns: [{ ...last, parts }] };
        await book.settled();
      }
      return first === root.querySelector("front-desk-answer p") && root.textContent.includes("and on");
    });
    expect(kept).toBe(true);
  });

  test("is drawn in small steps when there is much of it, and each turn once", async () => {
    await showStory(page, "answered");
    const counts = await page.evaluate(async () => {
      const { threadOf, turnOf, textOf } = book.pieces;
      const element = document.querySelector("front-desk")!;
      const stage = book.stageOf(element);
      const thread = element.shadowRoot!.querySelector("front-desk-thread")!.shadowRoot!;
      stage.state = threadOf({
        conversationId: "another",
        turns: Array.from({ length: 250 }, (_, index) => turnOf(`Question ${index}`, [textOf(`Answer **${index}**.`)])),
      });
      await element.updateComplete;
      await Promise.resolve();
      const atFirst = thread.querySelectorAll("front-desk-turn").length;
      while (thread.querySelectorAll("front-desk-turn").length < 250) await new Promise((resolve) => setTimeout(resolve));
      // A new turn at the end draws itself and nobody else.
      await book.settled();
      let changed = 0;
      const watch = new MutationObserver((records) => (changed += records.length));
      for (const turn of thread.querySelectorAll("front-desk-turn"))
        watch.observe(turn, { subtree: true, childList: true, characterData: true });
      stage.state = { ...stage.state, turns: [...stage.state.turns, turnOf("One more", [textOf("At the end.")])] };
      await book.settled();
      return { atFirst, changed };
    });
    expect(counts.atFirst).toBeLessThanOrEqual(10);
    expect(counts.changed).toBe(0);
    await expect.poll(toEnd).toBeLessThan(3);
  });
});

describe("what is heard", () => {
  test("2,000 pieces of text are two announcements: that somebody replies, and the answer", async () => {
    await showTurns(1);
    const heard = await page.evaluate(async () => {
      const element = document.querySelector("front-desk")!;
      const stage = book.stageOf(element);
      const { turnOf, textOf } = book.pieces;
      const heard: string[] = [];
      const isLive = (node: Element): boolean => {
        for (
          let at: Element | null = node;
          at !== null;
          at = at.parentElement ?? ((at.getRootNode() as ShadowRoot).host as Element | undefined) ?? null
        ) {
          const live = at.getAttribute("aria-live");
          if (live === "off") return false;
          if (live !== null || ["status", "alert", "log"].includes(at.role ?? "")) return true;
        }
        return false;
      };
      const watch = new MutationObserver((records) => {
        const told = records.map(({ target }) => (target instanceof Element ? target : target.parentElement!)).filter(isLive);
        if (told.length > 0) heard.push(told[0]!.textContent.trim());
      });
      const roots = [element.shadowRoot!, element.shadowRoot!.querySelector("front-desk-thread")!.shadowRoot!];
      for (const root of roots) watch.observe(root, { subtree: true, childList: true, characterData: true });
      const { turns } = stage.state;
      let text = "";
      for (let count = 0; count < 2000; count += 1) {
        text += count % 20 === 19 ? "end.\n\n" : "word ";
        stage.state = { ...stage.state, turns: [...turns, turnOf("Tell me", [textOf(text, { open: true })], { status: "running" })] };
        await element.updateComplete;
        if (count % 50 === 0) await book.settled();
      }
      const done = turnOf("Tell me", [textOf(`${text}**All** said.`)]);
      stage.state = { ...stage.state, turns: [...turns, done] };
      stage.tell({ kind: "answer", turn: done });
      await book.settled();
      return heard;
    });
    expect(heard).toHaveLength(2);
    expect(heard[0]).toBe("Anna is replying");
    expect(heard[1]).toMatch(/^word word .* All said\.$/);
  });

  test("a card that only the team decides asks nothing of who listens", async () => {
    await showStory(page, "answered");
    await page.evaluate(async () => {
      const { turnOf, refundOf, threadOf } = book.pieces;
      const stage = book.stageOf(document.querySelector("front-desk")!);
      const call = refundOf({ approver: "staff" });
      stage.state = threadOf({ turns: [turnOf("Refund it", [call], { status: "waiting" })] });
      stage.tell({ kind: "card", call, card: call.cards[0]! });
      await book.settled();
    });
    const said = page.getByRole("status").filter({ hasText: "Refund order 1042?" });
    await said.waitFor({ state: "attached" });
    expect((await said.textContent())?.trim()).toBe("Refund order 1042? A team member is checking this.");
  });

  test("a card is announced and takes no focus", async () => {
    await showStory(page, "answered");
    await page.getByRole("textbox", { name: "Message", exact: true }).fill("half a sen");
    await page.evaluate(async () => {
      const { turnOf, refundOf, threadOf } = book.pieces;
      const stage = book.stageOf(document.querySelector("front-desk")!);
      const call = refundOf();
      stage.state = threadOf({ turns: [turnOf("Refund it", [call], { status: "waiting" })] });
      stage.tell({ kind: "card", call, card: call.cards[0]! });
      await book.settled();
    });
    await page.getByRole("status").filter({ hasText: "Your approval is needed: Refund order 1042?" }).waitFor({ state: "attached" });
    await page.keyboard.type("tence");
    expect(await page.getByRole("textbox", { name: "Message", exact: true }).inputValue()).toBe("half a sentence");
  });
});

test("what is copied from an answer is its text, without the bar above its code", async () => {
  await showStory(page, "long code");
  const copied = await page.locator("front-desk-answer").evaluate((answer) => {
    getSelection()!.selectAllChildren(answer);
    return getSelection()!.toString();
  });
  expect(copied).not.toContain("Copy");
  expect(copied.length).toBeGreaterThan(200);
});
