import * as z from "zod";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { type Fault, MISSING_SIGN_INS } from "../../tools/mcp/servers/fault.ts";
import type { SeenBy } from "../../tools/mcp/servers/ports.ts";
import { everyDocument } from "../../documents/every-document.ts";
import type { Follower } from "../../documents/following.ts";
import type { ChangedDocuments, DocumentChange, DocumentStore } from "../../documents/ports.ts";
import { advised, PROBE_ADVICE_CODES } from "../../tools/probe/probe-advice.ts";
import { probeAdvice, probeReason } from "../../tools/probe/probe-reason.ts";
import { ASKED_CREDENTIALS, PROBE_REASONS, type Probe, type TriedCall } from "../../tools/probe/prober.ts";

/** The state of a server, as the API shows it and the database keeps it. */
export const serverStatusSchema = z.object({
  status: z.enum(["connected", "disconnected", "not_tested"]),
  reason: z.enum(PROBE_REASONS).optional().describe("Why it cannot be used."),
  detail: z.string().optional().describe("What happened, to which server."),
  advice: z.string().optional().describe("What to do about it."),
  adviceCode: z
    .enum(PROBE_ADVICE_CODES)
    .optional()
    .catch(undefined)
    .describe("The same as a code, for whoever says it in another language."),
  asks: z.enum(ASKED_CREDENTIALS).optional().describe("The kind of credentials that it asks for."),
  signIn: z
    .enum(MISSING_SIGN_INS)
    .optional()
    .describe(
      "What is missing of a sign-in. first: nobody has signed in. expired: the shared account's sign-in has ended. refused: it lists its tools, and refused the last call of one.",
    ),
  since: z.number().describe("Since when it is like this, in milliseconds since 1970."),
  checkedAt: z.number().optional().describe("When it was last looked at."),
  roundTripMs: z.number().optional().describe("One request and its answer."),
  protocolRevision: z.string().optional(),
  transport: z.enum(["streamable-http", "sse", "stdio"]).optional().describe("Over which transport it answered."),
  toolCount: z.int().optional(),
  about: z
    .object({
      name: z.string(),
      title: z.string().optional(),
      version: z.string().optional(),
      websiteUrl: z.string().optional(),
      icon: z.string().optional().describe("data: address of a picture."),
    })
    .optional()
    .describe("What the server says of itself, which nobody has checked."),
});
export type ServerStatus = z.output<typeof serverStatusSchema>;

/** As the database keeps it: for a program, also which one it was when its tools were last learnt. */
const keptSchema = serverStatusSchema.extend({ program: z.string().optional() });

const NO_TOOLS = {
  status: "disconnected",
  reason: "no-tools-found",
  detail: "It was started, and offers no tools.",
  ...advised("program-without-tools"),
} as const;

/** How exact `checkedAt` is kept in the database; in memory it is exact. */
const NOTED_MS = 60 * 60_000;

type Found = Omit<ServerStatus, "since" | "checkedAt">;

/** What is still true of a server whose state changed. */
function keptOf({ roundTripMs, protocolRevision, transport, about, toolCount }: ServerStatus): Partial<Found> {
  return {
    ...(roundTripMs === undefined ? {} : { roundTripMs }),
    ...(protocolRevision === undefined ? {} : { protocolRevision }),
    ...(transport === undefined ? {} : { transport }),
    ...(about === undefined ? {} : { about }),
    ...(toolCount === undefined ? {} : { toolCount }),
  };
}

/** What was missing to calls of everybody is not there because a list was read, or one customer has signed in. */
function stillLacks({ signIn }: ServerStatus, by: SeenBy): boolean {
  return signIn !== undefined && by !== "call" && !(by === "personal" && signIn === "first");
}

function unusableBy(fault: Fault): Found {
  return { status: "disconnected", reason: probeReason(fault), detail: fault.message, ...advised(probeAdvice(fault)) };
}

/** The state of a server that answers, and refuses calls. */
function refusedBy(fault: Fault): Found {
  const { signIn = "refused" } = fault;
  return { ...unusableBy(fault), signIn };
}

/** The status of every server: in memory, and written when it changes. */
export class ServerStatuses implements Follower {
  readonly kinds = ["server-status"] as const;
  readonly #ports: { readonly documents: DocumentStore; readonly clock: Clock; readonly log: Log };
  readonly #statuses = new Map<string, ServerStatus>();
  readonly #programs = new Map<string, string>();
  /** Why the last call was refused, since this process began: until a call is answered, or the sign-in is another one. */
  readonly #refused = new Map<string, Fault>();
  readonly #notedAt = new Map<string, number>();
  /** How many writes of a server are not answered yet: while there are any, memory is ahead of the database. */
  readonly #writing = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(ports: { readonly documents: DocumentStore; readonly clock: Clock; readonly log: Log }) {
    this.#ports = ports;
  }

  async load(): Promise<void> {
    for (const { id, body } of await everyDocument(this.#ports.documents, "server-status", { now: this.#ports.clock.now() })) {
      this.#put(id, body);
    }
  }

  async follow(changed: readonly ChangedDocuments[]): Promise<void> {
    const { documents, clock } = this.#ports;
    const keys = changed.flatMap(({ id }) => id ?? [...this.#statuses.keys()]);
    for (const key of new Set(keys)) {
      const found = await documents.get("server-status", key, clock.now());
      if (found === undefined) {
        this.#statuses.delete(key);
        this.#programs.delete(key);
        this.#notedAt.delete(key);
      } else if (!this.#writing.has(key)) {
        this.#put(key, found.body);
      }
    }
  }

  of(key: string): ServerStatus {
    return this.#statuses.get(key) ?? { status: "not_tested", since: 0 };
  }

  /**
   * Notes what a test or a check found. That the tools can be listed takes no refused call back, unless the sign-in is
   * another one.
   */
  tested(key: string, probe: Probe, { isSignedInAnew = false } = {}): ServerStatus {
    const { tools, leftOut: _, ...found } = probe;
    if (isSignedInAnew) this.#refused.delete(key);
    const refusal = probe.status === "connected" ? this.#refused.get(key) : undefined;
    return this.#set(key, { ...found, ...(refusal === undefined ? {} : refusedBy(refusal)), toolCount: tools.length });
  }

  /** Notes that a program was started, and how many tools it has. `program`: which one it was. */
  learnt(key: string, { toolCount, program }: { readonly toolCount: number; readonly program: string }): void {
    const isAnother = this.#programs.get(key) !== program;
    this.#programs.set(key, program);
    const before = this.of(key);
    if (!isAnother && before.status === "connected" && before.toolCount === toolCount) return;
    this.#set(key, toolCount > 0 ? { status: "connected", toolCount } : { ...NO_TOOLS, toolCount });
    if (isAnother) this.#write(key, this.of(key), this.#ports.clock.now());
  }

  /** Which program it was when its tools were last learnt; undefined: that is not known. */
  programOf(key: string): string | undefined {
    return this.#programs.get(key);
  }

  /** Notes what a conversation found. One customer's refused sign-in says nothing about the server. */
  saw(key: string, fault: Fault | undefined, by: SeenBy = "list"): void {
    const before = this.of(key);
    if (fault?.kind === "authentication" && by === "call") return this.#refusedCall(key, fault);
    if (fault === undefined && by === "call") this.#refused.delete(key);
    if (fault === undefined && stillLacks(before, by)) return;
    const known = before.status !== "not_tested" && (fault === undefined) === (before.status === "connected");
    // That a program ended is more than was known of it; anything else is no more than that it still cannot be used.
    const isNews = fault?.kind === "ended" && before.detail !== fault.message;
    if ((known && !isNews) || fault?.kind === "authentication") return;
    const kept = keptOf(before);
    if (fault === undefined) {
      // The server was reached, as by an earlier check. Only the next check can take back that it offers no tools.
      if (before.reason !== "no-tools-found") this.#set(key, { status: "connected", ...kept });
    } else this.#set(key, { ...unusableBy(fault), ...kept });
  }

  /** The settings changed: what was found under the earlier ones no longer counts. */
  notTested(key: string): () => void {
    this.#refused.delete(key);
    const before = this.#statuses.get(key);
    const unknown = this.#set(key, { status: "not_tested" });
    return () => {
      if (before === undefined || this.#statuses.get(key) !== unknown) return;
      this.#statuses.set(key, before);
      this.#write(key, before, this.#ports.clock.now());
    };
  }

  /** The changes that forget a server, for the transaction that deletes it. */
  endAll(key: string): readonly DocumentChange[] {
    return [{ do: "delete", kind: "server-status", id: key }];
  }

  /** Resolves when everything so far is written or has failed to be. */
  async settled(): Promise<void> {
    await this.#last;
  }

  #refusedCall(key: string, fault: Fault): void {
    const before = this.of(key);
    const refusal = refusedBy(fault);
    this.#refused.set(key, fault);
    if (before.reason !== refusal.reason || before.signIn !== refusal.signIn) this.#set(key, { ...keptOf(before), ...refusal });
  }

  #put(key: string, body: unknown): void {
    const parsed = keptSchema.safeParse(body);
    if (!parsed.success) return;
    const { program, ...status } = parsed.data;
    this.#statuses.set(key, status);
    if (program !== undefined) this.#programs.set(key, program);
  }

  #set(key: string, found: Found): ServerStatus {
    const now = this.#ports.clock.now();
    const before = this.#statuses.get(key);
    const same = before !== undefined && before.status === found.status && before.reason === found.reason && before.signIn === found.signIn;
    const status: ServerStatus = {
      ...found,
      since: same ? before.since : now,
      ...(found.status === "not_tested" ? {} : { checkedAt: now }),
    };
    this.#statuses.set(key, status);
    const noted = same && before.toolCount === found.toolCount && now - (this.#notedAt.get(key) ?? 0) < NOTED_MS;
    if (!noted) this.#write(key, status, now);
    return status;
  }

  #write(key: string, status: ServerStatus, now: number): void {
    this.#notedAt.set(key, now);
    this.#writing.set(key, (this.#writing.get(key) ?? 0) + 1);
    const program = this.#programs.get(key);
    const body = { ...status, ...(program === undefined ? {} : { program }) };
    this.#last = this.#last.then(async () => {
      if (this.#statuses.get(key) !== undefined)
        await this.#ports.documents
          .write([{ do: "replace", kind: "server-status", id: key, orCreate: true, body }], { at: now })
          .catch((error: unknown) => this.#ports.log.error({ server: key, error: String(error) }, "a server's status could not be kept"));
      const left = (this.#writing.get(key) ?? 1) - 1;
      if (left > 0) this.#writing.set(key, left);
      else this.#writing.delete(key);
    });
  }
}

/** Notes how a call by hand ended, where that says something of the server. */
export function noteCall(
  statuses: Pick<ServerStatuses, "saw">,
  key: string,
  { refusal, outcome }: Pick<TriedCall, "refusal" | "outcome">,
): void {
  if (refusal !== undefined || outcome === "ok") statuses.saw(key, refusal, "call");
}
