import type { SpeakOptions, Speaking, SpokenAudio, WrittenPiece } from "../ports/speaking.ts";
import type { SpokenAnswer } from "./spoken-answer.ts";

export interface OwnVoicePorts {
  readonly name: string;
  /** Says what the model did not. */
  readonly otherwise: Speaking;
}

/** The voice of a model that speaks by itself; another one for what it did not say. */
export class OwnVoice implements Speaking {
  readonly name: string;
  readonly #ports: OwnVoicePorts;
  /** Those of which something may still be said, in their order. */
  #answers: SpokenAnswer[] = [];
  readonly #spokenBy = new WeakMap<WrittenPiece, SpokenAnswer>();

  constructor(ports: OwnVoicePorts) {
    this.name = ports.name;
    this.#ports = ports;
  }

  /** What was interrupted before is not said again now. */
  add(answer: SpokenAnswer): void {
    this.#keep([...this.#answers.filter((one) => !one.isCut), answer]);
  }

  async *speak(text: string, options: SpeakOptions): AsyncGenerator<SpokenAudio, void> {
    const { piece, signal } = options;
    signal.throwIfAborted();
    const answer = piece === undefined ? undefined : this.#answerOf(piece);
    const isCut = (): boolean => answer !== undefined && piece !== undefined && !answer.isClaimed(piece);
    let said = false;
    if (piece !== undefined && answer !== undefined)
      for await (const audio of answer.audioOf(piece, signal)) {
        said = true;
        yield audio;
      }
    // Some of its words may have no sound; what was cut off is over.
    if (!said && !isCut()) yield* this.#ports.otherwise.speak(text, options);
  }

  cut(piece: WrittenPiece, heardMs: number): void {
    this.#ports.otherwise.cut?.(piece, heardMs);
    const answer = this.#spokenBy.get(piece);
    if (answer?.isClaimed(piece) === true) answer.cut(piece, heardMs);
  }

  heard(piece: WrittenPiece): void {
    this.#ports.otherwise.heard?.(piece);
    this.#spokenBy.get(piece)?.heard(piece);
  }

  #answerOf(piece: WrittenPiece): SpokenAnswer | undefined {
    const known = this.#answers.findIndex((answer) => answer.claim(piece));
    const answer = this.#answers[known];
    if (answer === undefined) return undefined;
    // Whatever of earlier ones was not asked for will not be.
    this.#keep(this.#answers.slice(known));
    this.#spokenBy.set(piece, answer);
    return answer;
  }

  #keep(answers: SpokenAnswer[]): void {
    for (const answer of this.#answers) if (!answers.includes(answer)) answer.release();
    this.#answers = answers;
  }
}
