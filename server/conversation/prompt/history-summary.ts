import type { EventOf } from "../../../protocol/events.ts";

/** Something that was learnt of a turn after it had ended. `seq`: of the event that says so. */
export interface Learnt {
  readonly seq: number;
  readonly text: string;
}

/** What stands for the older part of a conversation, with what was learnt since of what it covers. */
export class HistorySummary {
  /** Undefined: nothing is summarised. */
  text: string | undefined;
  /** The newest event that it covers. */
  throughSeq = 0;
  /** What it carries of what it covers, beside its text. */
  foreign = false;
  found: readonly string[] = [];
  #learnt: readonly Learnt[] = [];

  /** `learnt` of the turns that it covers from now on. It may know of it, or not. */
  write({ text, throughSeq, foreign, foundTools }: EventOf<"summary-written">, learnt: readonly Learnt[]): void {
    this.throughSeq = throughSeq;
    this.foreign = foreign ?? false;
    this.found = foundTools ?? [];
    // As whoever reads the journal from the summary on would hear of it.
    this.#learnt = [...this.#learnt, ...learnt].filter(({ seq }) => seq > throughSeq).toSorted((left, right) => left.seq - right.seq);
    this.text = [text, ...this.#learnt.map((one) => one.text)].join("\n");
  }

  learn(learnt: Learnt): void {
    if (this.text === undefined) return;
    this.#learnt = [...this.#learnt, learnt];
    this.text = `${this.text}\n${learnt.text}`;
  }

  copy(): HistorySummary {
    const copy = new HistorySummary();
    copy.text = this.text;
    copy.throughSeq = this.throughSeq;
    copy.foreign = this.foreign;
    copy.found = this.found;
    copy.#learnt = this.#learnt;
    return copy;
  }
}
