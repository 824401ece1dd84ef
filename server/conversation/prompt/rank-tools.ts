/** What of a tool is searched. */
export interface Searchable {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly serverName: string;
}

/** How often a word counts by where it stands. */
const WEIGHTS = { name: 3, title: 3, serverName: 2, description: 1 } as const;
/** BM25: how fast repeats stop counting, and how much long texts are held back. */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;
/** What a word counts that is only nearly the one that is asked for. */
const NEAR = 0.6;
const DESCRIPTION_CHARACTERS = 2_000;

/**
 * Tools by how well they fit a query, best first, those that do not fit left out; equals keep their order. Words of any language: letters are compared without
 * case and accents, scripts without spaces by pairs of characters, and a word counts a little for others that begin with it.
 */
export function rankTools<T extends Searchable>(tools: readonly T[], query: string): T[] {
  const words = [...new Set(searchWords(query.slice(0, DESCRIPTION_CHARACTERS)))];
  if (words.length === 0) return [];
  const texts = tools.map(countWords);
  const average = texts.reduce((sum, text) => sum + text.length, 0) / Math.max(1, texts.length);
  const vocabulary = new Set<string>();
  for (const { counts } of texts) for (const word of counts.keys()) vocabulary.add(word);
  const asked = words.map((word): Asked => {
    const near = nearWords(word, vocabulary);
    const having = texts.filter((text) => countOf(text, word, near) > 0).length;
    return { word, near, rarity: Math.log(1 + (texts.length - having + 0.5) / (having + 0.5)) };
  });
  const scored = tools.map((tool, index) => ({ tool, score: scoreOf(texts[index]!, asked, average) }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ tool }) => tool);
}

/** A word of the query, and what else in any tool is nearly it. */
interface Asked {
  readonly word: string;
  readonly near: readonly string[];
  readonly rarity: number;
}

interface CountedText {
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

function countWords(tool: Searchable): CountedText {
  const counts = new Map<string, number>();
  let length = 0;
  for (const place of ["name", "title", "serverName", "description"] as const) {
    for (const word of searchWords(tool[place].slice(0, DESCRIPTION_CHARACTERS))) {
      counts.set(word, (counts.get(word) ?? 0) + WEIGHTS[place]);
      length += 1;
    }
  }
  return { counts, length };
}

function scoreOf(text: CountedText, asked: readonly Asked[], average: number): number {
  const held = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * text.length) / Math.max(1, average));
  return asked.reduce((sum, { word, near, rarity }) => {
    const count = countOf(text, word, near);
    return sum + (rarity * count * (SATURATION + 1)) / (count + held);
  }, 0);
}

/** How often a text has a word, or one that is nearly it. */
function countOf(text: CountedText, word: string, near: readonly string[]): number {
  return text.counts.get(word) ?? NEAR * near.reduce((most, other) => Math.max(most, text.counts.get(other) ?? 0), 0);
}

/** "order" and "orders", "refund" and "refunded". */
function nearWords(word: string, vocabulary: ReadonlySet<string>): string[] {
  return word.length < 4 ? [] : [...vocabulary].filter((other) => other !== word && isNear(word, other));
}

function isNear(word: string, other: string): boolean {
  if (other.length < 4 || Math.abs(word.length - other.length) > 4) return false;
  return word.startsWith(other) || other.startsWith(word);
}

const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Most texts of most tools, which are read several times as fast. */
const ASCII = /^[\t-\r\x20-\x7e]*$/;
const ASCII_WORDS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
const WORDS = /[\p{L}\p{M}]+|\p{N}+/gu;

/** `getOrderStatus`, `get_order_status` → get, order, status. */
export function searchWords(text: string): string[] {
  if (ASCII.test(text)) return (text.match(ASCII_WORDS) ?? []).map((word) => word.toLowerCase());
  const spread = text
    .normalize("NFKC")
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2");
  return (spread.match(WORDS) ?? []).flatMap((word) => (WITHOUT_SPACES.test(word) ? pairs(word) : [plain(word)]));
}

/** Latin, Greek and Cyrillic accents are left out; in other scripts marks are letters. */
function plain(word: string): string {
  const lower = word.toLowerCase();
  return /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(lower)
    ? lower.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll("ß", "ss")
    : lower;
}

function pairs(word: string): string[] {
  const characters = Array.from(word);
  if (characters.length < 2) return [word];
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}
