import type { CallContext, ConnectionNeed, ResourceContents } from "../../conversation/ports/tools.ts";
import type { Log } from "../../foundation/log.ts";
import type { PauseMemory } from "../calls/pause-memory.ts";
import { StoppedError } from "../calls/stopped-call.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";
import { isPersonal, isSameAccess, type Access } from "./access.ts";
import { CallLinks } from "./call-links.ts";
import { brokenResult, cancelledResult, notSent, textResult } from "./calls/call-result.ts";
import { namedNeed } from "./calls/open-call.ts";
import { carryOut, type CallEnd } from "./carry-out.ts";
import type { Links, ToolListing } from "./links.ts";
import { ProgramLinks } from "./program-links.ts";
import { ProgramList } from "./program-list.ts";
import type { Programs } from "./programs.ts";
import { ServerKnowledge } from "./server-knowledge.ts";
import { ServerLinks, type ServerLinksPorts } from "./server-links.ts";
import { ServerList } from "./server-list.ts";
import type { Fault } from "./servers/fault.ts";
import type { SeenBy } from "./servers/ports.ts";
import { isRemote, type McpServerSettings, safeAddress } from "./servers/settings.ts";
import { readResource } from "./read-resource.ts";
import { ownersPart } from "./unusable-server.ts";
import type { ConversationPlace } from "./wire/conversation-fetch.ts";
import { loadMcpSdk } from "./wire/mcp-sdk.ts";
import { NeedsSignInError } from "./wire/needs-sign-in-error.ts";
import { LinkError } from "./wire/open-link.ts";

export interface ConversationServerPorts extends ServerLinksPorts {
  readonly log: Log;
  readonly programs: Programs;
  /** Hears how a server was found: usable (undefined), or with this fault. */
  readonly saw: (server: string, fault: Fault | undefined, by?: SeenBy) => void;
  /** `ServerDirectory.listGeneration`. */
  readonly generation: (server: string) => number;
}

/** The server does not offer the tool as it was accepted. */
class UnacceptedToolError extends Error {
  override readonly name = "UnacceptedToolError";
}

/** One conversation's side of one server: its links, the list as it was read over them, and its calls. */
export class ConversationServer {
  readonly #ports: ConversationServerPorts;
  readonly #memory: PauseMemory;
  readonly #links: Links;
  readonly #list: ToolListing;
  /** A person's own sign-in teaches nobody else anything. */
  readonly #knowledge: ServerKnowledge;
  #access: Access;
  #retired = false;
  /** Calls and lists under way. */
  busy = 0;

  constructor(place: ConversationPlace, access: Access, ports: ConversationServerPorts, memory: PauseMemory) {
    this.#ports = ports;
    this.#memory = memory;
    this.#access = access;
    this.#knowledge = isPersonal(access) ? new ServerKnowledge() : access.server.knowledge;
    const { links, list } = isRemote(access.server.settings) ? this.#remote(place) : this.#program();
    this.#links = links;
    this.#list = list;
  }

  /** Whether it is the same server in the same revision, with the same person's sign-in. */
  serves(access: Access): boolean {
    return isSameAccess(this.#access, access);
  }

  /** From now on with these words of the same server. */
  update(access: Access): void {
    this.#access = access;
  }

  get #settings(): McpServerSettings {
    return this.#access.server.settings;
  }

  /** The server's tools, or why there are none. Never throws. */
  list(): ReturnType<ToolListing["read"]> {
    return this.#list.read();
  }

  /** There is a sign-in now that the list was read without. */
  forgetList(): void {
    this.#list.forget();
  }

  /** Calls a tool, over the conversation's link or one of its own. Never throws. */
  async call(definition: ToolDefinition, input: Readonly<Record<string, unknown>>, context: CallContext): Promise<CallEnd> {
    // A task goes on whether we ask for it or not, and whoever follows it ends it.
    if (context.signal.aborted && context.continuation?.kind !== "task") return cancelledResult(false, this.#settings);
    const links = new CallLinks(this.#links, context.signal);
    return this.#use(async () => {
      try {
        return await this.#carryOut(definition, input, context, links);
      } finally {
        links.close();
      }
    });
  }

  /** Reads a resource, over the conversation's link or one of its own. Throws `ResourceError`. */
  async read(uri: string, signal: AbortSignal): Promise<readonly ResourceContents[]> {
    const links = new CallLinks(this.#links, signal);
    return this.#use(async () => {
      try {
        return await readResource(uri, { links, settings: this.#settings, clock: this.#ports.clock, signal });
      } finally {
        links.close();
      }
    });
  }

  /** Nothing new comes; what is under way may end. */
  retire(): void {
    this.#retired = true;
    if (this.busy === 0) void this.close();
  }

  close(): Promise<void> {
    return this.#links.close();
  }

  #program(): { readonly links: Links; readonly list: ToolListing } {
    const { programs, clock } = this.#ports;
    const links = new ProgramLinks(this.#access.server, programs, clock);
    return { links, list: new ProgramList(this.#access.server, programs, links, clock) };
  }

  #remote(place: ConversationPlace): { readonly links: Links; readonly list: ToolListing } {
    const ports = this.#ports;
    const shared = { access: () => this.#access, knowledge: this.#knowledge };
    const links = new ServerLinks({ ...shared, place, ports, onListChanged: () => list.changed() });
    const list = new ServerList({
      ...shared,
      clock: ports.clock,
      log: ports.log,
      links,
      generation: () => ports.generation(this.#settings.key),
      use: (work) => this.#use(work),
      saw: (fault) => (fault === undefined ? this.#worked("list") : this.#failed(fault)),
      lacks: (need) => this.#lacks(need),
      conversationId: place.conversationId,
    });
    return { links, list };
  }

  async #carryOut(
    definition: ToolDefinition,
    input: Readonly<Record<string, unknown>>,
    context: CallContext,
    links: CallLinks,
  ): Promise<CallEnd> {
    const settings = this.#settings;
    const { clock, log } = this.#ports;
    const { samplingTokens } = settings;
    const sdk = await loadMcpSdk();
    try {
      const personal = isPersonal(this.#access);
      const { leaving } = this.#links;
      const link = async () => {
        const taken = await links.take();
        const refusal = this.#links.refusal?.(taken, definition);
        if (refusal !== undefined) throw new UnacceptedToolError(refusal);
        return taken;
      };
      const onRefused = (fault: Fault): void => void (personal || this.#ports.saw(settings.key, fault, "call"));
      const call = { definition, input, context, settings, samplingTokens, clock, log, sdk, link, leaving, personal, onRefused };
      const result = await carryOut({ ...call, memory: this.#memory });
      if (result.outcome === "unknown") this.#knowledge.verdict = undefined;
      else if (result.outcome === "needs-connection") this.#lacks(result.need);
      // Another process of it may have ended since it was last started.
      else if (result.outcome === "ok" || !isRemote(settings)) this.#worked("call");
      return result;
    } catch (error) {
      if (error instanceof StoppedError) return cancelledResult(false, settings);
      if (error instanceof NeedsSignInError) {
        const need = namedNeed(error.need, settings);
        this.#lacks(need);
        return { outcome: "needs-connection", need };
      }
      if (error instanceof UnacceptedToolError)
        return textResult(
          "failed",
          `The call was not sent, because ${error.message}. Nothing was done.`,
          `${settings.name}: ${error.message}.`,
        );
      if (!(error instanceof LinkError)) return brokenResult(error, false, settings, sdk);
      if (!this.#links.leaving.aborted) this.#failed(error.fault);
      return notSent(error.message);
    }
  }

  async #use<T>(work: () => Promise<T>): Promise<T> {
    this.busy += 1;
    const letGo = this.#links.hold?.();
    try {
      return await work();
    } finally {
      letGo?.();
      this.busy -= 1;
      if (this.#retired && this.busy === 0) void this.close();
    }
  }

  #worked(by: "list" | "call"): void {
    this.#ports.saw(this.#settings.key, undefined, isPersonal(this.#access) ? "personal" : by);
  }

  /** What a customer's sign-in lacks is theirs; what the shared one lacks is missing to everybody. */
  #lacks(need: ConnectionNeed): void {
    if (isPersonal(this.#access) || need.reason === "scope") return;
    const settings = this.#settings;
    const message = `${settings.name} at ${safeAddress(settings)}: ${ownersPart(settings.name, need)}`;
    this.#ports.saw(settings.key, { kind: "authentication", message, beforeSending: false, signIn: need.reason }, "call");
  }

  #failed(fault: Fault): void {
    this.#knowledge.failed(fault, this.#ports.clock.now());
    // What the server answers one person says nothing about it for others.
    if (!isPersonal(this.#access) || fault.beforeSending) this.#ports.saw(this.#settings.key, fault);
  }
}
