import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { peer } from "../../support/peers.ts";

/** An example of a specification: a text, and the HTML that it says. */
export interface Example {
  readonly name: string;
  readonly markdown: string;
  readonly html: string;
}

interface CommonMarkSpec {
  readonly tests: readonly { readonly markdown: string; readonly html: string; readonly section: string; readonly number: number }[];
}

type ToHtml = (text: string, options: object) => string;

/** The examples of CommonMark 0.31.2, by their numbers, without those that are about raw HTML, which stays text here. */
export async function commonMarkExamples(): Promise<readonly Example[]> {
  const { tests } = createRequire(import.meta.url)(await peer("commonmark-spec/index.js")) as CommonMarkSpec;
  return tests
    .filter(({ section, number }) => section !== "HTML blocks" && section !== "Raw HTML" && !RAW_HTML.has(number))
    .map(({ number, markdown, html }) => ({ name: `${number}`, markdown: tabs(markdown), html: tabs(html) }));
}

/** Examples of other sections that have raw HTML in them. */
const RAW_HTML: ReadonlySet<number> = new Set([21, 31, 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536, 642, 643]);

/** The specification shows a tab as an arrow. */
function tabs(text: string): string {
  return text.replaceAll("→", "\t");
}

/**
 * Inputs that GitHub Flavored Markdown 0.29 gives for its extensions, by their numbers there, but the one about raw
 * HTML. What is right says micromark, which reads them as that text does.
 */
const GFM_INPUTS: readonly (readonly [number: string, markdown: string])[] = [
  ["198", "| foo | bar |\n| --- | --- |\n| baz | bim |"],
  ["199", "| abc | defghi |\n:-: | -----------:\nbar | baz"],
  ["200", "| f\\|oo  |\n| ------ |\n| b `\\|` az |\n| b **\\|** im |"],
  ["201", "| abc | def |\n| --- | --- |\n| bar | baz |\n> bar"],
  ["202", "| abc | def |\n| --- | --- |\n| bar | baz |\nbar\n\nbar"],
  ["203", "| abc | def |\n| --- |\n| bar |"],
  ["204", "| abc | def |\n| --- | --- |\n| bar |\n| bar | baz | boo |"],
  ["205", "| abc | def |\n| --- | --- |"],
  ["279", "- [ ] foo\n- [x] bar"],
  ["280", "- [x] foo\n  - [ ] bar\n  - [x] baz\n- [ ] bim"],
  ["491", "~~Hi~~ Hello, ~there~ world!"],
  ["492", "This ~~has a\n\nnew paragraph~~."],
  ["493", "This will ~~~not~~~ strike."],
  ["622", "www.commonmark.org"],
  ["623", "Visit www.commonmark.org/help for more information."],
  ["624", "Visit www.commonmark.org.\n\nVisit www.commonmark.org/a.b."],
  [
    "625",
    "www.google.com/search?q=Markup+(business)\n\nwww.google.com/search?q=Markup+(business)))\n\n(www.google.com/search?q=Markup+(business))\n\n(www.google.com/search?q=Markup+(business)",
  ],
  ["626", "www.google.com/search?q=(business))+ok"],
  ["627", "www.google.com/search?q=commonmark&hl=en\n\nwww.google.com/search?q=commonmark&hl;"],
  ["628", "www.commonmark.org/he<lp"],
  ["629", "http://commonmark.org\n\n(Visit https://encrypted.google.com/search?q=Markup+(business))"],
  ["630", "foo@bar.baz"],
  ["631", "hello@mail+xyz.example isn't valid, but hello+xyz@mail.example is."],
  ["632", "a.b-c_d@a.b\n\na.b-c_d@a.b.\n\na.b-c_d@a.b-\n\na.b-c_d@a.b_"],
  ["633", "mailto:foo@bar.baz\n\nmailto:a.b-c_d@a.b\n\nmailto:a.b-c_d@a.b."],
  ["634", "xmpp:foo@bar.baz\n\nxmpp:foo@bar.baz."],
];

export async function gfmExamples(): Promise<readonly Example[]> {
  const toHtml = await micromark();
  return GFM_INPUTS.map(([name, markdown]) => ({ name, markdown, html: toHtml(markdown) }));
}

/** A second reader of CommonMark and GFM, written by others. `singleTilde`: one `~` strikes through, too. */
export async function micromark(singleTilde = true): Promise<(text: string) => string> {
  const load = async (name: string): Promise<Record<string, unknown>> => import(pathToFileURL(await peer(`${name}/index.js`)).href);
  const [core, extension] = await Promise.all([load("micromark"), load("micromark-extension-gfm")]);
  const { gfm, gfmHtml } = extension as Record<string, (options?: object) => unknown>;
  const options = { extensions: [gfm?.({ singleTilde })], htmlExtensions: [gfmHtml?.()] };
  return (text) => (core["micromark"] as ToHtml)(text, options);
}
