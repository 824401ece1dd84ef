import { SentenceCutter } from "../speech/text/sentences.ts";
import type { Saying } from "./ports/speaking-side.ts";

/** The text of one step of the model, as it comes, cut into what is said in one go. */
export class FollowedText {
  #saying: Saying;
  readonly #cutter: SentenceCutter;
  #next: number;
  #isOver = false;

  /** `offset`: where the text begins that comes first; what came before was not listened to. */
  constructor(saying: Saying, language: string | undefined, offset: number) {
    this.#saying = saying;
    this.#cutter = new SentenceCutter(language);
    this.#next = offset;
  }

  /** Whether more of it may come. */
  get isOpen(): boolean {
    return !this.#isOver;
  }

  /** What comes from now on is said with this. */
  goOn(saying: Saying): void {
    this.#saying = saying;
  }

  push(offset: number, text: string): void {
    if (this.#isOver || offset + text.length <= this.#next) return;
    const more = text.slice(Math.max(0, this.#next - offset));
    this.#next = offset + text.length;
    for (const piece of this.#cutter.push(more)) this.#saying.say(piece);
  }

  /** That is all of it. */
  end(whole: string): void {
    if (this.#isOver) return;
    this.push(0, whole);
    for (const piece of this.#cutter.flush()) this.#saying.say(piece);
    this.drop();
  }

  /** Nothing more of it is said. */
  drop(): void {
    this.#isOver = true;
    this.#saying.finish();
  }
}
