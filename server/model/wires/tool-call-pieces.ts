import type { PartQueue } from "./part-queue.ts";

interface Pieces {
  id: string | undefined;
  name: string;
  argumentsText: string;
}

export interface CallPiece {
  /** The provider's place of the call in its answer; some leave it out, some say 0 for every call. */
  readonly index?: number | undefined;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly argumentsText?: string | undefined;
}

/** Puts the calls of one answer together from their pieces, in the order in which they began. */
export class ToolCallPieces {
  readonly #calls: Pieces[] = [];
  readonly #byIndex = new Map<number, Pieces>();

  get empty(): boolean {
    return this.#calls.length === 0;
  }

  add(piece: CallPiece): void {
    const call = this.#find(piece) ?? this.#begin(piece);
    call.id ??= piece.id;
    if (call.name === "") call.name = piece.name ?? "";
    call.argumentsText += piece.argumentsText ?? "";
  }

  /**
   * All calls go on to the queue, their arguments as the model wrote them; an empty text means no arguments. In an
   * answer that was `cut` for its length an empty text may as well mean that the model did not get to them: such a call
   * is left out.
   */
  release(queue: PartQueue, { cut, newId }: { cut: boolean; newId: () => string }): void {
    for (const { id, name, argumentsText } of this.#calls) {
      const blank = argumentsText.trim() === "";
      if (cut && blank) continue;
      queue.toolCall({ modelCallId: id ?? `call_${newId()}`, name, argumentsText: blank ? "{}" : argumentsText });
    }
  }

  #find({ index, id }: CallPiece): Pieces | undefined {
    const found = index === undefined ? this.#calls.findLast((call) => id === undefined || call.id === id) : this.#byIndex.get(index);
    return found !== undefined && id !== undefined && found.id !== undefined && found.id !== id ? undefined : found;
  }

  #begin({ index, id, name }: CallPiece): Pieces {
    const call: Pieces = { id, name: name ?? "", argumentsText: "" };
    this.#calls.push(call);
    if (index !== undefined) this.#byIndex.set(index, call);
    return call;
  }
}
