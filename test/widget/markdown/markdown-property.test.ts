import { afterAll, beforeAll, expect, test } from "vitest";
import { runSeed, seededRandom } from "../../support/random.ts";
import { attackPayloads } from "./attack-payloads.ts";
import { startMarkdownPages, type MarkdownPages } from "./markdown-page.ts";
import { randomMarkdown } from "./random-markdown.ts";
import { SAMPLE_ANSWER } from "./sample-answer.ts";

const DOCUMENTS = 10_000;
/** So many at once are sent to the page. */
const BATCH = 500;
const seed = runSeed();
let pages: MarkdownPages;

beforeAll(async () => {
  pages = await startMarkdownPages();
});
afterAll(() => pages.close());

/**
 * The first of these documents that is drawn otherwise when it is streamed: letter by letter, so that each beginning of
 * it is drawn once as if it were all, and in two pieces. It is made as short as it can be.
 */
async function differing(documents: readonly (readonly string[])[], random: () => number): Promise<string | undefined> {
  const { page } = await pages.open();
  const found = await page.evaluate(
    ({ all, cuts }) => {
      const outlineOf = (root: HTMLElement): string => {
        root.remove();
        return markdown.outline(root);
      };
      const differs = (pieces: readonly string[], cut: number): string | undefined => {
        const text = pieces.join("");
        const at = Math.floor(cut * text.length);
        const whole = outlineOf(markdown.draw(text));
        for (const streamed of [Array.from(text), [text.slice(0, at), text.slice(at)]]) {
          const drawn = outlineOf(markdown.stream(streamed));
          if (drawn !== whole) return `${JSON.stringify(text)}, cut in ${streamed.length}\nwhole:    ${whole}\nstreamed: ${drawn}`;
        }
        return undefined;
      };
      for (const [index, pieces] of all.entries()) {
        const cut = cuts[index] ?? 0;
        let left: readonly string[] = pieces;
        while (differs(left, cut)) {
          const shorter = left.map((_, at) => left.toSpliced(at, 1)).find((one) => differs(one, cut));
          if (shorter === undefined) return differs(left, cut);
          left = shorter;
        }
      }
      return undefined;
    },
    { all: documents, cuts: documents.map(() => random()) },
  );
  await page.close();
  return found;
}

test(`${DOCUMENTS} random documents are drawn the same however they are cut (FRONTDESK_SEED=${seed})`, async () => {
  const random = seededRandom(seed);
  for (let done = 0; done < DOCUMENTS; done += BATCH) {
    const documents = Array.from({ length: BATCH }, () => randomMarkdown(random));
    expect(await differing(documents, random)).toBeUndefined();
  }
});

test(`so are a long answer and attacks (FRONTDESK_SEED=${seed})`, async () => {
  const documents = [SAMPLE_ANSWER, ...attackPayloads()].map((text) => text.split(/(?<=\n)/));
  expect(await differing(documents, seededRandom(seed))).toBeUndefined();
});
