/** The Markdown drawing in every engine: its own tests, with more to them, are in `test/widget/markdown`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { bundleScript } from "../support/bundle.ts";
import { runSeed, seededRandom } from "../support/random.ts";
import { attackPayloads } from "../widget/markdown/attack-payloads.ts";
import { SAMPLE_ANSWER } from "../widget/markdown/sample-answer.ts";
import { splitText } from "../widget/markdown/split-text.ts";
import type { Tab } from "./engine.ts";
import type * as Entry from "./markdown-entry.ts";

declare const markdown: typeof Entry;

const seed = runSeed();
/** The same answer, as each engine drew it. */
const drawn: string[] = [];
/** Defines the tests of the drawing; `page` is asked for once they run. */
export function markdownDrawing(page: () => Tab): void {
  test("an answer is drawn as in the other engines: headings, lists, tables, code, quotes, links", async () => {
    const mine = await page().call((text: string) => markdown.outline(markdown.draw(text)), SAMPLE_ANSWER);
    drawn.push(mine);
    expect(mine).toBe(drawn[0]);
    expect(mine).toContain("<table");
  });

  test("of hostile texts nothing is drawn that must not be", async () => {
    const faults = await page().call(
      (texts: readonly string[]) => texts.flatMap((text) => markdown.inspectDrawing([markdown.draw(text), ...markdown.ALLOWED])),
      attackPayloads(),
    );
    expect(faults).toEqual([]);
  });

  test(`however a text is cut, the same is drawn (FRONTDESK_SEED=${seed})`, async () => {
    const random = seededRandom(seed);
    const texts = [...Array.from({ length: 20 }, () => SAMPLE_ANSWER), ...attackPayloads()];
    const differing = await page().call(
      (all: readonly { readonly text: string; readonly pieces: readonly string[] }[]) =>
        all
          .filter(({ text, pieces }) => markdown.outline(markdown.draw(text)) !== markdown.outline(markdown.stream(pieces)))
          .map(({ pieces }) => pieces),
      texts.map((text) => ({ text, pieces: splitText(text, random) })),
    );
    expect(differing).toEqual([]);
  });

  test("a selection survives what is drawn after it, in frames of the engine's own", async () => {
    const selected = await page().call(async () => {
      const root = markdown.newRoot();
      const view = new markdown.MarkdownView(root, markdown.options);
      view.write("Select **these words** and");
      await new Promise(requestAnimationFrame);
      getSelection()?.selectAllChildren(root.querySelector("strong") ?? root);
      view.write(" read on.\n\n- a\n- b\n\n```\ncode\n```\n\nThe end.");
      await new Promise(requestAnimationFrame);
      view.end();
      return { selected: getSelection()?.toString(), end: root.textContent.endsWith("The end.") };
    });
    expect(selected).toEqual({ selected: "these words", end: true });
  });
}

/** Serves a page with the renderer. The caller closes it. */
export async function serveMarkdown(): Promise<{ readonly url: string; readonly close: () => void }> {
  const script = await bundleScript(new URL("markdown-entry.ts", import.meta.url), "markdown");
  const server = createServer(({ url }, response) => {
    if (url === "/script.js") response.setHeader("content-type", "text/javascript; charset=utf-8").end(script);
    else
      response
        .setHeader("content-type", "text/html; charset=utf-8")
        .end('<!doctype html><html lang="en"><title>Markdown</title><body><script src="/script.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
