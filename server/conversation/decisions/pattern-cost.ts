/** Above this many ways through a text, other customers may have to wait. Half a million take some 10 ms. */
const MOST_WAYS = 500_000;
/**
 * What a pattern consists of: an escape, a class, how a group begins, how something repeats, or any other character.
 */
const PARTS =
  /\\[pP]\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<[^>=!]*>))?|(?<repeat>(?:[*+?]|\{(?<least>\d+)(?<open>,?)(?<most>\d*)\})\??)|./gsu;

/**
 * Whether a pattern may take for ever on a text of this length that does not fit. It counts the ways in which the
 * pattern can be laid over the text: each part that may be there more or less often, or be one or the other, multiplies
 * them, and so does a beginning that may be anywhere. What repeats a group without an end, or refers back, always may.
 * Pure, and never slow itself.
 */
export function mayFreeze(pattern: string, textCharacters: number): boolean {
  const anywhere = textCharacters + 1;
  let ways = pattern.startsWith("^") && !pattern.includes("|") ? 1 : anywhere;
  /** The ways before each group that is open, and through the one that just closed. */
  const outer: number[] = [];
  let group = 1;
  for (const { 0: part, groups = {} } of pattern.matchAll(PARTS)) {
    if (/^\\[1-9k]/.test(part)) return true;
    if (groups["repeat"] !== undefined) {
      const [least, most] = repeats(groups);
      if (group > 1 && most === Infinity) return true;
      ways *= group ** Math.max(0, Math.min(most, anywhere) - 1) * Math.max(1, Math.min(most - least + 1, anywhere));
    }
    group = 1;
    if (part === "|") ways *= 2;
    else if (part.startsWith("(")) {
      outer.push(ways);
      ways = 1;
    } else if (part === ")") {
      group = ways;
      ways *= outer.pop() ?? 1;
    }
    if (ways > MOST_WAYS) return true;
  }
  return false;
}

/** How often at least and at most. */
function repeats({ repeat = "", least, open, most }: Readonly<Record<string, string | undefined>>): [number, number] {
  if (least !== undefined) return [Number(least), open === "" ? Number(least) : most === "" ? Infinity : Number(most)];
  return repeat.startsWith("?") ? [0, 1] : [repeat.startsWith("+") ? 1 : 0, Infinity];
}
