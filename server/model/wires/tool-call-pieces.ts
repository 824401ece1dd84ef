import { givenArguments, isWhole, NO_ARGUMENTS } from "./given-arguments.ts";
import type { PartQueue } from "./part-queue.ts";
import type { ToolForms } from "./tool-forms.ts";

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

/**
 * Puts the calls of one answer together from their pieces, in the order in which they began. A piece with a name begins
 * a call, unless it repeats the name or the rest of one that is under way; a piece without a name goes on with the call
 * of its id, else with the latest of its index, else with the latest.
 */
export class ToolCallPieces {
  readonly #forms: ToolForms;
  readonly #newId: () => string;
  readonly #names: ReadonlySet<string>;
  readonly #calls: Pieces[] = [];
  readonly #byIndex = new Map<number, Pieces>();

  /** @param newId for calls that the provider gives no id */
  constructor(forms: ToolForms, newId: () => string) {
    this.#forms = forms;
    this.#newId = newId;
    this.#names = new Set(forms.names);
  }

  get empty(): boolean {
    return this.#calls.length === 0;
  }

  get count(): number {
    return this.#calls.length;
  }

  /** The ids of all calls, in their order. */
  get ids(): readonly string[] {
    return this.#calls.map((call) => (call.id ??= `call_${this.#newId()}`));
  }

  /** Returns the place of the call among all calls of the answer. */
  add(piece: CallPiece): number {
    const call = this.#find(piece) ?? this.#begin(piece);
    call.id ??= piece.id;
    if (piece.index !== undefined) this.#byIndex.set(piece.index, call);
    call.name = this.#nameOf(call.name, piece.name);
    const more = piece.argumentsText ?? "";
    // Some servers say that there are no arguments before they come, or say all of them once more at the end.
    if (isWhole(call.argumentsText) && isWhole(more)) call.argumentsText = more;
    else call.argumentsText += more;
    return this.#calls.indexOf(call);
  }

  /**
   * All calls go on to the queue, their arguments as the model wrote them; an empty text means no arguments. In an
   * answer that was `cut` for its length an empty text may as well mean that the model did not get to them: such a call
   * is left out.
   */
  release(queue: PartQueue, { cut }: { cut: boolean }): void {
    const { ids } = this;
    for (const [index, call] of this.#calls.entries()) {
      if (cut && call.argumentsText.trim() === "") continue;
      const name = this.#known(call.name);
      const argumentsText = this.#forms.meant(name, givenArguments(call.argumentsText));
      queue.toolCall({ modelCallId: ids[index] ?? "", name, argumentsText });
    }
  }

  #find(piece: CallPiece): Pieces | undefined {
    const byId = piece.id === undefined ? undefined : this.#calls.findLast((call) => call.id === piece.id);
    const byIndex = piece.index === undefined ? undefined : this.#byIndex.get(piece.index);
    if (piece.name === undefined) return byId ?? byIndex ?? this.#calls.at(-1);
    const call = byId ?? (piece.index === undefined ? this.#calls.at(-1) : byIndex);
    return call === undefined || this.#isAnother(call, piece) ? undefined : call;
  }

  /** Whether a piece with a name is the beginning of another call. */
  #isAnother(call: Pieces, { id, name = "", argumentsText = "" }: CallPiece): boolean {
    if (id !== undefined && call.id !== undefined) return id !== call.id;
    if (call.name !== name && call.name !== "") return call.argumentsText !== "" || this.#isWholeName(call.name, name);
    if (!isWhole(call.argumentsText) || argumentsText === "") return false;
    // Said once more, or only now said in full.
    return call.argumentsText !== argumentsText && call.argumentsText !== NO_ARGUMENTS;
  }

  /** A name may come in two pieces, or again with every piece. */
  #nameOf(before: string, more: string | undefined): string {
    return more === undefined || more === before || this.#isWholeName(before, more) ? before : before + more;
  }

  #isWholeName(name: string, more: string): boolean {
    return this.#names.has(name) && !this.#names.has(name + more);
  }

  #begin({ index, id }: CallPiece): Pieces {
    const call: Pieces = { id, name: "", argumentsText: "" };
    this.#calls.push(call);
    if (index !== undefined) this.#byIndex.set(index, call);
    return call;
  }

  /** The name as it was offered, where a model wrote blanks around it or its own word for tools before it. */
  #known(name: string): string {
    if (this.#names.has(name)) return name;
    const bare = name.trim().replace(/^functions?\./, "");
    return this.#names.has(bare) ? bare : name;
  }
}
