import type { CallContext, ResourceContents } from "../../conversation/ports/tools.ts";
import { PauseMemory } from "../calls/pause-memory.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";
import type { Access } from "./access.ts";
import type { CallEnd } from "./carry-out.ts";
import { ConversationServer, type ConversationServerPorts } from "./conversation-server.ts";
import type { ToolListing } from "./links.ts";
import type { ConversationPlace } from "./wire/conversation-fetch.ts";

/** The servers of one conversation, which is one customer's: each with one person's sign-in. */
export class ConversationServers {
  readonly place: ConversationPlace;
  readonly customerId: string;
  /** Servers for which the tool that stands for them was offered: a call of it may still be waiting for the sign-in. */
  readonly stoodFor = new Set<string>();
  readonly #ports: ConversationServerPorts;
  readonly #servers = new Map<string, ConversationServer>();
  readonly #memory = new PauseMemory();
  #closed = false;

  constructor(place: ConversationPlace, customerId: string, ports: ConversationServerPorts) {
    this.place = place;
    this.customerId = customerId;
    this.#ports = ports;
  }

  /** Calls and lists under way. */
  get busy(): number {
    let busy = 0;
    for (const server of this.#servers.values()) busy += server.busy;
    return busy;
  }

  /** The server's tools, or why there are none. Never throws. */
  list(access: Access): ReturnType<ToolListing["read"]> {
    return this.#at(access).list();
  }

  /** Calls a tool. Never throws. */
  call(access: Access, definition: ToolDefinition, input: Readonly<Record<string, unknown>>, context: CallContext): Promise<CallEnd> {
    return this.#at(access).call(definition, input, context);
  }

  /** Throws `ResourceError`. */
  read(access: Access, uri: string, signal: AbortSignal): Promise<readonly ResourceContents[]> {
    return this.#at(access).read(uri, signal);
  }

  forgetList(access: Access): void {
    this.#at(access).forgetList();
  }

  /** The server is not to be used any more. */
  drop(server: string): void {
    this.#servers.get(server)?.retire();
    this.#servers.delete(server);
  }

  /** Nothing new comes; what is under way may end. */
  retire(): void {
    this.#closed = true;
    for (const server of this.#servers.values()) server.retire();
    this.#servers.clear();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const servers = [...this.#servers.values()];
    this.#servers.clear();
    await Promise.all(servers.map((server) => server.close()));
  }

  #at(access: Access): ConversationServer {
    const { key } = access.server.settings;
    const present = this.#servers.get(key);
    if (present?.serves(access) === true) {
      present.update(access);
      return present;
    }
    present?.retire();
    const made = new ConversationServer(this.place, access, this.#ports, this.#memory);
    if (!this.#closed) this.#servers.set(key, made);
    return made;
  }
}
