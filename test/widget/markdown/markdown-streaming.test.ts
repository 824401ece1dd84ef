import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from "vitest";
import { runSeed, seededRandom } from "../../support/random.ts";
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

test("what is drawn is not changed or taken away, only added to", async () => {
  const random = seededRandom(seed);
  const prose = withoutForced(SAMPLE_ANSWER);
  const changes = await page.evaluate(
    (pieces) => {
      const root = markdown.newRoot();
      const faults: string[] = [];
      const observer = new MutationObserver(() => {});
      observer.observe(document.body, { childList: true, characterData: true, subtree: true });
      const drawn = markdown.stream(pieces);
      for (const record of observer.takeRecords()) {
        if (record.type === "characterData") faults.push(`changed ${record.target.textContent}`);
        for (const node of record.removedNodes) faults.push(`removed ${node.textContent}`);
      }
      root.remove();
      drawn.remove();
      return faults;
    },
    splitText(prose, random),
  );
  expect(changes).toEqual([]);
});

/** The beginning of a text, up to its image, without its link: its text is drawn before it is known to be one. */
function withoutForced(text: string): string {
  return (text.split("![A teapot]")[0] ?? "").replace(/\[the parcel's page\]\(.*?\)/, "the parcel's page");
}

/** What a reader sees with each letter, without repetitions. */
async function seenWhile(text: string): Promise<string[]> {
  const all = await page.evaluate((letters) => markdown.watch(letters), Array.from(text));
  const seen = all.map((one) => one.trimEnd());
  return seen.filter((one, at) => one !== "" && one !== seen[at - 1]);
}

test.each([
  ["bold", "a **b** c", ["a", "a b", "a b c"]],
  ["a code", "a `b` c", ["a", "a b", "a b c"]],
  ["a short number of a source", "a [1] c", ["a", "a [1] c"]],
  ["a link", "a [b](https://b.example) c", ["a", "a b", "a b c"]],
  ["an address", "a https://b.example c", ["a", "a https://b.example c"]],
  ["an entity", "a &amp; c", ["a", "a &", "a & c"]],
  ["a masked number", "a **** 42", ["a", "a **** 4", "a **** 42"]],
  ["days", "a ~5 c", ["a", "a ~5", "a ~5 c"]],
  ["a table", "|a|b|\n|-|-|\n|c|d|\n", ["ab", "abc", "abcd"]],
  ["a definition", "a [b] c\n\n[b]: /d\n", ["a", "a [b] c", "a b c"]],
  ["a break", "a<br>b", ["a", "ab"]],
  ["a list", "- a\n- b\n", ["a", "ab"]],
  ["a heading", "# a\n\nb", ["a", "ab"]],
])("no mark of %s is seen before it vanishes", async (_, text, expected) => {
  expect(await seenWhile(text)).toEqual(expected);
});

test.each([
  ["a paragraph that becomes a heading", "Select these words", "\n---\n"],
  ["bold that is none", "**Select these words", "\n\nend"],
  ["code that is none", "`Select these words", "\n\nend"],
  ["a list that turns loose", "- Select these words\n- b", "\n\n- c"],
  ["a reference that gets its definition", "a [Select these words] b", "\n\n[select these words]: /x\n"],
  ["a link", "a [Select these words", "](/x) b"],
  ["a table under a paragraph", "Select these words\na | b", "\n--|--\n1 | 2"],
])("a selection survives %s", async (_, before, after) => {
  const selected = await page.evaluate(
    async ([first, second]) => {
      const root = markdown.newRoot();
      const view = new markdown.MarkdownView(root, markdown.options);
      view.write(first);
      await new Promise(requestAnimationFrame);
      const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
        node.textContent?.includes("these") === true ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP,
      );
      const text = texts.nextNode() as Text;
      const at = text.data.indexOf("these");
      getSelection()?.setBaseAndExtent(text, at, text, at + 5);
      view.write(second);
      await new Promise(requestAnimationFrame);
      view.end();
      return getSelection()?.toString();
    },
    [before, after] as const,
  );
  expect(selected).toBe("these");
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
  expect(texts.atEnd).toBe('<p dir="ltr">last **word</p>');
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
