/** What stands in a paragraph, a heading or a cell. */
export type Inline =
  | { readonly kind: "text" | "code"; readonly text: string }
  | { readonly kind: "br" }
  | { readonly kind: "em" | "strong" | "s"; readonly children: readonly Inline[] }
  | { readonly kind: "a"; readonly children: readonly Inline[]; readonly address: string; readonly title: string }
  | { readonly kind: "img"; readonly text: string; readonly address: string; readonly title: string };

/** The text that these show, and the descriptions of images. */
export function textOf(inlines: readonly Inline[]): string {
  return inlines.map((one) => ("children" in one ? textOf(one.children) : one.kind === "br" ? "\n" : one.text)).join("");
}
