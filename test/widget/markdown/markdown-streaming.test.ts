import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from "vitest";
import { runSeed, seededRandom } from "../../support/random.ts";
import { attackPayloads } from "./attack-payloads.ts";
import { startMarkdownPages, type MarkdownPages } from "./markdown-page.ts";
import { SAMPLE_ANSWER } from "./sample-answer.ts";
import { splitText } from "./split-text.ts";

const seed = runSeed();
let pages: MarkdownPages;
let page: Page;

beforeAll(async () => {
  pages = await startMarkdownPages();
});
afterAll(() => pages.close());
beforeEach(async () => {
  ({ page } = await pages.open());
});
afterEach(() => page.close());

test(`however a text is cut, the same is drawn (FRONTDESK_SEED=${seed})`, async () => {
  const random = seededRandom(seed);
  const texts = [...Array.from({ length: 20 }, () => SAMPLE_ANSWER), ...attackPayloads()];
  const differing = await page.evaluate(
    (all) =>
      all
        .filter(({ text, pieces }) => {
          const whole = markdown.draw(text);
          const streamed = markdown.stream(pieces);
          const same = markdown.outline(whole) === markdown.outline(streamed);
          whole.remove();
          streamed.remove();
          return !same;
        })
        .map(({ pieces }) => pieces),
    texts.map((text) => ({ text, pieces: splitText(text, random) })),
  );
  expect(differing).toEqual([]);
});

test("many deltas are drawn in one frame, and nothing before it", async () => {
  const seen = await page.evaluate(async () => {
    const root = markdown.newRoot();
    const view = new markdown.MarkdownView(root, markdown.options);
    let draws = 0;
    new MutationObserver(() => (draws += 1)).observe(root, { childList: true, subtree: true });
    for (const word of "one two three four".split(" ")) {
      view.write(`${word} `);
      await Promise.resolve();
    }
    const before = root.textContent;
    await new Promise(requestAnimationFrame);
    await Promise.resolve();
    return { before, after: root.textContent, draws };
  });
  expect(seen).toEqual({ before: "", after: "one two three four", draws: 1 });
});

test("what is drawn is never changed or taken away, only added to", async () => {
  const random = seededRandom(seed);
  const prose = SAMPLE_ANSWER.split("![A teapot]")[0] ?? "";
  const changes = await page.evaluate(
    (pieces) => {
      const root = markdown.newRoot();
      const faults: string[] = [];
      const observer = new MutationObserver(() => {});
      observer.observe(document.body, { childList: true, characterData: true, subtree: true });
      const drawn = markdown.stream(pieces);
      for (const record of observer.takeRecords()) {
        if (record.type === "characterData") faults.push(`changed ${record.target.textContent}`);
        for (const node of record.removedNodes) {
          // The box of a task is ticked as it is drawn, before anybody could see or select it.
          if (node.textContent !== "\u2610\ufe0e") faults.push(`removed ${node.textContent}`);
        }
      }
      root.remove();
      drawn.remove();
      return faults;
    },
    splitText(prose, random),
  );
  expect(changes).toEqual([]);
});

test("a selection survives what is drawn after it", async () => {
  const selected = await page.evaluate(async () => {
    const root = markdown.newRoot();
    const view = new markdown.MarkdownView(root, markdown.options);
    view.write("Select **these words** and");
    await new Promise(requestAnimationFrame);
    getSelection()?.selectAllChildren(root.querySelector("strong") ?? root);
    view.write(" read on.\n\n- a\n- b\n\n```\ncode\n```\n\nThe end.");
    await new Promise(requestAnimationFrame);
    view.end();
    return getSelection()?.toString();
  });
  expect(selected).toBe("these words");
});

test("a character cut in two is drawn whole", async () => {
  const drawn = await page.evaluate(async () => {
    const root = markdown.newRoot();
    const view = new markdown.MarkdownView(root, markdown.options);
    for (const delta of ["Hi \ud83d", "\udc4b", "."]) {
      view.write(delta);
      await new Promise(requestAnimationFrame);
    }
    view.end();
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const pieces: string[] = [];
    while (texts.nextNode()) pieces.push(texts.currentNode.textContent ?? "");
    return pieces;
  });
  expect(drawn.filter((piece) => !piece.isWellFormed())).toEqual([]);
  expect(drawn.join("")).toBe("Hi 👋.");
});

test("the end draws what was waiting, at once, and nothing is drawn after it", async () => {
  const texts = await page.evaluate(async () => {
    const root = markdown.newRoot();
    const view = new markdown.MarkdownView(root, markdown.options);
    view.write("last **word");
    view.end();
    const atEnd = markdown.outline(root);
    view.write(" too late");
    view.end();
    await new Promise(requestAnimationFrame);
    return { atEnd, later: markdown.outline(root) };
  });
  expect(texts.atEnd).toBe('<p dir="ltr">last <strong>word</strong></p>');
  expect(texts.later).toBe(texts.atEnd);
});

test("a hidden page, which has no frames, is drawn too", async () => {
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true });
    globalThis.requestAnimationFrame = () => 0;
    new markdown.MarkdownView(markdown.newRoot(), markdown.options).write("drawn while hidden\n\n");
  });
  await page.getByText("drawn while hidden").waitFor();
});

test("a backlog is spread over frames", async () => {
  const lengths = await page.evaluate(async () => {
    const root = markdown.newRoot();
    new markdown.MarkdownView(root, markdown.options).write("word ".repeat(8_000));
    await new Promise(requestAnimationFrame);
    const first = root.textContent.length;
    while (root.textContent.length < 39_999) await new Promise(requestAnimationFrame);
    return { first, all: root.textContent.length };
  });
  expect(lengths.first).toBeLessThan(20_000);
  expect(lengths.all).toBe(39_999);
});

test("what is finished may be skipped by the browser while out of view, what is still written not", async () => {
  const seen = await page.evaluate(async () => {
    markdown.applyStyles();
    const root = markdown.newRoot();
    const view = new markdown.MarkdownView(root, markdown.options);
    const parts = (): string[] => [...root.children].map((part) => getComputedStyle(part).contentVisibility);
    view.write("Paragraph\n\n".repeat(30));
    await new Promise(requestAnimationFrame);
    const open = parts();
    view.end();
    return { open, ended: parts() };
  });
  expect(seen).toEqual({ open: ["auto", "auto", "visible"], ended: ["auto", "auto", "auto"] });
});
