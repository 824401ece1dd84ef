import { afterAll, beforeAll, expect, test } from "vitest";
import { startMarkdownPages, type MarkdownPages } from "./markdown-page.ts";
import { commonMarkExamples, gfmExamples, type Example } from "./specification.ts";

/** Examples of CommonMark that are drawn otherwise, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  200: "a link to nothing leads nowhere, instead of to the page it stands on",
  485: "a link to nothing leads nowhere",
  486: "a link to nothing leads nowhere",
  487: "a link to nothing leads nowhere",
  567: "a link to nothing leads nowhere",
  602: "GFM 6.9: an address is a link without any mark",
  606: "GFM 6.9: a mail address is a link without any mark",
  608: "GFM 6.9: an address is a link without any mark",
  611: "GFM 6.9: an address is a link without any mark",
  612: "GFM 6.9: a mail address is a link without any mark",
};

let pages: MarkdownPages;

beforeAll(async () => {
  pages = await startMarkdownPages();
});
afterAll(() => pages.close());

interface Drawn extends Example {
  readonly got: string;
  readonly want: string;
}

/** Those that are drawn otherwise than their HTML says, streamed letter by letter and as a whole. */
async function differing(examples: readonly Example[]): Promise<readonly Drawn[]> {
  const { page } = await pages.open();
  const drawn = await page.evaluate((all) => {
    const roots = all.map(({ markdown: text }) => [markdown.draw(text), markdown.stream(Array.from(text))] as const);
    return all.map((example, at) => {
      const [whole, streamed] = (roots[at] ?? []).map((root) => markdown.canonical(root));
      const got = whole === streamed ? whole : `whole ${whole}, streamed ${streamed}`;
      return { ...example, got: got ?? "", want: markdown.canonicalHtml(example.html) };
    });
  }, examples);
  await page.close();
  return drawn.filter(({ got, want }) => got !== want);
}

test("CommonMark's own examples are drawn as it says, but for those listed", async () => {
  const examples = await commonMarkExamples();
  const others = await differing(examples);
  const score = (examples.length - others.length) / examples.length;
  console.log(`${examples.length - others.length} of ${examples.length} examples of CommonMark 0.31.2: ${(score * 100).toFixed(1)} %.`);
  expect(others.filter(({ name }) => EXCEPTIONS[name] === undefined)).toEqual([]);
  expect(others.map(({ name }) => name)).toEqual(Object.keys(EXCEPTIONS));
  expect(score).toBeGreaterThanOrEqual(0.98);
});

test("GFM's examples of tables, tasks, strikethrough and addresses are drawn as it says", async () => {
  expect(await differing(await gfmExamples())).toEqual([]);
});
