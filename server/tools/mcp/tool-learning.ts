import type { Clock } from "../../foundation/clock.ts";
import type { HostedServer } from "./hosted-servers.ts";
import type { Program } from "./program.ts";
import type { Fault } from "./servers/fault.ts";
import { LinkError } from "./wire/open-link.ts";

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

export interface ToolLearningPorts {
  readonly clock: Clock;
  /** A program to learn from; `giveBack` when that is done. */
  readonly lend: (server: HostedServer) => { readonly program: Program; readonly giveBack: () => void };
  /** Whether its tools are still unknown. */
  readonly isWanted: (server: HostedServer) => boolean;
}

interface Lesson {
  readonly program: Program;
  readonly end: Promise<Fault | undefined>;
}

/**
 * Starts programs to learn what tools they have, each once at a time. One that fails is tried again after 30 seconds,
 * then after twice as long each time, up to an hour.
 */
export class ToolLearning {
  readonly #ports: ToolLearningPorts;
  readonly #lessons = new Map<string, Lesson>();
  readonly #failures = new Map<string, number>();
  readonly #planned = new Map<string, () => void>();
  #closed = false;

  constructor(ports: ToolLearningPorts) {
    this.#ports = ports;
  }

  /** Answers with what went wrong. Whoever does not come `ahead` waits, and is not kept behind others. Never throws. */
  learn(server: HostedServer, ahead: boolean): Promise<Fault | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const { key } = server.settings;
    const present = this.#lessons.get(key);
    if (present !== undefined) {
      if (!ahead) present.program.take(() => undefined).catch(() => undefined);
      return present.end;
    }
    this.#planned.get(key)?.();
    const { program, giveBack } = this.#ports.lend(server);
    const end = this.#ended(
      server,
      program.take(() => undefined, ahead),
    ).finally(() => {
      this.#lessons.delete(key);
      giveBack();
    });
    this.#lessons.set(key, { program, end });
    return end;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const callOff of this.#planned.values()) callOff();
    await Promise.all([...this.#lessons.values()].map(({ program }) => program.close()));
  }

  async #ended(server: HostedServer, learning: Promise<unknown>): Promise<Fault | undefined> {
    const { key } = server.settings;
    try {
      await learning;
      this.#failures.delete(key);
      return undefined;
    } catch (error) {
      this.#plan(server);
      if (error instanceof LinkError) return error.fault;
      return { kind: "connection-failed", message: String(error), beforeSending: true };
    }
  }

  #plan(server: HostedServer): void {
    if (this.#closed) return;
    const { clock, isWanted } = this.#ports;
    const { key } = server.settings;
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const again = (): void => {
      this.#planned.delete(key);
      if (isWanted(server)) void this.learn(server, true);
    };
    this.#planned.set(key, clock.after(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS), again));
  }
}
