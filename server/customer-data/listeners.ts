import type { AuditActor, DocumentStore } from "../documents/ports.ts";

export interface ListenersPorts {
  readonly documents: Pick<DocumentStore, "listAudit" | "write">;
  readonly clock: { now(): number };
}

/** A player asks for a recording in parts, and anew with each seeking. */
const ONE_LISTENING_MS = 3_600_000;
/** As many recordings of one conversation are told apart within that time. */
const LOOKED_AT = 200;

/** Who listened to recordings of voice calls: an entry in the audit log for each recording and listener, once in an hour. */
export class Listeners {
  readonly #ports: ListenersPorts;
  /** A player asks for several parts at once. */
  readonly #noting = new Map<string, Promise<void>>();

  constructor(ports: ListenersPorts) {
    this.#ports = ports;
  }

  /** Resolves when the log has it; who is not noted must not listen. */
  async note(by: AuditActor, place: { readonly conversationId: string; readonly voiceCallId: string }): Promise<void> {
    const key = JSON.stringify([by.kind, by.id, place.conversationId, place.voiceCallId]);
    const noting = this.#noting.get(key) ?? this.#note(by, place).finally(() => this.#noting.delete(key));
    this.#noting.set(key, noting);
    await noting;
  }

  async #note(by: AuditActor, { conversationId, voiceCallId }: { conversationId: string; voiceCallId: string }): Promise<void> {
    const { documents, clock } = this.#ports;
    const at = clock.now();
    // Of the conversation, so that erasing it takes the id of its call out of the entry.
    const target = { kind: "conversation", id: conversationId };
    const action = "conversation.listen";
    const filter = { actor: by.id, action, targetKind: target.kind, targetId: target.id, from: at - ONE_LISTENING_MS + 1 };
    const noted = await documents.listAudit({ limit: LOOKED_AT, filter });
    if (noted.some(({ after }) => (after as { voiceCallId?: unknown } | undefined)?.voiceCallId === voiceCallId)) return;
    await documents.write([], { at, audit: [{ by, action, target, after: { voiceCallId } }] });
  }
}
