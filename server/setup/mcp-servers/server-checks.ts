import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { Following } from "../../documents/following.ts";
import { authKindOf, isRemote } from "../../tools/mcp/servers/settings.ts";
import { hasList, type Prober } from "../../tools/probe/prober.ts";
import type { RegisteredServers } from "./server-directory.ts";
import type { ServerStatuses } from "./server-status.ts";
import type { ToolPins } from "./tool-pins.ts";

export interface ServerChecksPorts {
  readonly following: Pick<Following, "afterwards">;
  readonly directory: RegisteredServers;
  readonly prober: Prober;
  readonly pins: ToolPins;
  readonly statuses: ServerStatuses;
  /** Whether any assistant has it. */
  readonly isUsed: (key: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

const CONNECTED_MS = 5 * 60_000;
const FIRST_FAILURE_MS = 30_000;
const LONGEST_MS = 60 * 60_000;
/** A server that was never checked, such as one that was saved by a process that ended right then. */
const SOON_MS = 5_000;
/** This share of a pause is random, so that not all servers are asked at once. */
const JITTER = 0.2;
const AT_ONCE = 4;

/**
 * Checks every server repeatedly, so that its status stays true. A working one is checked every few minutes; a failing
 * one after 30 seconds, then after twice as long each time, up to an hour; one that no assistant uses, at most once an
 * hour. Programs that would have to be started for it (stdio) are left alone. Does nothing while there are no servers.
 */
export class ServerChecks {
  readonly #ports: ServerChecksPorts;
  readonly #planned = new Map<string, () => void>();
  readonly #failures = new Map<string, number>();
  readonly #queue = new Set<string>();
  readonly #setUpBy = new Map<string, string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  #unfollow: (() => void) | undefined;

  constructor(ports: ServerChecksPorts) {
    this.#ports = ports;
  }

  start(): void {
    const { directory, following } = this.#ports;
    this.#unfollow = following.afterwards({
      kinds: ["mcp-server"],
      follow: (changed) => {
        for (const key of new Set(changed.flatMap(({ id }) => id ?? directory.all().map((server) => server.key)))) {
          this.#failures.delete(key);
          this.#plan(key);
        }
      },
    });
    for (const { key } of directory.all()) this.#plan(key);
  }

  /**
   * Checks a server now because something about it changed, such as its shared sign-in. If a check is already running,
   * another one follows it. `by` is setting the server up right now, so its first tools count as reviewed.
   */
  soon(key: string, by?: string): void {
    this.#failures.delete(key);
    if (this.#closing.signal.aborted || !this.#isChecked(key)) return;
    this.#planned.get(key)?.();
    this.#planned.delete(key);
    this.#queue.add(key);
    if (by !== undefined) this.#setUpBy.set(key, by);
    this.#next();
  }

  /** Resolves when no check is running and everything that was seen of servers is written. */
  async close(): Promise<void> {
    this.#unfollow?.();
    this.#closing.abort();
    for (const callOff of this.#planned.values()) callOff();
    this.#planned.clear();
    this.#queue.clear();
    await Promise.allSettled(this.#running.values());
    await Promise.all([this.#ports.pins.settled(), this.#ports.statuses.settled()]);
  }

  #plan(key: string): void {
    this.#planned.get(key)?.();
    this.#planned.delete(key);
    const { clock } = this.#ports;
    if (this.#closing.signal.aborted || !this.#isChecked(key)) return;
    const pauseMs = this.#pauseMs(key) * (1 + JITTER * (clock.random() - 0.5));
    this.#planned.set(
      key,
      clock.after(pauseMs, () => {
        this.#planned.delete(key);
        if (this.#canWait(key)) return this.#plan(key);
        this.#queue.add(key);
        this.#next();
      }),
    );
  }

  #isChecked(key: string): boolean {
    const entry = this.#ports.directory.find(key);
    return entry !== undefined && isRemote(entry.settings);
  }

  /** Asked before each pause, so that a server that comes into use does not wait for the rest of the hour. */
  #canWait(key: string): boolean {
    const { statuses, isUsed, clock } = this.#ports;
    const { checkedAt } = statuses.of(key);
    return checkedAt !== undefined && clock.now() - checkedAt < LONGEST_MS && !isUsed(key);
  }

  #pauseMs(key: string): number {
    const { statuses, directory } = this.#ports;
    const { status } = statuses.of(key);
    // The file's servers are checked when somebody uses them: a process that just started has more important things to
    // load.
    if (status === "not_tested") return directory.get(key)?.source === "file" ? CONNECTED_MS : SOON_MS;
    if (status === "connected") return CONNECTED_MS;
    return Math.min(FIRST_FAILURE_MS * 2 ** (this.#failures.get(key) ?? 0), LONGEST_MS);
  }

  #next(): void {
    for (const key of this.#queue) {
      if (this.#running.size >= AT_ONCE) return;
      if (this.#running.has(key)) continue;
      this.#queue.delete(key);
      const check = this.#check(key)
        .catch((error: unknown) => this.#ports.log.error({ server: key, error: String(error) }, "the check of a server failed"))
        .finally(() => {
          this.#running.delete(key);
          this.#plan(key);
          this.#next();
        });
      this.#running.set(key, check);
    }
  }

  async #check(key: string): Promise<void> {
    const { directory, prober, pins, statuses, log } = this.#ports;
    const server = directory.get(key);
    if (server?.entry === undefined) return;
    const { entry, source } = server;
    const by = this.#setUpBy.get(key);
    this.#setUpBy.delete(key);
    const before = statuses.of(key);
    const probe = await prober.probe(entry, this.#closing.signal);
    // The server was saved again in the meantime, so this was found under settings that no longer exist.
    if (this.#closing.signal.aborted || directory.find(key)?.revision !== entry.revision) return;
    // There is no shared connection, so it is normal that the server asks for a sign-in. Customers who signed in know
    // better.
    const isNormal = authKindOf(entry.settings) === "oauth" && probe.asks === "oauth" && probe.signIn !== "expired";
    if (hasList(probe)) {
      const { newTools } = entry.settings;
      pins.observe(key, probe.tools, {
        scope: "whole",
        newTools,
        takesFirst: source === "file" || by !== undefined,
        ...(by === undefined ? {} : { by }),
      });
    }
    if (isNormal && before.status === "connected") return;
    const after = statuses.tested(key, probe, { isSignedInAnew: by !== undefined });
    if (after.status === "connected") this.#failures.delete(key);
    else this.#failures.set(key, (this.#failures.get(key) ?? 0) + 1);
    if (after.status !== before.status)
      log[after.status === "connected" ? "info" : "warn"](
        { server: key, reason: after.reason, cause: after.detail },
        `an MCP server is ${after.status}`,
      );
  }
}
