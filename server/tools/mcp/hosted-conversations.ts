import type { Clock } from "../../foundation/clock.ts";
import type { ConversationServerPorts } from "./conversation-server.ts";
import { ConversationServers } from "./conversation-servers.ts";
import type { Seat } from "./seat.ts";

/** Conversations that nobody says are at rest are let go as well. */
const FORGOTTEN_IDLES = 10;

interface Hosted {
  readonly servers: ConversationServers;
  callOff?: () => void;
}

/** The conversations of the host, each let go some time after it was last used. */
export class HostedConversations {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #ports: ConversationServerPorts;
  readonly #hosted = new Map<string, Hosted>();

  constructor(ports: ConversationServerPorts, idleMs: number) {
    this.#ports = ports;
    this.#clock = ports.clock;
    this.#idleMs = idleMs;
  }

  /** The conversation's servers, which are kept from now on. */
  at({ conversationId, customerId, sessionId, voiceCallId, facts, depth }: Seat): ConversationServers {
    let hosted = this.#hosted.get(conversationId);
    if (hosted !== undefined && hosted.servers.customerId !== customerId) {
      // A conversation is one customer's; whoever else comes with its name gets nothing of theirs. What is under way may
      // end: the site may just have said who its customer is.
      hosted.callOff?.();
      hosted.servers.retire();
      hosted = undefined;
    }
    if (hosted === undefined) {
      hosted = { servers: new ConversationServers({ conversationId, sessionId }, customerId, this.#ports) };
      this.#hosted.set(conversationId, hosted);
    }
    hosted.callOff?.();
    delete hosted.callOff;
    Object.assign(hosted.servers.place, { sessionId, voiceCallId, facts, depth });
    return hosted.servers;
  }

  /** The conversation may not use the server any more. */
  drop(conversationId: string, server: string): void {
    this.#hosted.get(conversationId)?.servers.drop(server);
  }

  /** Nothing runs in the conversation: it is let go after a while. */
  rest(conversationId: string): void {
    this.#letGoAfter(conversationId, this.#idleMs);
  }

  /** The conversation was used, and somebody should say when it rests. */
  used(conversationId: string): void {
    this.#letGoAfter(conversationId, this.#idleMs * FORGOTTEN_IDLES);
  }

  async close(): Promise<void> {
    const all = [...this.#hosted.values()];
    this.#hosted.clear();
    for (const { callOff } of all) callOff?.();
    await Promise.all(all.map(({ servers }) => servers.close()));
  }

  #letGoAfter(conversationId: string, afterMs: number): void {
    const hosted = this.#hosted.get(conversationId);
    if (hosted === undefined) return;
    hosted.callOff?.();
    hosted.callOff = this.#clock.after(afterMs, () => {
      // Something is under way after all: its end, or the next rest, asks again.
      if (hosted.servers.busy > 0) return this.#letGoAfter(conversationId, afterMs);
      if (this.#hosted.get(conversationId) === hosted) this.#hosted.delete(conversationId);
      void hosted.servers.close();
    });
  }
}
