import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A page of the documentation: its path from the root, and its text. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A line of prose with its number, counted from 1: without code blocks. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

export function readPages(): readonly Page[] {
  const paths = globSync(["*.md", "docs/**/*.md"], { cwd: ROOT }).toSorted();
  return paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

/** The lines outside of code blocks. An indented block counts as code where it follows an empty line. */
export function proseLines({ text }: Page): readonly Line[] {
  const lines: Line[] = [];
  let isFenced = false;
  let isIndented = false;
  let before = "";
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*```/.test(line)) isFenced = !isFenced;
    else if (!isFenced) {
      isIndented = line.startsWith("    ") && !/^\s*(?:[-*]|\d+\.) /.test(line) && (isIndented || before === "");
      if (!isIndented) lines.push({ number: index + 1, text: line });
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
