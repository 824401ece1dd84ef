import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A page of the documentation: its path from the root, and its text. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A line of a page with its number, counted from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

export function readPages(): readonly Page[] {
  const paths = globSync(["*.md", "docs/**/*.md"], { cwd: ROOT }).toSorted();
  return paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

/** The lines outside of code blocks. */
export function proseLines(page: Page): readonly Line[] {
  return splitLines(page).filter(({ isCode }) => !isCode);
}

/** The lines inside of code blocks. */
export function codeLines(page: Page): readonly Line[] {
  return splitLines(page).filter(({ isCode }) => isCode);
}

/** An indented block counts as code where it follows an empty line. */
function splitLines({ text }: Page): readonly (Line & { readonly isCode: boolean })[] {
  const lines: (Line & { readonly isCode: boolean })[] = [];
  let isFenced = false;
  let isIndented = false;
  let before = "";
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*```/.test(line)) isFenced = !isFenced;
    else {
      isIndented = line.startsWith("    ") && !/^\s*(?:[-*]|\d+\.) /.test(line) && (isIndented || before === "");
      lines.push({ number: index + 1, text: line, isCode: isFenced || isIndented });
    }
    before = line;
  }
  return lines;
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: Page): ReadonlySet<string> {
  const headings = proseLines(page).flatMap(({ text }) => /^#+ (.*)$/.exec(text)?.[1] ?? []);
  return new Set(headings.map(anchorOf));
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}
