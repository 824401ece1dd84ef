import type { LitElement } from "lit";
import { english } from "../../words/english/words.ts";
import { Formats } from "../../words/formats.ts";
import type { Words } from "../../words/types/words.ts";
import { wordsFor } from "../../words/words-for.ts";
import type { Speaking } from "../foundation/thread-context.ts";

/**
 * The language of the panel: its own, otherwise the page's, otherwise the reader's. English until another one is
 * loaded.
 */
export class PanelLanguage implements Speaking {
  words: Words = english;
  formats = new Formats(english.language);
  readonly #host: LitElement;
  #chosen: string | undefined;

  constructor(host: LitElement) {
    this.#host = host;
  }

  /** Looks which language is asked for now; asks the host for an update when its words come. */
  choose(): void {
    const host = this.#host;
    const tag = host.lang || host.closest<HTMLElement>("[lang]")?.lang || navigator.language;
    if (tag === this.#chosen) return;
    this.#chosen = tag;
    const words = wordsFor(tag);
    if (words instanceof Promise) void words.then((loaded) => tag === this.#chosen && (this.#take(tag, loaded), host.requestUpdate()));
    else this.#take(tag, words);
  }

  #take(tag: string, words: Words): void {
    this.words = words;
    // The page's own region stays: 4.5.2026 in Austria and Germany, 4 May in Britain, May 4 in America. If it names
    // none, the reader's counts.
    const wanted = tag.startsWith(words.language) ? tag : words.language;
    this.formats = new Formats(navigator.languages.find((own) => own.startsWith(`${wanted}-`)) ?? wanted);
  }
}
