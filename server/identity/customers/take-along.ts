import type { JournalEvent } from "../../../protocol/events.ts";
import { type DocumentChange, DocumentConflictError } from "../../documents/ports.ts";

/** A browser's conversations become an identified customer's. `assistant` is its key, or the name of its preview. */
export interface Move {
  readonly assistant: string;
  readonly from: string;
  readonly to: string;
}

export interface MovedConversation {
  readonly conversationId: string;
  /** The `customer-identified` that was written into it. */
  readonly event: JournalEvent;
}

export interface TakeAlongPorts {
  /**
   * Moves the conversations of a customer, with the records of their calls, and makes these changes of documents: all
   * in one transaction. Throws `DocumentConflictError`; then nothing is written.
   */
  readonly move: (move: Move, changes: readonly DocumentChange[], at: number) => Promise<readonly MovedConversation[]>;
  /** What moves a customer's own sign-ins at MCP servers. */
  readonly connections: (move: Move) => Promise<readonly DocumentChange[]>;
  /** Whoever listens hears of it, and runs go on as the customer's. */
  readonly moved: (move: Move, conversations: readonly MovedConversation[]) => void;
  readonly now: () => number;
}

/** A token of a sign-in may be renewed in the same moment; a second look finds it. */
const ATTEMPTS = 5;

/** Takes what a browser did anonymously along to the customer that it turned out to be: that browser's, and no more. */
export async function takeAlong(move: Move, ports: TakeAlongPorts): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const moved = await ports.move(move, await ports.connections(move), ports.now());
      if (moved.length > 0) ports.moved(move, moved);
      return;
    } catch (error) {
      if (!(error instanceof DocumentConflictError) || attempt === ATTEMPTS) throw error;
    }
  }
}
