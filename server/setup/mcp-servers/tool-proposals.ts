import { sha256Hex } from "../../foundation/canonical-json.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { everyDocument } from "../../documents/every-document.ts";
import type { AuditDraft, ChangedDocuments, DocumentChange, DocumentStore } from "../../documents/ports.ts";
import type { ToolDefinition } from "../../tools/definitions/tool-definition.ts";
import type { PinVerdict } from "../../tools/mcp/servers/ports.ts";
import { HeldProposals, type Pinned, standingProposals } from "./held-proposals.ts";
import type { OwnListChoice } from "./own-list-verdict.ts";
import { splitId } from "./tool-document-id.ts";
import { PROPOSED_MS, type ToolProposal, toolProposalSchema } from "./tool-proposal.ts";

export interface ToolProposalsPorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly log: Log;
}

const CUSTOMER_CHARACTERS = 16;
const NONE: Pinned = { pins: new Map(), version: 0 };

/**
 * What customers' own lists have beside what staff accepted, of all servers. In memory, with the database behind it.
 * Nothing of it reaches a model before a person accepts it.
 */
export class ToolProposals {
  readonly kinds = ["proposed-tool"] as const;
  readonly #ports: ToolProposalsPorts;
  readonly #servers = new Map<string, HeldProposals>();
  /** Servers about which the log was told. */
  readonly #told = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(ports: ToolProposalsPorts) {
    this.#ports = ports;
  }

  /** Reads the stored proposals. One that cannot be read is forgotten. */
  async load(): Promise<void> {
    const { documents, clock } = this.#ports;
    for (const { id, body } of await everyDocument(documents, "proposed-tool", { now: clock.now() })) {
      const [server, tool] = splitId(id);
      const parsed = toolProposalSchema.safeParse(body);
      if (parsed.success) this.#of(server).put(tool, parsed.data);
    }
  }

  /** Our own writes are known. Those of others are read again, a whole server at once. */
  async follow(changed: readonly ChangedDocuments[]): Promise<void> {
    const servers = changed.flatMap(({ id, parent }) => {
      if (id === undefined) return parent ?? [...this.#servers.keys()];
      const [server, tool] = splitId(id);
      return this.#servers.get(server)?.writing.has(tool) === true ? [] : server;
    });
    for (const server of new Set(servers)) await this.#readAnew(server);
  }

  /** What stands beside the accepted tools of a server. */
  of(server: string, pins: Pinned["pins"]): ReadonlyMap<string, ToolProposal> {
    const held = this.#servers.get(server);
    return held === undefined ? NO_PROPOSALS : standingProposals(held.proposals, pins, this.#ports.clock.now());
  }

  /** Says for each tool of a customer's own list whether their model may see it. Does not wait for the write. */
  observe(
    server: string,
    tools: readonly ToolDefinition[],
    reading: { readonly customerId: string; readonly choice: OwnListChoice; readonly pins: Pinned | undefined },
  ): ReadonlyMap<string, PinVerdict> {
    const held = this.#of(server);
    const { customerId, choice, pins = NONE } = reading;
    const customer = sha256Hex(`${server} ${customerId}`).slice(0, CUSTOMER_CHARACTERS);
    const verdicts = held.observe(tools, { customer, choice, pins, now: this.#ports.clock.now() });
    if (held.dirty.size > 0) {
      if (choice.newTools !== "disabled" && choice.personalTools !== "accepted") this.#tell(server, held.proposals.size);
      this.#writeBehind(server);
    }
    return verdicts;
  }

  /** A person turns a name on or off that only customers' lists have. `change` throws if there is no such name. */
  async decide(server: string, tool: string, change: (now: ToolProposal | undefined) => ToolProposal, audit: AuditDraft): Promise<void> {
    await this.#inTurn(async () => {
      const held = this.#of(server);
      const after = change(held.proposals.get(tool));
      await this.#writeMine(held, [tool], changesOf(server, tool, after), [audit]);
      held.put(tool, { ...(held.proposals.get(tool) ?? after), enabled: after.enabled });
    });
  }

  /** The same for several names, in a write that may have more in it: `write` is given the changes of these. */
  async decideMany(
    server: string,
    decided: ReadonlyMap<string, boolean>,
    write: (changes: readonly DocumentChange[]) => Promise<void>,
  ): Promise<void> {
    await this.#inTurn(async () => {
      const held = this.#of(server);
      const after = [...decided].flatMap(([tool, enabled]) => {
        const now = held.proposals.get(tool);
        return now === undefined ? [] : [[tool, { ...now, enabled }] as const];
      });
      for (const [tool] of after) held.writing.add(tool);
      try {
        await write(after.flatMap(([tool, proposal]) => changesOf(server, tool, proposal)));
      } finally {
        for (const [tool] of after) held.writing.delete(tool);
      }
      for (const [tool, { enabled }] of after) {
        const now = held.proposals.get(tool);
        if (now !== undefined) held.put(tool, { ...now, enabled });
      }
    });
  }

  /** A person accepted a definition of the tool: what customers have besides is noted anew. Does not wait for the write. */
  accepted(server: string, tool: string): void {
    const held = this.#servers.get(server);
    held?.forget(tool);
    if (held !== undefined && held.dirty.size > 0) this.#writeBehind(server);
  }

  /** The changes that forget what customers' lists had, for the transaction that deletes the server. */
  endAll(server: string): readonly DocumentChange[] {
    return [{ do: "delete-children", kind: "proposed-tool", parent: server }];
  }

  /** Resolves when everything seen so far is written or has failed to be. */
  async settled(): Promise<void> {
    await this.#inTurn(async () => undefined);
  }

  #of(server: string): HeldProposals {
    const held = this.#servers.get(server) ?? new HeldProposals();
    this.#servers.set(server, held);
    return held;
  }

  /** The names stay out of the log: they may be one customer's words. */
  #tell(server: string, tools: number): void {
    if (this.#told.has(server)) return;
    this.#told.add(server);
    this.#ports.log.warn(
      { server, tools },
      "customers' own lists of an MCP server have tools that nobody has accepted, so each call of them asks; see its tools in the API, or its setting personalTools",
    );
  }

  #writeBehind(server: string): void {
    void this.#inTurn(async () => this.#write(server)).catch((error: unknown) =>
      this.#ports.log.error({ server, error: String(error) }, "what customers' own lists have could not be stored"),
    );
  }

  async #write(server: string): Promise<void> {
    const held = this.#servers.get(server);
    if (held === undefined) return;
    const tools = [...held.dirty];
    held.dirty.clear();
    try {
      if (tools.length > 0)
        await this.#writeMine(
          held,
          tools,
          tools.flatMap((tool) => changesOf(server, tool, held.proposals.get(tool))),
          [],
        );
    } catch (error) {
      for (const tool of tools) held.dirty.add(tool);
      throw error;
    }
  }

  async #writeMine(
    held: HeldProposals,
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
    const found = await everyDocument(documents, "proposed-tool", { parent: server, now: clock.now() });
    if (found.length === 0) {
      this.#servers.delete(server);
      return;
    }
    const stored = found.flatMap(({ id, body }) => {
      const parsed = toolProposalSchema.safeParse(body);
      return parsed.success ? [[splitId(id)[1], parsed.data] as const] : [];
    });
    this.#of(server).replaceAll(new Map(stored));
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}

const NO_PROPOSALS: ReadonlyMap<string, ToolProposal> = new Map();

/** What a person decided stays; everything else is forgotten when no list has had it for long. */
function changesOf(server: string, tool: string, proposal: ToolProposal | undefined): readonly DocumentChange[] {
  const place = { kind: "proposed-tool", id: `${server}/${tool}` } as const;
  if (proposal === undefined) return [{ do: "delete", ...place }];
  const put = { do: "replace", ...place, parent: server, orCreate: true, body: proposal } as const;
  if (proposal.enabled === undefined) return [{ ...put, expiresAt: proposal.lastSeenAt + PROPOSED_MS }];
  return [{ do: "delete", ...place }, put];
}
