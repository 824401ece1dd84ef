import type { Clock } from "../thread/clock.ts";
import { CallFault, type AssistantVoice, type Saying, type VoiceNews } from "./call-ports.ts";
import type { CallChoices } from "./call-state.ts";

/**
 * Some browsers lose what they were to say, and tell nobody: what has not begun after this long has failed. A voice that
 * is the network's, or a phone's first, takes a second or two.
 */
const BEGINS_WITHIN_MS = 4_000;
/** So has what has not ended after this and so much for each character. The slowest voices need less. */
const ENDS_WITHIN_MS = 4_000;
const CHARACTER_MS = 300;

/** The browser's own voice: it is given text, and says how far it came. Rejects with `CallFault`. */
export async function openBrowserVoice(
  language: string | undefined,
  { volume }: CallChoices,
  news: VoiceNews,
  clock: Clock,
): Promise<AssistantVoice> {
  if (typeof speechSynthesis === "undefined" || typeof SpeechSynthesisUtterance === "undefined") throw new CallFault("unsupported");
  return new BrowserVoice(language, volume, news, clock);
}

interface Said {
  readonly piece: number;
  /** Held: some browsers forget one that nobody holds, and its end is never told. */
  readonly utterance: SpeechSynthesisUtterance;
  characters: number;
}

class BrowserVoice implements AssistantVoice {
  readonly #language: string | undefined;
  readonly #news: VoiceNews;
  readonly #clock: Clock;
  #volume: number;
  #isDropping = false;
  /** The server gives one piece at a time. */
  #said: Said | undefined;
  #callOff: (() => void) | undefined;

  constructor(language: string | undefined, volume: number, news: VoiceNews, clock: Clock) {
    this.#language = language;
    this.#volume = volume;
    this.#news = news;
    this.#clock = clock;
  }

  begin({ piece, text }: Saying): void {
    if (this.#isDropping) return;
    const utterance = new SpeechSynthesisUtterance(text);
    const said: Said = { piece, utterance, characters: 0 };
    this.#said = said;
    utterance.volume = this.#volume;
    if (this.#language !== undefined) utterance.lang = this.#language;
    utterance.onstart = () => said === this.#said && this.#started(said);
    utterance.onboundary = ({ charIndex }) => said === this.#said && this.#came(said, charIndex, false);
    utterance.onend = () => said === this.#said && this.#ended(said);
    utterance.onerror = () => said === this.#said && this.#failed();
    this.#failAfter(BEGINS_WITHIN_MS);
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
    this.#callOff?.();
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

  #started({ utterance: { text } }: Said): void {
    this.#failAfter(ENDS_WITHIN_MS + CHARACTER_MS * text.length);
    this.#news.note("not-spoken", false);
    this.#news.audible(true);
    this.#news.caption(text);
  }

  #came(said: Said, characters: number, done: boolean): void {
    said.characters = characters;
    this.#news.say({ type: "spoke", piece: said.piece, characters, done });
  }

  #ended(said: Said): void {
    this.#callOff?.();
    this.#said = undefined;
    this.#came(said, said.utterance.text.length, true);
    this.#news.audible(false);
  }

  #failAfter(ms: number): void {
    this.#callOff?.();
    this.#callOff = this.#clock.after(ms, () => this.#failed());
  }

  /** Nobody heard it, and nobody will: what follows of it is not said either. */
  #failed(): void {
    this.#callOff?.();
    this.#news.note("not-spoken", true);
    this.#news.failed();
  }
}
