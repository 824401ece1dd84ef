import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { PinVerdict, RememberedTools } from "../../tools/mcp/servers/ports.ts";
import type { ToolDefinition } from "../../tools/definitions/tool-definition.ts";
import { everyDocument } from "../../documents/every-document.ts";
import type { Follower } from "../../documents/following.ts";
import type { AuditDraft, ChangedDocuments, DocumentChange, DocumentStore } from "../../documents/ports.ts";
import { type Found, HeldPins, NOTHING_FOUND, type Reading } from "./held-pins.ts";
import type { OwnListChoice } from "./own-list-verdict.ts";
import { splitId } from "./tool-document-id.ts";
import { afterUpgrade, toolPinSchema, type ToolPin } from "./tool-pin.ts";
import type { ToolProposal } from "./tool-proposal.ts";
import { ToolProposals } from "./tool-proposals.ts";

export interface ToolPinsPorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Which tools become on or off. */
export interface Decision {
  readonly enabled: boolean;
  readonly tools: readonly string[];
  readonly audit: AuditDraft;
}

const NAMES_IN_AUDIT = 50;

/**
 * The accepted tools of all servers, and beside them what customers' own lists have. In memory, with the database behind
 * it, so asking costs one lookup.
 */
export class ToolPins implements Follower {
  readonly kinds = ["server-tool", "proposed-tool"] as const;
  readonly proposals: ToolProposals;
  readonly #ports: ToolPinsPorts;
  readonly #servers = new Map<string, HeldPins>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(ports: ToolPinsPorts) {
    this.#ports = ports;
    this.proposals = new ToolProposals(ports);
  }

  /** Reads the stored pins. A pin that cannot be read counts as missing: its tool is new again. */
  async load(): Promise<void> {
    const { documents, clock, log } = this.#ports;
    for (const { id, body } of await everyDocument(documents, "server-tool", { now: clock.now() })) {
      const parsed = toolPinSchema.safeParse(body);
      const [server, tool] = splitId(id);
      if (parsed.success) this.#of(server).put(tool, parsed.data);
      else log.warn({ server, tool: id }, "the accepted definition of a tool cannot be read, so the tool counts as new");
      this.#of(server).read = true;
    }
    await this.proposals.load();
  }

  /** Doubts what an earlier release may have taken from customers' own lists. For servers with sign-ins, once read. */
  afterUpgrade(server: string): void {
    const held = this.#servers.get(server);
    for (const [tool, before] of held?.pins ?? []) {
      const after = afterUpgrade(before);
      if (after !== before) held?.keep(tool, after);
    }
    if (held !== undefined && held.dirty.size > 0) this.#writeBehind(server, NOTHING_FOUND);
  }

  /**
   * Our own writes are known. Those of others are read again, a whole server at once. What we have not written yet
   * stays.
   */
  async follow(changed: readonly ChangedDocuments[]): Promise<void> {
    const proposed = changed.filter(({ kind }) => kind === "proposed-tool");
    if (proposed.length > 0) await this.proposals.follow(proposed);
    const pinned = changed.filter(({ kind }) => kind === "server-tool");
    const servers = pinned.flatMap(({ id, parent }) => {
      if (id === undefined) return parent ?? [...this.#servers.keys()];
      const [server, tool] = splitId(id);
      return this.#servers.get(server)?.writing.has(tool) === true ? [] : server;
    });
    for (const server of new Set(servers)) await this.#readAnew(server);
  }

  of(server: string): ReadonlyMap<string, ToolPin> {
    return this.#servers.get(server)?.pins ?? new Map();
  }

  /** What is known of all tools of a server. Undefined: its list was never read. */
  remembered(server: string): RememberedTools | undefined {
    const held = this.#servers.get(server);
    return held?.read === true ? held.remembered : undefined;
  }

  /**
   * Changes when a decision or a whole reading changed what is accepted or waits. A list that was read under an earlier
   * number is read again.
   */
  generation(server: string): number {
    return this.#servers.get(server)?.generation ?? 0;
  }

  /** The same of what customers' own lists have beside it. */
  proposed(server: string): ReadonlyMap<string, ToolProposal> {
    return this.proposals.of(server, this.of(server));
  }

  /**
   * A customer's own list: says for each tool whether that customer's model may see it. Whatever is in it, nothing that
   * is accepted changes.
   */
  observeOwn(
    server: string,
    tools: readonly ToolDefinition[],
    reading: { readonly customerId: string; readonly choice: OwnListChoice },
  ): ReadonlyMap<string, PinVerdict> {
    return this.proposals.observe(server, tools, { ...reading, pins: this.#servers.get(server) });
  }

  /**
   * Keeps what is new in a list that is nobody's own, and says for each tool whether the model may see it. Does not wait
   * for the write.
   */
  observe(server: string, tools: readonly ToolDefinition[], reading: Reading): ReadonlyMap<string, PinVerdict> {
    const held = this.#of(server);
    const { verdicts, found } = held.observe(tools, reading, this.#ports.clock.now());
    if (found !== undefined && held.dirty.size > 0) this.#writeBehind(server, found);
    return verdicts;
  }

  /**
   * Changes one tool because of a person's decision, written with its audit entry before it counts. `change` throws if
   * the pin does not (or no longer) allow it; it may be called twice.
   */
  async change(
    server: string,
    tool: string,
    change: (pin: ToolPin | undefined) => ToolPin,
    audit: (before: ToolPin, after: ToolPin) => AuditDraft,
  ): Promise<ToolPin> {
    return this.#inTurn(async () => {
      const held = this.#of(server);
      const before = held.pins.get(tool);
      const after = change(before);
      await this.#writeMine(held, [tool], [replace(server, tool, after)], [audit(before ?? after, after)]);
      const now = held.pins.get(tool);
      if (before?.accepted.hash !== after.accepted.hash) held.generation += 1;
      if (now === before) {
        held.put(tool, after);
        return after;
      }
      // The server listed another definition during this write: the decision stays, and the new definition waits for
      // the next one.
      const merged: ToolPin =
        now?.offered === undefined || now.offered.hash === after.accepted.hash ? after : { ...after, offered: now.offered };
      held.keep(tool, merged);
      this.#writeBehind(server, NOTHING_FOUND);
      return merged;
    });
  }

  /**
   * Turns tools on or off because of a person's decision: one write, one entry in the audit log. Nothing is accepted or
   * reviewed by it. `decide` is asked when it is its turn, and throws if what is there now does not allow it.
   */
  async enableMany(server: string, decide: () => Decision): Promise<void> {
    await this.#inTurn(async () => {
      const { enabled, tools, audit } = decide();
      if (tools.length === 0) return;
      const held = this.#of(server);
      const before = tools.flatMap((tool) => {
        const pin = held.pins.get(tool);
        return pin === undefined ? [] : [[tool, pin] as const];
      });
      const pinned = before.map(([tool]) => tool);
      const changes = before.map(([tool, pin]) => replace(server, tool, { ...pin, enabled }));
      const proposed = new Map(tools.filter((tool) => !held.pins.has(tool)).map((tool) => [tool, enabled]));
      await this.proposals.decideMany(server, proposed, async (more) => this.#writeMine(held, pinned, [...changes, ...more], [audit]));
      for (const [tool, pin] of before) {
        const now = held.pins.get(tool) ?? pin;
        // The server listed it anew during this write: both hold.
        if (now === pin) held.put(tool, { ...pin, enabled });
        else held.keep(tool, { ...now, enabled });
      }
      if (held.dirty.size > 0) this.#writeBehind(server, NOTHING_FOUND);
    });
  }

  /** The changes that forget a server's tools, for the transaction that deletes it. */
  endAll(server: string): readonly DocumentChange[] {
    return [{ do: "delete-children", kind: "server-tool", parent: server }, ...this.proposals.endAll(server)];
  }

  /** Resolves when everything observed so far is written or has failed to be. */
  async settled(): Promise<void> {
    await Promise.all([this.#inTurn(async () => undefined), this.proposals.settled()]);
  }

  #of(server: string): HeldPins {
    const held = this.#servers.get(server) ?? new HeldPins();
    this.#servers.set(server, held);
    return held;
  }

  #writeBehind(server: string, found: Found): void {
    const audit: AuditDraft[] = [];
    for (const [action, tools] of Object.entries(found)) {
      if (tools.length === 0) continue;
      const after = { tools: tools.slice(0, NAMES_IN_AUDIT), count: tools.length };
      audit.push({ by: SYSTEM, action: `server-tool.${action}`, target: { kind: "mcp-server", id: server }, after });
    }
    if (found.changed.length > 0)
      this.#ports.log.warn(
        { server, tools: found.changed.slice(0, NAMES_IN_AUDIT) },
        "an MCP server changed tools after they were accepted, so they are hidden from the model until a person accepts them again",
      );
    void this.#inTurn(async () => this.#write(server, audit)).catch((error: unknown) =>
      this.#ports.log.error(
        { server, error: String(error) },
        "a server's tools could not be stored; this is tried again when they are next seen",
      ),
    );
  }

  async #write(server: string, audit: readonly AuditDraft[]): Promise<void> {
    const held = this.#servers.get(server);
    if (held === undefined) return;
    const tools = [...held.dirty];
    const changes = tools.flatMap((tool) => {
      const pin = held.pins.get(tool);
      return pin === undefined ? [] : [replace(server, tool, pin)];
    });
    held.dirty.clear();
    try {
      if (changes.length > 0 || audit.length > 0) await this.#writeMine(held, tools, changes, audit);
    } catch (error) {
      for (const tool of tools) held.dirty.add(tool);
      throw error;
    }
  }

  async #writeMine(
    held: HeldPins,
    tools: readonly string[],
    changes: readonly DocumentChange[],
    audit: readonly AuditDraft[],
  ): Promise<void> {
    for (const tool of tools) held.writing.add(tool);
    try {
      await this.#ports.documents.write(changes, { at: this.#ports.clock.now(), audit });
    } finally {
      for (const tool of tools) held.writing.delete(tool);
    }
  }

  async #readAnew(server: string): Promise<void> {
    const { documents, clock } = this.#ports;
    const found = await everyDocument(documents, "server-tool", { parent: server, now: clock.now() });
    if (found.length === 0) {
      this.#servers.delete(server);
      return;
    }
    const stored = new Map<string, ToolPin>();
    for (const { id, body } of found) {
      const parsed = toolPinSchema.safeParse(body);
      if (parsed.success) stored.set(splitId(id)[1], parsed.data);
    }
    this.#of(server).replaceAll(stored);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}

const SYSTEM = { kind: "system", id: "system", name: "Frontdesk" } as const;

function replace(server: string, tool: string, pin: ToolPin): DocumentChange {
  return { do: "replace", kind: "server-tool", id: `${server}/${tool}`, parent: server, orCreate: true, body: pin };
}
