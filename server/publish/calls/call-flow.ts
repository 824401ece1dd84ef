import type { InputAnswer, InputRequest } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";

export interface Progress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

export type Questions = Readonly<Record<string, InputRequest>>;
export type Answers = Readonly<Record<string, InputAnswer>>;

/** How far a call came: it wants answers of the person at the client, or it is over. */
export type FlowStep<End> = { readonly questions: Questions } | { readonly end: End };

/** The call's side of it. */
export interface FlowSide {
  /** Aborted when the client gave up. */
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  /** Never rejects: who gives no answer has cancelled. */
  readonly ask: (questions: Questions) => Promise<Answers>;
  /** Whether a person is being asked at this moment: they take the time that they need. */
  readonly isAsking: () => boolean;
}

/** Whoever waits for a step. */
export interface FlowListener {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** How long a call waits for the client to come back with answers. */
const PARKED_MS = 10 * 60_000;

/**
 * A call that may ask in between. The client's request ends with the questions and comes again with the answers, while
 * the call itself goes on: neither side holds a request open for a person.
 */
export class CallFlow<End> {
  readonly id: string;
  /** What the client has to send again unchanged: its key, the tool and the arguments. */
  readonly binding: () => string;
  readonly #clock: Pick<Clock, "after">;
  readonly #controller = new AbortController();
  readonly #end: Promise<End>;
  #listener: FlowListener | undefined;
  /** What is asked, and what comes after it: one at a time, so that each answer is to what the person read. */
  #asked: { readonly questions: Questions; readonly answer: (answers: Answers) => void }[] = [];
  #isLeft = false;
  #answered = 0;
  #onAsked: (() => void) | undefined;
  #callOff: (() => void) | undefined;

  constructor(
    { id, binding }: { readonly id: string; readonly binding: () => string },
    clock: Pick<Clock, "after">,
    work: (side: FlowSide) => Promise<End>,
  ) {
    this.id = id;
    this.binding = binding;
    this.#clock = clock;
    this.#end = Promise.resolve().then(() =>
      work({
        signal: this.#controller.signal,
        progress: (progress) => this.#listener?.progress(progress),
        ask: (questions) => this.#ask(questions),
        isAsking: () => this.#asked.length > 0,
      }),
    );
    // Whoever waits for a step hears of it; a parked call that fails is heard of by nobody.
    this.#end.catch(() => undefined);
  }

  /** Which of its questions is the one that waits: 0 is the first. */
  get round(): number {
    return this.#answered;
  }

  /** Waits for the next step. Rejects as the work does. */
  async step(listener: FlowListener): Promise<FlowStep<End>> {
    this.#listener = listener;
    const giveUp = (): void => this.#controller.abort("stop");
    if (listener.signal.aborted) giveUp();
    listener.signal.addEventListener("abort", giveUp, { once: true });
    try {
      const asked = this.#asked.length === 0 ? new Promise<void>((resolve) => (this.#onAsked = resolve)) : Promise.resolve();
      const end = await Promise.race([this.#end.then((value) => ({ end: value })), asked]);
      if (end !== undefined) return end;
      this.#callOff = this.#clock.after(PARKED_MS, () => this.#leave());
      return { questions: this.#asked[0]?.questions ?? {} };
    } finally {
      listener.signal.removeEventListener("abort", giveUp);
      this.#listener = undefined;
    }
  }

  /** The answers to the last questions. False: nothing is asked, or it was answered already. */
  answer(answers: Answers): boolean {
    const [asked] = this.#asked;
    if (asked === undefined) return false;
    this.#asked = this.#asked.slice(1);
    this.#answered += 1;
    this.#callOff?.();
    asked.answer(answers);
    return true;
  }

  /** Nobody comes back. */
  abandon(): void {
    this.#controller.abort("stop");
    this.#leave();
  }

  #ask(questions: Questions): Promise<Answers> {
    if (this.#controller.signal.aborted || this.#isLeft) return Promise.resolve({});
    return new Promise((resolve) => {
      this.#asked.push({ questions, answer: resolve });
      this.#onAsked?.();
    });
  }

  /** Nobody is there to be asked, now or later. */
  #leave(): void {
    this.#isLeft = true;
    while (this.answer({}));
  }
}
