import type { Presence } from "../../../protocol/staff-frames.ts";

type Doing = Presence["doing"];
interface Who {
  readonly id: string;
  readonly name: string;
  readonly program?: true;
}

/** Who is in which conversation, by their sockets. A person with several tabs is one of them. */
export class Presences {
  readonly #conversations = new Map<string, Map<string, Who & { readonly doing: Doing }>>();

  /** Those who are there, those who write first. */
  of(conversationId: string): readonly Presence[] {
    const people = new Map<string, Presence>();
    for (const { id, name, doing, program } of this.#conversations.get(conversationId)?.values() ?? []) {
      if (people.get(id)?.doing === "writing") continue;
      people.set(id, { id, name, doing, ...(program === undefined ? {} : { program }) });
    }
    return [...people.values()].toSorted((left, right) => order(left) - order(right) || (left.id < right.id ? -1 : 1));
  }

  /** Whether this is news. */
  set(conversationId: string, socketId: string, who: Who, doing: Doing): boolean {
    const before = this.#conversations.get(conversationId)?.get(socketId)?.doing;
    if (before === doing) return false;
    const sockets = this.#conversations.get(conversationId) ?? new Map<string, Who & { readonly doing: Doing }>();
    this.#conversations.set(conversationId, sockets.set(socketId, { ...who, doing }));
    return true;
  }

  /** Whether the socket was there. */
  delete(conversationId: string, socketId: string): boolean {
    const sockets = this.#conversations.get(conversationId);
    if (sockets?.delete(socketId) !== true) return false;
    if (sockets.size === 0) this.#conversations.delete(conversationId);
    return true;
  }
}

function order({ doing }: Presence): number {
  return doing === "writing" ? 0 : 1;
}
