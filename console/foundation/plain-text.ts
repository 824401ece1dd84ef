/**
 * What a short piece of Markdown says, in one line and without its marks: for lists, where nothing is drawn. It may
 * begin and end anywhere, so marks are taken away one by one and never looked for in pairs.
 */
export function plainText(markdown: string): string {
  return markdown
    .replaceAll(/!?\[([^[\]]{0,200})\]\([^()\s]{0,500}\)/g, "$1")
    .replaceAll(/\*\*|~~|`/g, "")
    .replaceAll(/(^|\n|\s)#{1,6} /g, "$1")
    .replaceAll(/\|(?: ?:?-+:? ?\|)+/g, "|")
    .replaceAll(/ ?\|(?: ?\|)* ?/g, " · ");
}
