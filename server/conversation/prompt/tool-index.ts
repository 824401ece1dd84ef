import { searchWords } from "./search-words.ts";

/** What of a tool is searched. */
export interface Searchable {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly serverName: string;
}

const PLACES = ["name", "title", "serverName", "description"] as const;
/** How much a word counts, by where it is. */
const WEIGHTS = { name: 3, title: 3, serverName: 2, description: 1 } as const;
/** BM25: how fast repeats stop counting, and how much long texts are held back. */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;
/** What a word counts that is only nearly the one that is asked for. */
const NEAR = 0.6;
/** Words nearly alike begin with the same so many letters, and one of them goes on for no more than so many. */
const STEM_CHARACTERS = 4;
const ENDING_CHARACTERS = 4;
const TEXT_CHARACTERS = 2_000;
/** How much is read before the process does other work: some milliseconds. */
const SLICE_CHARACTERS = 40_000;

/**
 * The words of many tools, so that each search looks at what has its words only. It is read once, in slices between
 * which the process does other things.
 */
export class ToolIndex {
  /** By word: a tool's place, how often it has the word, the next tool's place, … */
  readonly #places = new Map<string, number[]>();
  /** Words by their first letters. */
  readonly #stems = new Map<string, string[]>();
  readonly #lengths: number[] = [];
  #average = 0;

  static async of(tools: readonly Searchable[]): Promise<ToolIndex> {
    const index = new ToolIndex();
    let characters = 0;
    for (const tool of tools) {
      characters += index.#add(tool);
      if (characters < SLICE_CHARACTERS) continue;
      characters = 0;
      await new Promise((resolve) => void setImmediate(resolve));
    }
    index.#average = index.#lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, tools.length);
    return index;
  }

  /**
   * The places of the tools that fit a query, best first; equals keep their order. Words of any language: letters are
   * compared without case and accents, scripts without spaces by pairs of characters, and a word counts a little for
   * others that begin with it.
   */
  search(query: string): number[] {
    const scores = new Map<number, number>();
    for (const word of new Set(searchWords(query.slice(0, TEXT_CHARACTERS)))) {
      const counts = this.#countsOf(word);
      const rarity = Math.log(1 + (this.#lengths.length - counts.size + 0.5) / (counts.size + 0.5));
      for (const [place, count] of counts) {
        const held = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * (this.#lengths[place] ?? 0)) / Math.max(1, this.#average));
        scores.set(place, (scores.get(place) ?? 0) + (rarity * count * (SATURATION + 1)) / (count + held));
      }
    }
    return [...scores].sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || a - b).map(([place]) => place);
  }

  /** Answers with how many characters were read. */
  #add(tool: Searchable): number {
    const place = this.#lengths.length;
    const counts = new Map<string, number>();
    let length = 0;
    let characters = 0;
    for (const part of PLACES) {
      const text = tool[part].slice(0, TEXT_CHARACTERS);
      characters += text.length;
      for (const word of searchWords(text)) {
        counts.set(word, (counts.get(word) ?? 0) + WEIGHTS[part]);
        length += 1;
      }
    }
    this.#lengths.push(length);
    for (const [word, count] of counts) this.#placesOf(word).push(place, count);
    return characters;
  }

  #placesOf(word: string): number[] {
    const known = this.#places.get(word);
    if (known !== undefined) return known;
    const places: number[] = [];
    this.#places.set(word, places);
    if (word.length >= STEM_CHARACTERS) {
      const stem = word.slice(0, STEM_CHARACTERS);
      const words = this.#stems.get(stem);
      if (words === undefined) this.#stems.set(stem, [word]);
      else words.push(word);
    }
    return places;
  }

  /** How often each tool has a word, or one that is nearly it. */
  #countsOf(word: string): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const near of this.#nearWords(word))
      for (const [place, count] of pairsOf(this.#places.get(near))) counts.set(place, Math.max(counts.get(place) ?? 0, NEAR * count));
    for (const [place, count] of pairsOf(this.#places.get(word))) counts.set(place, count);
    return counts;
  }

  /** "order" and "orders", "refund" and "refunded". */
  #nearWords(word: string): string[] {
    if (word.length < STEM_CHARACTERS) return [];
    return (this.#stems.get(word.slice(0, STEM_CHARACTERS)) ?? []).filter((other) => other !== word && isNear(word, other));
  }
}

function isNear(word: string, other: string): boolean {
  return Math.abs(word.length - other.length) <= ENDING_CHARACTERS && (word.startsWith(other) || other.startsWith(word));
}

function* pairsOf(places: readonly number[] = []): Generator<[number, number]> {
  for (let at = 0; at < places.length; at += 2) yield [places[at] ?? 0, places[at + 1] ?? 0];
}
