import type { JournalEvent } from "../../../protocol/events.ts";
import type { PromptMessage, PromptToolCall } from "../ports.ts";

interface StepSaid {
  readonly text: string;
  readonly calls: PromptToolCall[];
  readonly results: PromptMessage[];
}

interface TurnSaid {
  readonly turnId: string;
  readonly messageSeq: number;
  readonly user: string;
  readonly steps: StepSaid[];
  endedSeq: number | undefined;
  stopped: boolean;
}

const RETRY = "(That did not work because of a technical fault. Please try once more.)";
const STOPPED = "(The customer stopped this answer here.)";

/**
 * The conversation as the model reads it, folded from the journal: turns in the order in which they began, each a question, then steps with their calls and
 * results. Text of a summary stands for all that it covers.
 */
export class PromptHistory {
  summary: string | undefined;
  /** The newest event that the summary covers. */
  throughSeq = 0;
  readonly #turns: TurnSaid[] = [];
  readonly #texts = new Map<string, { text: string; seq: number }>();
  readonly #modelCallIds = new Map<string, { modelCallId: string; name: string }>();

  apply(event: JournalEvent): void {
    switch (event.type) {
      case "message-received":
        this.#texts.set(event.messageId, { text: event.text, seq: event.seq });
        return;
      case "turn-started":
        this.#begin(event.turnId, event.messageId);
        return;
      case "step-ended":
        this.#turn(event.turnId)?.steps.push({ text: event.text, calls: [], results: [] });
        return;
      case "tool-call-proposed": {
        const name = event.name ?? event.tool.tool;
        const modelCallId = event.modelCallId ?? event.callId;
        this.#modelCallIds.set(event.callId, { modelCallId, name });
        this.#turn(event.turnId)
          ?.steps.at(-1)
          ?.calls.push({ modelCallId, name, argumentsText: JSON.stringify(event.arguments ?? {}) });
        return;
      }
      case "tool-call-ended": {
        const call = this.#modelCallIds.get(event.callId);
        if (call === undefined) return;
        this.#turn(event.turnId)
          ?.steps.at(-1)
          ?.results.push({ role: "tool", ...call, text: event.text ?? "", failed: event.outcome !== "ok" });
        return;
      }
      case "turn-ended": {
        const turn = this.#turn(event.turnId);
        if (turn === undefined) return;
        turn.endedSeq = event.seq;
        turn.stopped = event.outcome === "stopped";
        return;
      }
      case "summary-written":
        this.#summarise(event.text, event.throughSeq);
        return;
      default:
        return;
    }
  }

  /** Everything, oldest first, without the system prompt. */
  messages(): PromptMessage[] {
    return this.#turns.flatMap(turnMessages);
  }

  /**
   * The turns that could be summarised: ended, and not among the last `keep`. `throughSeq` is the journal number up to which the summary would speak.
   */
  older(keep: number): { messages: PromptMessage[]; throughSeq: number } | undefined {
    const ended = this.#turns.filter((turn) => turn.endedSeq !== undefined);
    const running = this.#turns.length - ended.length;
    const older = ended.slice(0, Math.max(0, ended.length - Math.max(0, keep - running)));
    const last = older.at(-1);
    if (last?.endedSeq === undefined) return undefined;
    const next = this.#turns[older.length];
    const throughSeq = next === undefined ? last.endedSeq : Math.min(last.endedSeq, next.messageSeq - 1);
    if (throughSeq <= this.throughSeq) return undefined;
    return { messages: older.flatMap(turnMessages), throughSeq };
  }

  #begin(turnId: string, messageId: string): void {
    const known = this.#texts.get(messageId);
    if (known === undefined) return;
    const again = this.#turns.some((turn) => turn.user === known.text && turn.messageSeq === known.seq);
    this.#turns.push({
      turnId,
      messageSeq: known.seq,
      user: again ? RETRY : known.text,
      steps: [],
      endedSeq: undefined,
      stopped: false,
    });
  }

  #turn(turnId: string): TurnSaid | undefined {
    return this.#turns.findLast((turn) => turn.turnId === turnId);
  }

  #summarise(text: string, throughSeq: number): void {
    this.summary = text;
    this.throughSeq = throughSeq;
    const covered = this.#turns.findIndex((turn) => turn.messageSeq > throughSeq);
    this.#turns.splice(0, covered < 0 ? this.#turns.length : covered);
  }
}

function turnMessages(turn: TurnSaid): PromptMessage[] {
  const messages: PromptMessage[] = [{ role: "user", text: turn.user }];
  for (const step of turn.steps) {
    if (step.text !== "" || step.calls.length > 0) messages.push({ role: "assistant", text: step.text, toolCalls: step.calls });
    messages.push(...step.results);
  }
  if (turn.stopped) messages.push({ role: "user", text: STOPPED });
  return messages;
}
