import type { CallContext, ConnectionNeeded, ToolPause, ToolResult } from "../../conversation/ports/tools.ts";
import type { Chat } from "./wire/chat-fetch.ts";
import { ChatServer, type Access, type HostContext, type Lacking } from "./chat-server.ts";
import type { Fault } from "./wire/failure.ts";
import { PauseMemory } from "./calls/pause-memory.ts";
import type { DatedList } from "./server-knowledge.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";

/** The connections of one conversation, which is one customer's: at most one for each server, with one person's sign-in. */
export class ChatConnections {
  readonly chat: Chat;
  readonly customerId: string;
  /** Servers for which the tool that stands for them was offered: a call of it may still be waiting for the sign-in. */
  readonly stoodFor = new Set<string>();
  readonly #context: HostContext;
  readonly #servers = new Map<string, ChatServer>();
  readonly #memory = new PauseMemory();
  #closed = false;

  constructor(chat: Chat, customerId: string, context: HostContext) {
    this.chat = chat;
    this.customerId = customerId;
    this.#context = context;
  }

  /** Calls and lists under way. */
  get busy(): number {
    let busy = 0;
    for (const server of this.#servers.values()) busy += server.busy;
    return busy;
  }

  /** The server's tools, or why there are none. Never throws. */
  list(access: Access): Promise<DatedList | Fault | Lacking> {
    return this.#at(access).list();
  }

  /** Calls a tool. Never throws. */
  call(
    access: Access,
    definition: ToolDefinition,
    input: Readonly<Record<string, unknown>>,
    context: CallContext,
  ): Promise<ToolResult | ToolPause | ConnectionNeeded> {
    return this.#at(access).call(definition, input, context);
  }

  forgetList(access: Access): void {
    this.#at(access).forgetList();
  }

  /** The server is not to be used any more. */
  drop(server: string): void {
    this.#servers.get(server)?.retire();
    this.#servers.delete(server);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const servers = [...this.#servers.values()];
    this.#servers.clear();
    await Promise.all(servers.map((server) => server.close()));
  }

  #at(access: Access): ChatServer {
    const { key } = access.server.settings;
    const present = this.#servers.get(key);
    if (present?.serves(access) === true) {
      present.use(access);
      return present;
    }
    present?.retire();
    const made = new ChatServer(this.chat, access, this.#context, this.#memory);
    if (!this.#closed) this.#servers.set(key, made);
    return made;
  }
}
