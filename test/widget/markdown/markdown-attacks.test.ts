import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSeed, seededRandom } from "../../support/random.ts";
import { attackPayloads } from "./attack-payloads.ts";
import { ALLOWED, inspectDrawing } from "./inspect-drawing.ts";
import { startMarkdownPages, STRICT_POLICY, type MarkdownPages } from "./markdown-page.ts";
import { splitText } from "./split-text.ts";

const seed = runSeed();
const payloads = attackPayloads();
let pages: MarkdownPages;

beforeAll(async () => {
  pages = await startMarkdownPages();
});
afterAll(() => pages.close());

describe.each([
  { where: "a page without a policy", policy: undefined },
  { where: "a page with a strict policy", policy: STRICT_POLICY },
])("attacks on $where", ({ policy }) => {
  test.each([
    { how: "in one piece", cut: (text: string) => [text] },
    { how: `at random, FRONTDESK_SEED=${seed}`, cut: (text: string) => splitText(text, seededRandom(seed)) },
  ])(`${payloads.length} payloads $how execute nothing and ask no other origin`, async ({ cut }) => {
    const { page, foreign, dialogs } = await pages.open(policy);
    const globals = await page.evaluate(() => Object.keys(window));
    const faults: string[] = [];
    for (const payload of payloads) {
      const root = await page.evaluateHandle((pieces) => markdown.stream(pieces), cut(payload));
      for (const fault of await page.evaluate(inspectDrawing, [root, ...ALLOWED] as const)) faults.push(`${fault}: ${payload}`);
      await root.dispose();
    }
    // What a payload set going (an image that fails, a frame that loads) has happened once the page is idle.
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForLoadState("networkidle");
    expect(faults).toEqual([]);
    expect(dialogs).toEqual([]);
    expect(foreign).toEqual([]);
    expect(await page.evaluate(() => Object.keys(window))).toEqual(globals);
    expect(page.context().pages()).toHaveLength(1);
    await page.close();
  });

  test("HTML shows as the text it is", async () => {
    const { page } = await pages.open(policy);
    const html = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
    expect(await page.evaluate((text) => markdown.draw(text).textContent, html)).toBe(html);
    await page.close();
  });
});
