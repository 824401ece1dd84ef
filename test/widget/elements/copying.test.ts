import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPage, openShelf, showStory, type Shelf } from "./front-desk-page.ts";

let shelf: Shelf;
let page: Page;
beforeAll(async () => {
  shelf = await openShelf();
});
beforeEach(async () => {
  ({ page } = await openPage(shelf));
  await showStory(page, "answered");
});
afterAll(() => shelf.close());

const RICH =
  "Run **this** on [our page](https://shop.example/run):\n\n```sh\nnpm ci\nnpm start\n```\n\n1. Pack it\n2. Print the *label*\n\n| Size | Price |\n|---|---:|\n| S | 12 € |\n\n![A pot](https://elsewhere.example/pot.png)";

interface Copied {
  readonly text: string;
  readonly html: string;
  /** Whether the browser copied on its own. */
  readonly isLeft: boolean;
}

/** Shows turns with these answers, if any are given, selects between two places of them, and copies with the keyboard. */
async function copy(answers: readonly (readonly string[])[] | undefined, from: string, to: string): Promise<Copied> {
  await page.evaluate(
    async ([turns, start, end]) => {
      const { threadOf, turnOf, textOf } = book.pieces;
      const element = document.querySelector("front-desk")!;
      const all = turns?.map((texts, index) =>
        turnOf(
          `Question ${index}`,
          texts.map((text, step) => textOf(text, { step })),
        ),
      );
      if (all !== undefined) book.stageOf(element).state = threadOf({ turns: all });
      await book.settled();
      const root = element.shadowRoot!.querySelector("front-desk-thread")!.shadowRoot!;
      root.querySelector<HTMLElement>(".scroller")!.focus();
      // Who selects has pressed something before.
      root.querySelector(".scroller")!.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
      await book.settled();
      /** The text node with these words, and where they stand in it. */
      const find = (words: string): [Text, number] => {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const text = walker.currentNode as Text;
          const at = text.parentElement?.closest("front-desk-answer, .bubble") ? text.data.indexOf(words) : -1;
          if (at >= 0) return [text, at];
        }
        throw new Error(`"${words}" is not drawn.`);
      };
      const [first, offset] = find(start);
      const [last, until] = find(end);
      document.getSelection()!.setBaseAndExtent(first, offset, last, until + end.length);
      // The page around hears of no copying in the panel: the widget's own root is the last place that does.
      element.shadowRoot!.addEventListener(
        "copy",
        (event) => {
          const { clipboardData } = event as ClipboardEvent;
          const copied = { text: clipboardData!.getData("text/plain"), html: clipboardData!.getData("text/html") };
          Object.assign(globalThis, { copied: { ...copied, isLeft: !event.defaultPrevented } });
        },
        { once: true },
      );
    },
    [answers, from, to] as const,
  );
  await page.keyboard.press("Control+c");
  return page.evaluate(() => (globalThis as unknown as { copied: Copied }).copied);
}

describe("a whole answer", () => {
  test("is copied as its Markdown, and as clean HTML", async () => {
    const { text, html } = await copy([[RICH]], "Run", "A pot");
    expect(text).toBe(RICH);
    expect(html.replace(/ (?=<\/)|(?<=>) |(?<=<ol) start="1"/g, "")).toBe(
      '<p>Run <strong>this</strong>on <a href="https://shop.example/run">our page</a>:</p>' +
        '<pre><code class="language-sh">npm ci\nnpm start</code></pre>' +
        "<ol><li>Pack it</li><li>Print the <em>label</em></li></ol>" +
        "<table><thead><tr><th>Size</th><th>Price</th></tr></thead><tbody><tr><td>S</td><td>12 €</td></tr></tbody></table>" +
        "<p>A pot</p>",
    );
  });

  test("of several parts is copied with all of them", async () => {
    const whole = await copy([["I **look**.", "Found *it*"]], "I ", "it");
    expect(whole.text).toBe("I **look**.\n\nFound *it*");
    expect(whole.html).toBe("<p>I <strong>look</strong>.</p><p>Found <em>it</em></p>");
    const most = await copy([["I **look**.", "Found *it*"]], "I ", "Found");
    expect(most.text.replace(/\s+/g, " ")).toBe("I look. Found");
  });
});

describe("a part of an answer", () => {
  test("is copied as plain text and as clean HTML of that part", async () => {
    const { text, html } = await copy([[RICH]], "this", "npm start");
    expect(text.replace(/\n+/g, "\n")).toBe("this on our page:\nnpm ci\nnpm start");
    expect(html).toBe(
      '<p><strong>this</strong> on <a href="https://shop.example/run">our page</a>:</p><pre><code class="language-sh">npm ci\nnpm start</code></pre>',
    );
  });

  test("keeps what gives it its meaning: code stays code, items stay in their list, cells in their table", async () => {
    expect((await copy([[RICH]], "ci", "start")).html).toBe('<pre><code class="language-sh">ci\nnpm start</code></pre>');
    expect((await copy([[RICH]], "Pack", "label")).html).toMatch(/^<ol[^>]*><li>Pack it<\/li><li>Print the <em>label<\/em><\/li><\/ol>$/);
    expect((await copy([[RICH]], "Size", "12 €")).html).toMatch(/^<table><thead><tr><th>\s?Size.*12 €<\/td><\/tr><\/tbody><\/table>$/);
    expect((await copy([["A **bold** word"]], "ol", "ol")).html).toBe("<strong>ol</strong>");
  });
});

test("a card between two texts is copied too", async () => {
  await page.evaluate(() => {
    const { NOW, refundOf, textOf, threadOf, turnOf } = book.pieces;
    const approved = refundOf({ status: "approved", by: { kind: "customer", id: "c" }, decidedAt: NOW }, { status: "ended" });
    const parts = [textOf("I can **refund it**", { step: 0 }), approved, textOf("It is **done**.", { step: 2 })];
    book.stageOf(document.querySelector("front-desk")!).state = threadOf({ turns: [turnOf("Please", parts)] });
  });
  await page.getByText("Approved by you at").waitFor();
  const { text } = await copy(undefined, "I can", "it");
  expect(text).toBe("I can **refund it**");
  expect((await copy(undefined, "I can", "done")).text).toContain("Approved by you at");
});

test("a stretch of the thread is copied without its buttons, and is no Markdown", async () => {
  const { text, html } = await copy([[RICH], ["It **ends**."]], "Question 0", "ends");
  expect(text).not.toMatch(/Copy|\bsh\b|Show image|\*\*/);
  expect(html).not.toMatch(/Copy|class=(?!"language-)|<button|<div|front-desk|Show image|<!--/);
  expect(html).toContain("<p>Question 1</p>");
  expect(text).toContain("It ends");
});

test("lists without paragraphs stay without, code keeps its language, right-to-left text its direction", async () => {
  await copy([["One\n\n- two\n\n```js\nx\n```\n\nend"]], "One", "One");
  const html = await page.evaluate(() => {
    const root = document.querySelector("front-desk")!.shadowRoot!.querySelector("front-desk-thread")!.shadowRoot!;
    const answer = root.querySelector("front-desk-answer")!;
    const paragraph = (text: string): HTMLElement => Object.assign(document.createElement("p"), { textContent: text });
    const list = (...children: Node[]): HTMLElement => {
      const made = Object.assign(document.createElement("ul"), { className: "fd-tight" });
      made.appendChild(document.createElement("li")).append(...children);
      return made;
    };
    const nested = list(paragraph("two"), list(paragraph("☐ three")));
    nested.children[0]!.setAttribute("dir", "rtl");
    answer.querySelector("ul")!.replaceWith(nested);
    answer.querySelector("code")!.className = "language-js";
    getSelection()!.setBaseAndExtent(answer, 0, answer, answer.childNodes.length);
    return new Promise<string>((resolve) => {
      root.host
        .getRootNode()
        .addEventListener("copy", (event) => resolve((event as ClipboardEvent).clipboardData!.getData("text/html")), { once: true });
      document.execCommand("copy");
    });
  });
  expect(html).toBe(
    '<p>One</p><ul><li dir="rtl">two<ul><li>☐ three</li></ul></li></ul><pre><code class="language-js">x</code></pre><p>end</p>',
  );
});

test("what is not an answer's is copied by the browser: a message alone, a field", async () => {
  expect((await copy([["Yes."]], "Question 0", "Question 0")).isLeft).toBe(true);
  const field = page.getByRole("textbox", { name: "Message", exact: true });
  await field.fill("half a sentence");
  await field.press("Control+a");
  const isLeft = await page.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        document
          .querySelector("front-desk")!
          .shadowRoot!.addEventListener("copy", (event) => resolve(!event.defaultPrevented), { once: true });
        document.execCommand("copy");
      }),
  );
  expect(isLeft).toBe(true);
});
