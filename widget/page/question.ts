import type { ThreadController } from "../controllers/thread-controller.ts";

export type AskedThread = Pick<ThreadController, "removeMessage" | "send" | "state" | "stop">;
type Turn = AskedThread["state"]["turns"][number];

/** What came of a message. */
export interface Answered {
  /** The two that wait go on in the chat. */
  readonly status: "answered" | "stopped" | "waits-for-decision" | "with-the-team" | "still-answering";
  /** What the assistant has said, whole or so far. */
  readonly answer: string;
  readonly note?: string;
}

/** Of an answer, in UTF-16 code units. */
const ANSWER_CHARACTERS = 8_000;

/** A message that was sent for the browser's assistant, until somebody can say what came of it. */
export class Question {
  /** Rejects with what kept the message from being answered. */
  readonly end: Promise<Answered>;
  readonly #thread: AskedThread;
  readonly #conversationId: string;
  readonly #messageId: string;
  #resolve!: (answered: Answered) => void;
  #reject!: (error: unknown) => void;
  /** Nobody waits for it: its turn is stopped as soon as there is one. */
  #isUnwanted = false;
  #isOver = false;

  constructor(thread: AskedThread, messageId: string) {
    this.#thread = thread;
    this.#messageId = messageId;
    this.#conversationId = thread.state.conversationId;
    this.end = new Promise((resolve, reject) => ([this.#resolve, this.#reject] = [resolve, reject]));
  }

  /** Nothing is to be looked for any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The thread has changed, perhaps. */
  look(): void {
    const { state } = this.#thread;
    if (this.#isOver) return;
    if (state.conversationId !== this.#conversationId) return this.fail(new Error("The customer has left this conversation."));
    if (state.connection === "refused")
      return this.fail(new Error(`The chat is not available here. ${state.refusal?.message ?? ""}`.trim()));
    const turn = state.turns.find(({ message }) => message?.messageId === this.#messageId);
    if (turn) this.#turn(turn);
    else this.#unanswered(state);
  }

  /** Whoever asked waits no longer. */
  abandon(reason: unknown): void {
    this.#isUnwanted = true;
    this.#reject(reason);
    this.look();
  }

  /** It takes too long; the answer will be in the chat. */
  leave(): void {
    const turn = this.#thread.state.turns.find(({ message }) => message?.messageId === this.#messageId);
    this.#done({ status: "still-answering", answer: saidIn(turn), note: "The answer will be in the chat, which the customer sees." });
  }

  fail(error: unknown): void {
    this.#isOver = true;
    this.#reject(error);
  }

  #turn(turn: Turn): void {
    // A message to a person is its own turn.
    if (turn.turnId === this.#messageId)
      return this.#done({ status: "with-the-team", answer: "", note: "A person of the team answers in the chat." });
    const { status } = turn;
    if (this.#isUnwanted && (status === "running" || status === "waiting")) {
      this.#isOver = true;
      return this.#thread.stop();
    }
    if (status === "done" || status === "stopped") this.#done({ status: status === "done" ? "answered" : status, answer: saidIn(turn) });
    else if (status === "failed") this.fail(new Error("The assistant could not answer. The customer can try again in the chat."));
    else if (status === "waiting") this.#waits(turn, saidIn(turn));
  }

  /** Its turn has not begun. */
  #unanswered({ queued, turns }: AskedThread["state"]): void {
    const message = queued.find(({ messageId }) => messageId === this.#messageId);
    if (message?.status === "failed") {
      // Its sender is told; the customer is not asked to send again what they did not write.
      this.fail(new Error(`The message was not sent. ${message.error?.message ?? ""}`.trim()));
      return this.#thread.removeMessage(this.#messageId);
    }
    const before = turns.findLast(({ status }) => status === "waiting");
    if (message?.status === "queued" && before && !this.#isUnwanted) this.#waits(before, "");
  }

  #waits({ parts }: Turn, answer: string): void {
    const titles = parts.flatMap((part) => (part.kind === "call" && part.status === "waiting" ? [part.tool.title] : []));
    const note = `A decision of a person is needed in the chat, which shows what it is about: ${titles.join(", ")}. Nothing else can decide it. The answer goes on there.`;
    this.#done({ status: "waits-for-decision", answer, note });
  }

  #done(answered: Answered): void {
    this.#isOver = true;
    this.#resolve(answered);
  }
}

function saidIn(turn: Turn | undefined): string {
  const text = (turn?.parts ?? []).flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n\n");
  return text.length <= ANSWER_CHARACTERS ? text : `${text.slice(0, ANSWER_CHARACTERS)}\n[Cut: the chat has the whole answer]`;
}
