import { existsSync, globSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { anchorsOf, codeLines, type Line, type Page, proseLines, readPages, ROOT } from "./pages.ts";

const LONGEST_LINE = 120;
/**
 * A path of the repository in backticks: `server/conversation/desk.ts`, a folder with a slash at its end, or a glob.
 */
const PATH = /`((?:demo|docs|protocol|scripts|server|test|voice|widget)\/[\w./*-]*)`/g;
/** A file of the repository in a command. */
const FILE = /(?<=^|\s)((?:demo|docs|protocol|scripts|server|test|voice|widget)\/[\w./-]*\.\w+)(?=\s|$)/g;

const pages = readPages();
const pageAt = (path: string): Page | undefined => pages.find((page) => page.path === path);

function linksOf(page: Page): readonly { readonly line: number; readonly target: string }[] {
  return proseLines(page).flatMap(({ number, text }) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => ({ line: number, target })),
  );
}

function namedIn(lines: readonly Line[], pattern: RegExp): readonly { readonly line: number; readonly path: string }[] {
  return lines.flatMap(({ number, text }) => [...text.matchAll(pattern)].map(([, path = ""]) => ({ line: number, path })));
}

/** Undefined: the target of a link is there. */
function linkFault(page: Page, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? page.path : normalize(join(dirname(page.path), file));
  if (!existsSync(join(ROOT, path))) return `there is no ${path}`;
  const there = pageAt(path);
  return anchor === undefined || there === undefined || anchorsOf(there).has(anchor) ? undefined : `${path} has no heading #${anchor}`;
}

/** What tests and builds write, and what a recipe makes new, need not be there. */
function isThere(path: string): boolean {
  if (path.startsWith("test/.artifacts/")) return true;
  return path.includes("*") ? globSync(path, { cwd: ROOT }).length > 0 : existsSync(join(ROOT, path));
}

/** How long a line is without the addresses of its links, which cannot be broken. */
function lengthOf(text: string): number {
  return text.replaceAll(/\]\([^)\s]+\)/g, "]").replaceAll(/https?:\S+/g, "").length;
}

describe.each(pages)("$path", (page) => {
  test("links to files and headings that are there", () => {
    const faults = linksOf(page).flatMap(({ line, target }) => {
      const fault = linkFault(page, target);
      return fault === undefined ? [] : [`${page.path}:${line} links to ${target}, but ${fault}.`];
    });
    expect(faults).toEqual([]);
  });

  test("names files and folders that are there", () => {
    const faults = [...namedIn(proseLines(page), PATH), ...namedIn(codeLines(page), FILE)]
      .filter(({ path }) => !isThere(path))
      .map(({ line, path }) => `${page.path}:${line} names ${path}, which is not there.`);
    expect(faults).toEqual([]);
  });

  test(`has no line over ${LONGEST_LINE} characters, tables and addresses apart`, () => {
    const faults = proseLines(page)
      .filter(({ text }) => !text.startsWith("|") && lengthOf(text) > LONGEST_LINE)
      .map(({ number, text }) => `${page.path}:${number} has ${text.length} characters.`);
    expect(faults).toEqual([]);
  });
});

test("a word is defined once", () => {
  const words = proseLines(pageAt("docs/words.md")!).flatMap(({ text }) => /^\| ([^|]+) \|/.exec(text)?.[1]?.split(", ") ?? []);
  const twice = words.filter((word, index) => word !== "word" && words.indexOf(word) !== index);
  expect(words.length).toBeGreaterThan(50);
  expect(twice).toEqual([]);
});
