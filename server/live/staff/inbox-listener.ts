import type { JournalEvent } from "../../../protocol/events.ts";
import type { InboxChange, InboxFrame } from "../../../protocol/staff-frames.ts";
import type { Conversation } from "../../conversation/ports/store.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { Listener } from "../room.ts";
import { type Packet, sendPacket } from "../line/packet.ts";
import { SlowSockets } from "../line/slow-sockets.ts";
import { encodeForStaff, INBOX_WATCHERS, type StaffLine } from "./staff-line.ts";

export interface InboxListenerPorts {
  readonly io: StaffLine;
  /** Whose assistant a conversation is. */
  readonly find: (conversationId: string) => Promise<Pick<Conversation, "assistant" | "preview" | "lastSeq"> | undefined>;
  readonly clock: Pick<Clock, "after" | "now">;
  readonly log: Log;
}

/** Tells the lists of the staff what changed beside the journal, such as who a conversation is given to. */
export interface InboxNews {
  changed(conversationId: string, what: string): void;
}

interface Change {
  /** 0: nothing of it is in the journal. */
  seq: number;
  at: number;
  readonly what: Set<string>;
}

/** Lists hear of changes no oftener. */
const GATHERED_MS = 250;
/** With more conversations in one frame, lists are better read anew. */
const MOST_CHANGES = 200;

/**
 * The staff whose lists follow all conversations: which of them changed, and how, gathered into four frames a second,
 * each of which is made once for all of them. While nobody watches, nothing is gathered.
 */
export class InboxListener implements Listener<JournalEvent>, InboxNews {
  readonly name = "inbox";
  readonly #ports: InboxListenerPorts;
  readonly #slow = new SlowSockets();
  #changes = new Map<string, Change>();
  #isGathering = false;

  constructor(ports: InboxListenerPorts) {
    this.#ports = ports;
  }

  hears(): boolean {
    return this.#ports.io.of("/").adapter.rooms.has(INBOX_WATCHERS);
  }

  view(event: JournalEvent): JournalEvent {
    return event;
  }

  events(conversationId: string, events: readonly JournalEvent[]): void {
    for (const { seq, at, type } of events) this.#gather(conversationId, { seq, at, type });
  }

  changed(conversationId: string, what: string): void {
    if (this.hears()) this.#gather(conversationId, { seq: 0, at: this.#ports.clock.now(), type: what });
  }

  text(): void {}
  progress(): void {}
  typing(): void {}

  #gather(conversationId: string, { seq, at, type }: { readonly seq: number; readonly at: number; readonly type: string }): void {
    const change = this.#changes.get(conversationId);
    if (change === undefined) this.#changes.set(conversationId, { seq, at, what: new Set([type]) });
    else {
      change.seq = Math.max(change.seq, seq);
      change.at = Math.max(change.at, at);
      change.what.add(type);
    }
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#ports.clock.after(GATHERED_MS, () => {
      this.#isGathering = false;
      this.#tell().catch((error: unknown) =>
        this.#ports.log.error({ error }, "The lists of the staff missed a change. They are right again when they are next read."),
      );
    });
  }

  async #tell(): Promise<void> {
    const changes = this.#changes;
    this.#changes = new Map();
    if (!this.hears()) return;
    if (changes.size > MOST_CHANGES) return this.#send({ all: true });
    const found = await Promise.all([...changes].map(([conversationId, change]) => this.#described(conversationId, change)));
    const there = found.filter((change) => change !== undefined);
    // What is erased is only said to be gone: a list that has it reads itself anew.
    this.#send(there.length < found.length ? { all: true } : { changes: there });
  }

  async #described(conversationId: string, { seq, at, what }: Change): Promise<InboxChange | undefined> {
    const conversation = await this.#ports.find(conversationId);
    if (conversation === undefined) return undefined;
    const { assistant, preview, lastSeq } = conversation;
    return {
      conversationId,
      assistant,
      ...(preview === undefined ? {} : { preview: true }),
      seq: seq === 0 ? lastSeq : seq,
      at,
      what: [...what],
    };
  }

  #send(frame: InboxFrame): void {
    const { adapter, sockets } = this.#ports.io.of("/");
    let packet: Packet | undefined;
    for (const socketId of adapter.rooms.get(INBOX_WATCHERS) ?? []) {
      const socket = sockets.get(socketId);
      // One that is hopelessly behind is closed; the others read slowly, but miss nothing.
      if (socket === undefined) continue;
      this.#slow.has(socket);
      sendPacket(socket, (packet ??= encodeForStaff("inbox", frame)));
    }
  }
}
