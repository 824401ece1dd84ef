import type { WireError } from "../../protocol/errors.ts";
import type { Via } from "../../protocol/identifiers.ts";
import { defined } from "./defined.ts";
import type { CustomerMessage } from "./state.ts";

/** Whose words a message is, where the customer did not write it. */
export interface MessageFrom {
  /** Who sends it in the customer's name. */
  readonly via?: Via;
  /** The call whose view wrote it; the customer sent it. */
  readonly view?: string;
}

/** A message on its way, as it is kept in storage. */
export interface OutboxEntry extends MessageFrom {
  readonly messageId: string;
  readonly conversationId: string;
  readonly text: string;
  /** When it was written, milliseconds since 1970; messages are sent in this order. */
  readonly at: number;
  /** Refused for good: stays until a person sends it again or takes it away. */
  readonly failed?: WireError;
}

/** Reads a stored entry, which another version or another script may have written; `undefined` if it is none. */
export function readEntry(text: string | undefined): OutboxEntry | undefined {
  if (text === undefined) return undefined;
  try {
    const entry = JSON.parse(text) as Partial<OutboxEntry> | null;
    const complete =
      typeof entry?.messageId === "string" &&
      typeof entry.conversationId === "string" &&
      typeof entry.text === "string" &&
      typeof entry.at === "number" &&
      (entry.failed === undefined || typeof entry.failed.message === "string");
    return complete ? (entry as OutboxEntry) : undefined;
  } catch {
    return undefined;
  }
}

/** As the thread draws it. `limited`: the server asked to wait; it is sent again by itself. */
export function toMessage(entry: OutboxEntry, limited?: WireError): CustomerMessage {
  const { messageId, text, at, via, failed } = entry;
  return defined({ messageId, text, at, via, status: failed ? ("failed" as const) : ("sending" as const), error: failed ?? limited });
}
