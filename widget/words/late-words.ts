import type { LateLoaders, Words } from "./types/words.ts";

/**
 * Words that only some conversations need: English comes with what says them, each other language when it is first
 * wanted.
 */
export class LateWords<W> {
  readonly #english: W;
  readonly #load: (late: LateLoaders) => Promise<W>;
  readonly #loaded = new Map<string, W>();

  constructor(english: W, load: (late: LateLoaders) => Promise<W>) {
    this.#english = english;
    this.#load = load;
  }

  /** Loads what `in` returns; English stands in for what cannot be loaded. */
  async load({ language, late }: Words): Promise<void> {
    if (this.#loaded.has(language)) return;
    const words = late && (await this.#load(late).catch(() => undefined));
    this.#loaded.set(language, words ?? this.#english);
  }

  /** The words in the language of `words`, once they are loaded; English until then. */
  in({ language }: Words): W {
    return this.#loaded.get(language) ?? this.#english;
  }
}
