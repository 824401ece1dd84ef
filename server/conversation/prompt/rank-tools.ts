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
  const asked = [...new Set(searchWords(query.slice(0, DESCRIPTION_CHARACTERS)))];
  if (asked.length === 0) return [];
  const texts = tools.map(countWords);
  const average = texts.reduce((sum, text) => sum + text.length, 0) / Math.max(1, texts.length);
  const weights = new Map(asked.map((word) => [word, rarity(texts, word)]));
  const scored = tools.map((tool, index) => ({ tool, score: scoreOf(texts[index]!, asked, weights, average) }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ tool }) => tool);
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

function rarity(texts: readonly CountedText[], word: string): number {
  const having = texts.filter((text) => countOf(text, word) > 0).length;
  return Math.log(1 + (texts.length - having + 0.5) / (having + 0.5));
}

function scoreOf(text: CountedText, asked: readonly string[], weights: ReadonlyMap<string, number>, average: number): number {
  const held = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * text.length) / Math.max(1, average));
  return asked.reduce((sum, word) => {
    const count = countOf(text, word);
    return sum + ((weights.get(word) ?? 0) * count * (SATURATION + 1)) / (count + held);
  }, 0);
}

/** How often a text has a word, or one that is nearly it: "order" and "orders", "refund" and "refunded". */
function countOf(text: CountedText, word: string): number {
  const exact = text.counts.get(word);
  if (exact !== undefined) return exact;
  if (word.length < 4) return 0;
  let near = 0;
  for (const [other, count] of text.counts) if (isNear(word, other)) near = Math.max(near, count);
  return near * NEAR;
}

function isNear(word: string, other: string): boolean {
  if (other.length < 4 || Math.abs(word.length - other.length) > 4) return false;
  return word.startsWith(other) || other.startsWith(word);
}

const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const WORDS = /[\p{L}\p{M}]+|\p{N}+/gu;

/** `getOrderStatus`, `get_order_status` → get, order, status. */
export function searchWords(text: string): string[] {
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
