/** Texts of models that were once drawn wrongly, and what is right. A line end is drawn as ⏎, see `canonical`. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMarkdownPages, type MarkdownPages } from "./markdown-page.ts";

let pages: MarkdownPages;
let page: Page;

beforeAll(async () => {
  pages = await startMarkdownPages();
  ({ page } = await pages.open());
});
afterAll(() => pages.close());

/** Draws it as a whole and letter by letter, which must be the same. */
async function drawn(text: string): Promise<string> {
  const [whole, streamed] = await page.evaluate(
    (markup) => [markdown.canonical(markdown.draw(markup)), markdown.canonical(markdown.stream(Array.from(markup)))],
    text,
  );
  expect(streamed).toBe(whole);
  return whole ?? "";
}

test.each([
  "We sent a code to j***@example.com.",
  "Card ending ****4242 was charged.",
  "Card **** **** **** 4242",
  "phone +49 *** ***12",
  "PIN: ****",
  "Rating: *****",
  "IBAN DE** **** **** 1234",
  "Sign: ____",
  "Fill ______ here",
  "a ___ b",
  "src/**/*.js",
  "Order **1042",
  "2 * 3 * 4",
  "order_id and _id",
  "It takes ~5 days or 10~20 °C, 10~20元，满5~6件",
  "-12.50 € were booked",
  "+49 30 1234567",
  "#1042 is packed",
  "$5 and $10",
  "1.000 pieces",
  "List<String> and a < b",
  "[1] [0] [note] [^1]",
])("%s stays as it is", async (text) => {
  expect(await drawn(text)).toBe(`<p>${text.replaceAll("<", "‹")}</p>`);
});

test.each([
  ["Card ending ****4242 was charged, *not* the other.", "<p>Card ending ****4242 was charged, <em>not</em> the other.</p>"],
  ["*.md files and *.js files", "<p>*.md files and *.js files</p>"],
  ["这是**“重要”**的。**注意：**请看", "<p>这是<strong>“重要”</strong>的。<strong>注意：</strong>请看</p>"],
  ["\u3000- b", "<p>\u3000- b</p>"],
  ["\u00a0# h", "<p>\u00a0# h</p>"],
  ["[a]: /b|\n--", "<p>--</p>"],
  ["[r]: https://a.example/r\n\n[r][a\\]b]", "<p>[r][a]b]</p>"],
  ["- a\n  >\n- b", "<ul><li>a<blockquote></blockquote></li><li>b</li></ul>"],
  ["a ``` `` ` `` ``` b", "<p>a <code>`` ` ``</code> b</p>"],
  ["a `", "<p>a `</p>"],
  ["a \\", "<p>a \\</p>"],
  ["a <", "<p>a ‹</p>"],
  ["Fish &amp; Chips, 5 &euro;, it&#39;s&nbsp;here", "<p>Fish & Chips, 5 €, it's\u00a0here</p>"],
])("marks in %s", async (text, expected) => {
  expect(await drawn(text)).toBe(expected);
});

describe("tables", () => {
  const table = (rows: string): string => `<table><thead><tr><th >Size</th><th >Price</th></tr></thead>${rows}</table>`;
  const body = "<tbody><tr><td >S</td><td >12</td></tr></tbody>";

  test.each([
    ["blanks behind the last bar", "| Size | Price |  \n|---|---|  \n| S | 12 |  \n", table(body)],
    ["CR LF", "| Size | Price |\r\n|---|---|\r\n| S | 12 |\r\n", table(body)],
    ["no last bar", "| Size | Price\n|---|---\n| S | 12", table(body)],
    ["no outer bars", "Size | Price\n--- | ---\nS | 12", table(body)],
    ["no blank behind the bar", "|Size|Price|\n|-|-|\n|S|12|", table(body)],
    ["a heading after it", "| Size | Price |\n|---|---|\n| S | 12 |\n## More", `${table(body)}<h2>More</h2>`],
    ["a list after it", "| Size | Price |\n|---|---|\n| S | 12 |\n- one", `${table(body)}<ul><li>one</li></ul>`],
    ["code after it", "| Size | Price |\n|---|---|\n| S | 12 |\n```\nx\n```\nprose", `${table(body)}<pre >x</pre><p>prose</p>`],
    ["a quote after it", "| Size | Price |\n|---|---|\n| S | 12 |\n> q", `${table(body)}<blockquote><p>q</p></blockquote>`],
    [
      "prose after it",
      "| Size | Price |\n|---|---|\n| S | 12 |\nprose",
      table("<tbody><tr><td >S</td><td >12</td></tr><tr><td >prose</td><td ></td></tr></tbody>"),
    ],
    ["a list around it", "- a\n\n  | Size | Price |\n  |---|---|\n  | S | 12 |", `<ul><li><p>a</p>${table(body)}</li></ul>`],
    ["a quote around it", "> | Size | Price |\n> |---|---|\n> | S | 12 |", `<blockquote>${table(body)}</blockquote>`],
    ["an indent", "  | Size | Price |\n  |---|---|\n  | S | 12 |", table(body)],
    [
      "an address in it",
      "|Size|Price|\n|-|-|\n|https://a.example|x|",
      table("<tbody><tr><td ><a https://a.example/ >https://a.example</a></td><td >x</td></tr></tbody>"),
    ],
    ["bars in a text that is none", "| one | two\nthree", "<p>| one | two⏎three</p>"],
  ])("with %s", async (_, text, expected) => {
    expect(await drawn(text)).toBe(expected);
  });
});

describe("links", () => {
  const link = (href: string, text = href): string => `<a ${href} >${text}</a>`;

  test.each([
    ["[Manual](https://files.example/pot_(blue).pdf)", link("https://files.example/pot_(blue).pdf", "Manual")],
    ["[a](https://a.example/b(v=vs.85).aspx)", link("https://a.example/b(v=vs.85).aspx", "a")],
    ["[a](https://a.example/\\(x)", link("https://a.example/(x", "a")],
    ["[a](<https://a.example/b c>)", link("https://a.example/b%20c", "a")],
    ["[a](tel:+49-(0)30)", link("tel:+49-(0)30", "a")],
    ["[Parcel [1042] status](https://a.example/)", link("https://a.example/", "Parcel [1042] status")],
    ["[Two](https://shop.example/?a=1&amp;b=2)", link("https://shop.example/?a=1&b=2", "Two")],
    ["<https://a.example/x>", link("https://a.example/x")],
    ["<a@b.example>", link("mailto:a@b.example", "a@b.example")],
    ["(https://a.example/x)", `(${link("https://a.example/x")})`],
    ["(see https://a.example/a_(b))", `(see ${link("https://a.example/a_(b)")})`],
    ["**https://a.example/x**", `<strong>${link("https://a.example/x")}</strong>`],
    ["*https://a.example/x*", `<em>${link("https://a.example/x")}</em>`],
    ['"https://a.example/x"', `"${link("https://a.example/x")}"`],
    ["“https://a.example/x”", `“${link("https://a.example/x")}”`],
    ["Link:https://a.example/x", `Link:${link("https://a.example/x")}`],
    ["链接：https://a.example/x", `链接：${link("https://a.example/x")}`],
    ["请看https://a.example/x。好", `请看${link("https://a.example/x")}。好`],
    ["→https://a.example/x", `→${link("https://a.example/x")}`],
    ["HTTPS://A.EXAMPLE/x", link("https://a.example/x", "HTTPS://A.EXAMPLE/x")],
    ["www.a.example/x", link("http://www.a.example/x", "www.a.example/x")],
    ["mail help@a.example.", `mail ${link("mailto:help@a.example", "help@a.example")}.`],
    ["[Terms][t] and [t]\n\n[t]: https://a.example/t", `${link("https://a.example/t", "Terms")} and ${link("https://a.example/t", "t")}`],
    ["See [1].\n\n[1]: https://a.example/s", `See ${link("https://a.example/s", "1")}.`],
  ])("%s", async (text, expected) => {
    expect(await drawn(text)).toBe(`<p>${expected}</p>`);
  });
});

test.each([
  ["*   **Delivery**\n\n    Takes *two* days.", "<ul><li><p><strong>Delivery</strong></p><p>Takes <em>two</em> days.</p></li></ul>"],
  ["1.  **Open**\n\n    Tap it", "<ol 1><li><p><strong>Open</strong></p><p>Tap it</p></li></ol>"],
  ["1. A\n\n   More.\n\n2. B", "<ol 1><li><p>A</p><p>More.</p></li><li><p>B</p></li></ol>"],
  ["1. A\n\n   - a1\n2. B", "<ol 1><li><p>A</p><ul><li>a1</li></ul></li><li><p>B</p></li></ol>"],
  ["- A\n\n  ```js\n  x\n  ```", "<ul><li><p>A</p><pre js>x</pre></li></ul>"],
  ["- A\n\n  > q", "<ul><li><p>A</p><blockquote><p>q</p></blockquote></li></ul>"],
  ["> ```js\n> let a = 1;\n> ```\n> after", "<blockquote><pre js>let a = 1;</pre><p>after</p></blockquote>"],
  ["> - a\n>\n> after", "<blockquote><ul><li>a</li></ul><p>after</p></blockquote>"],
  ["~~~\n*x*\n~~~", "<pre >*x*</pre>"],
  ["1) a\n2) b", "<ol 1><li>a</li><li>b</li></ol>"],
  ["- [X] done\n- [ ] open", "<ul><li>☑ done</li><li>☐ open</li></ul>"],
  ["Title\n=====\nText", "<h1>Title</h1><p>Text</p>"],
  ["## Title ##", "<h2>Title</h2>"],
  ["3. three\n\n```\nx\n```\n\n4. four", "<ol 3><li>three</li></ol><pre >x</pre><ol 4><li>four</li></ol>"],
  ["Total\n-5 € refund", "<p>Total⏎-5 € refund</p>"],
])("blocks: %j", async (text, expected) => {
  expect(await drawn(text)).toBe(expected);
});
