import { CallFault, type AssistantVoice, type Saying, type VoiceNews } from "./call-ports.ts";
import type { CallChoices } from "./call-state.ts";

/** The browser's own voice: it is given text, and says how far it came. Rejects with `CallFault`. */
export async function openBrowserVoice(language: string | undefined, { volume }: CallChoices, news: VoiceNews): Promise<AssistantVoice> {
  if (typeof speechSynthesis === "undefined" || typeof SpeechSynthesisUtterance === "undefined") throw new CallFault("unsupported");
  return new BrowserVoice(language, volume, news);
}

interface Said {
  readonly piece: number;
  readonly text: string;
  characters: number;
}

class BrowserVoice implements AssistantVoice {
  readonly #language: string | undefined;
  readonly #news: VoiceNews;
  #volume: number;
  #isDropping = false;
  /** The server gives one piece at a time. */
  #said: Said | undefined;

  constructor(language: string | undefined, volume: number, news: VoiceNews) {
    this.#language = language;
    this.#volume = volume;
    this.#news = news;
  }

  begin({ piece, text }: Saying): void {
    if (this.#isDropping) return;
    const said: Said = { piece, text, characters: 0 };
    this.#said = said;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.volume = this.#volume;
    if (this.#language !== undefined) utterance.lang = this.#language;
    utterance.onstart = () => said === this.#said && this.#started(said);
    utterance.onboundary = ({ charIndex }) => said === this.#said && this.#came(said, charIndex, false);
    utterance.onend = () => said === this.#said && this.#ended(said);
    utterance.onerror = () => said === this.#said && this.#failed();
    speechSynthesis.speak(utterance);
  }

  async cut(): Promise<number | undefined> {
    const said = this.#said;
    if (said === undefined || this.#isDropping) return undefined;
    this.#isDropping = true;
    this.#came(said, said.characters, false);
    this.close();
    // Its places are characters, and those were told.
    return 0;
  }

  hush(): void {
    this.#isDropping = false;
    this.close();
  }

  loud(volume: number): void {
    this.#volume = volume;
  }

  close(): void {
    if (this.#said !== undefined) this.#news.audible(false);
    this.#said = undefined;
    speechSynthesis.cancel();
  }

  // It has no frames, cannot be made quieter while it speaks, sounds where the system sounds, and measures nothing.
  frame(): void {}
  end(): void {}
  duck(): void {}
  playThrough(): void {}
  wake(): void {}
  stats(): undefined {}

  #started({ text }: Said): void {
    this.#news.note("not-spoken", false);
    this.#news.audible(true);
    this.#news.caption(text);
  }

  #came(said: Said, characters: number, done: boolean): void {
    said.characters = characters;
    this.#news.say({ type: "spoke", piece: said.piece, characters, done });
  }

  #ended(said: Said): void {
    this.#said = undefined;
    this.#came(said, said.text.length, true);
    this.#news.audible(false);
  }

  /** Nobody heard it, and nobody will: what follows of it is not said either. */
  #failed(): void {
    this.#news.note("not-spoken", true);
    this.#news.failed();
  }
}
