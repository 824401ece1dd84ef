/** Pieces of Markdown, and of what stands beside it in answers. */
const SCRAPS: readonly string[] = [
  ..."* ** *** _ __ ~~ ~ ` `` ``` [ ] ( ) ![ ]( [a] [b]: [x] > - + 1. 2) # ## | |-|-| |a|b| \\ $ \\( <br> < === --- ~~~ &amp; &#39;".split(
    " ",
  ),
  ...'https://a.example/x www.b.example a@b.example a word é 你好 。 😀 " \' (t) "title"'.split(" "),
  ..."\n,\n,\n,\n\n,\n\n,  ,\t,    ,\r\n".split(","),
];
const LONGEST = 30;

/** A document of random pieces, as a list of them. */
export function randomMarkdown(random: () => number): string[] {
  const pick = (most: number): number => Math.floor(random() * most);
  return Array.from({ length: 2 + pick(LONGEST) }, () => `${SCRAPS[pick(SCRAPS.length)]}${random() < 0.4 ? " " : ""}`);
}
