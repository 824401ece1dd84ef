/** What stands in a paragraph, a heading or a cell: a text, a mark around others, a link or an image. */
export interface Inline {
  readonly kind: "text" | "code" | "br" | "em" | "strong" | "s" | "a" | "img";
  /** Of a text, a code, an image's description. */
  readonly text: string;
  readonly children: readonly Inline[];
  /** Of a link or an image. */
  readonly address: string;
  readonly title: string;
  /** Where it begins in the source. */
  readonly at: number;
  /** Where the marks are that close it, if it is emphasis. */
  readonly end: number;
  /** How deep it nests. */
  readonly depth: number;
}

/** Makes an inline that begins at `at`. */
export function makeInline(kind: Inline["kind"], at: number, text: string, more: Partial<Inline> = {}): Inline {
  const { children = [] } = more;
  const depth = children.reduce((deepest, child) => Math.max(deepest, child.depth + 1), 0);
  return { kind, at, text, children, address: "", title: "", end: 0, depth, ...more };
}

/** The text that these show, and the descriptions of images. */
export function textOf(inlines: readonly Inline[]): string {
  return inlines.map(({ kind, text, children }) => (kind === "br" ? "\n" : text + textOf(children))).join("");
}
