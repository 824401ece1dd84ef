import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMarkdownPages, STRICT_POLICY, type MarkdownPages } from "./markdown-page.ts";

let pages: MarkdownPages;
let page: Page;
let foreign: string[];

beforeAll(async () => {
  pages = await startMarkdownPages();
  ({ page, foreign } = await pages.open(STRICT_POLICY));
});
afterAll(() => pages.close());

/** The drawn elements without the direction that every block has. */
async function draw(text: string): Promise<string> {
  const outline = await page.evaluate((markup) => markdown.outline(markdown.draw(markup)), text);
  return outline.replaceAll(' dir="ltr"', "");
}

const AWAY = 'target="_blank" rel="noopener noreferrer nofollow ugc"';

describe("text", () => {
  test.each([
    ["a paragraph", "Hello", "<p>Hello</p>"],
    ["paragraphs", "One\n\nTwo", "<p>One</p><p>Two</p>"],
    ["line breaks", "One\ntwo<br>three", "<p>One<br>two<br>three</p>"],
    [
      "emphasis",
      "*a* _b_ **c** __d__ ~~e~~ `f`",
      "<p><em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong> <s>e</s> <code>f</code></p>",
    ],
    ["underscores within words", "order_id and a__b__c", "<p>order_id and a__b__c</p>"],
    ["money", "$5, US$ and $x to $y", "<p>$5, US$ and $x to $y</p>"],
    ["formulas", "\\(x\\) is\n\n\\[\ny\n\\]", "<p>(x) is</p><p>[<br>y<br>]</p>"],
    ["HTML", "<b>a</b> &amp; <br", "<p>&lt;b&gt;a&lt;/b&gt; &amp; &lt;br</p>"],
    ["headings below the page's own", "# a\n## b\n###### c", "<h3>a</h3><h4>b</h4><h6>c</h6>"],
    ["quotes", "> a\n> b\n>> c", "<blockquote><p>a<br>b</p><blockquote><p>c</p></blockquote></blockquote>"],
    ["a rule", "a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"],
  ])("draws %s", async (_, text, expected) => {
    expect(await draw(text)).toBe(expected);
  });
});

test.each([
  ["Hello", "ltr"],
  ["1. \u05e9\u05dc\u05d5\u05dd", "rtl"],
  ["**12 \u0645\u0631\u062d\u0628\u0627** Teapot", "rtl"],
  ["> Teapot \u0645\u0631\u062d\u0628\u0627", "ltr"],
  ["12:30", ""],
  ["```\n\u05e9\u05dc\u05d5\u05dd\n```", "ltr"],
])("%j has the direction of its first letter, code always that of code", async (text, direction) => {
  const drawn = await page.evaluate((markup) => (markdown.draw(markup).querySelector(".fd-part > *") as HTMLElement).dir, text);
  expect(drawn).toBe(direction);
});

const TIGHT = '<ul class="fd-tight">';

describe("lists", () => {
  test.each([
    [
      "nested",
      "- a\n  - b\n    1. c\n- d",
      `${TIGHT}<li><p>a</p>${TIGHT}<li><p>b</p><ol class="fd-tight"><li><p>c</p></li></ol></li></ul></li><li><p>d</p></li></ul>`,
    ],
    ["with a start", "7. a\n8. b", '<ol start="7" class="fd-tight"><li><p>a</p></li><li><p>b</p></li></ol>'],
    ["whose items stand apart", "- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"],
    [
      "of tasks",
      "- [x] a\n- [ ] b",
      `${TIGHT}<li class="fd-task"><p>\u2611\ufe0e a</p></li><li class="fd-task"><p>\u2610\ufe0e b</p></li></ul>`,
    ],
  ])("draws a list %s", async (_, text, expected) => {
    expect(await draw(text)).toBe(expected);
  });
});

test("a table stands in a region that scrolls and takes the keyboard", async () => {
  expect(await draw("| a | b |\n|---|---|\n| **one** | x \\| y |")).toBe(
    '<div class="fd-table" role="region" tabindex="0" aria-label="Table"><table><thead><tr><th>a</th><th>b</th></tr></thead>' +
      "<tbody><tr><td><strong>one</strong></td><td>x | y</td></tr></tbody></table></div>",
  );
});

test("figures in a table stand at the end of their column, with its name", async () => {
  expect(await draw("| Lamp | Price | Code |\n|---|---|---|\n| Oak | €1,049.00 | A1 |")).toContain(
    '<th>Lamp</th><th class="fd-number">Price</th><th>Code</th></tr></thead>' +
      '<tbody><tr><td>Oak</td><td class="fd-number">€1,049.00</td><td>A1</td></tr></tbody>',
  );
});

test("rows that are no table stay text", async () => {
  expect(await draw("| a |\n| b |\nc")).toContain("<p>| a |<br>| b |<br>c</p>");
});

describe("links", () => {
  test.each([
    ["to other origins open beside the page", "[a](https://a.example/b)", `<p><a href="https://a.example/b" ${AWAY}>a</a></p>`],
    ["may have a title", '[a](https://a.example "b")', `<p><a href="https://a.example/" title="b" ${AWAY}>a</a></p>`],
    ["to an address to write to open no window", "[a](mailto:a@b.example)", '<p><a href="mailto:a@b.example">a</a></p>'],
    ["nor do those to a telephone number", "[a](tel:+4930123)", '<p><a href="tel:+4930123">a</a></p>'],
    ["may be bare", "at https://a.example/b_(c).", `<p>at <a href="https://a.example/b_(c)" ${AWAY}>https://a.example/b_(c)</a>.</p>`],
    ["that are refused leave their text", "[a](javascript:x) b", "<p><a>a</a> b</p>"],
    ["that hide another host are refused", "[a](https://bank.example@evil.example)", "<p><a>a</a></p>"],
    ["that are only brackets stay text", "a[0] [1] [ ]", "<p>a[0] [1] [ ]</p>"],
    ["that never close stay text", "[a](b c\nd\n\ne [f](g", "<p>[a](b c<br>d</p><p>e [f](g</p>"],
  ])("%s", async (_, text, expected) => {
    expect(await draw(text)).toBe(expected);
  });

  test("of the page itself stay in it", async () => {
    expect(await draw("[a](/orders/1)")).toBe(`<p><a href="${new URL("/orders/1", page.url())}">a</a></p>`);
  });
});

describe("images", () => {
  test("of the page load lazily", async () => {
    const drawn = await draw("![A cup](/cup.png)");
    expect(drawn).toContain(
      `<img alt="A cup" loading="lazy" decoding="async" referrerpolicy="no-referrer" src="${new URL("/cup.png", page.url())}">`,
    );
  });

  test("of another origin load when somebody asks, and keep the focus", async () => {
    const { page: open, foreign: asked } = await pages.open();
    await open.evaluate(() => markdown.draw("![A cup](https://images.example/cup.png)"));
    const button = open.getByRole("button", { name: "Show image from images.example" });
    await button.focus();
    expect(asked).toEqual([]);
    const request = open.waitForRequest("https://images.example/cup.png");
    await button.press("Enter");
    expect((await request).headers()["referer"]).toBeUndefined();
    expect(await open.evaluate(() => document.activeElement?.getAttribute("alt"))).toBe("A cup");
    await open.close();
  });

  test("inside a link do not open it", async () => {
    await page.evaluate(() => void markdown.draw("[![b](https://images.example/b.png)](#opened)"));
    await page.getByRole("button", { name: "Show image" }).last().click();
    expect(page.url()).not.toContain("#opened");
  });

  test.each([
    ["that are data leave their description", "![a](data:image/svg+xml,<svg>)", "<p><span>a</span></p>"],
    ["that never close stay text", "![a\n\nb", "<p>![a</p><p>b</p>"],
    ["without an address stay text", "![a] b", "<p>![a] b</p>"],
  ])("%s", async (_, text, expected) => {
    expect(await draw(text)).toBe(expected);
  });

  test("nothing else asked another origin", () => {
    expect(foreign.filter((url) => url !== "https://images.example/b.png")).toEqual([]);
  });
});

describe("code", () => {
  test("shows its language", async () => {
    expect(await draw("```ts title=x\na\n\n  b\n```\nc")).toBe(
      '<div class="fd-code"><div class="fd-code-bar"><span>ts</span><button type="button">Copy</button></div>' +
        '<pre tabindex="0" role="group" aria-label="Code"><code class="language-ts">a\n\n  b</code></pre></div><p>c</p>',
    );
  });

  test.each([
    { means: "the clipboard", prepare: () => {} },
    {
      means: "a selection where there is no clipboard",
      prepare: () => Object.defineProperty(navigator, "clipboard", { value: undefined }),
    },
  ])("is copied whole by $means, says so, and the button keeps the focus", async ({ prepare }) => {
    const { page: open } = await pages.open(STRICT_POLICY);
    await open.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await open.evaluate(prepare);
    await open.evaluate(() => {
      markdown.draw("```\none\n\n  two\n```");
      document.addEventListener("copy", () => (document.title = getSelection()?.toString() ?? ""));
    });
    await open.getByRole("button", { name: "Copy" }).click();
    const copied = open.getByRole("button", { name: "Copied" });
    await copied.waitFor();
    expect(await copied.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(await open.locator("textarea").count()).toBe(0);
    const field = open.locator("body").evaluateHandle((body) => body.appendChild(document.createElement("textarea")));
    await (await field).asElement()?.focus();
    await open.keyboard.press("Control+V");
    expect(await open.locator("textarea").inputValue()).toBe("one\n\n  two");
    await open.getByRole("button", { name: "Copy" }).waitFor();
    await open.context().close();
  });
});
