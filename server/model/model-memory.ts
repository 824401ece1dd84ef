import type { OfferedTool } from "../conversation/ports/model.ts";
import { FIRST_HABITS, type Habits } from "./wires/habits.ts";

/** A tool that a provider does not take, and the reason it gave, without the key. */
export interface LeftOut {
  readonly schema: OfferedTool["inputSchema"];
  readonly reason: string;
}

/** What was learnt of one model of one server. It is kept as long as the process runs, whatever key asks. */
export class ModelMemory {
  #habits: Habits = FIRST_HABITS;
  readonly #leftOut = new Map<string, LeftOut>();

  get habits(): Habits {
    return this.#habits;
  }

  /** By the tool's name. */
  get leftOut(): ReadonlyMap<string, LeftOut> {
    return this.#leftOut;
  }

  learn(changes: Partial<Habits>): void {
    this.#habits = { ...this.#habits, ...changes };
  }

  leaveOut(tool: string, leftOut: LeftOut): void {
    this.#leftOut.set(tool, leftOut);
  }

  /** One whose schema changed since is tried anew. */
  takes({ name, inputSchema }: OfferedTool): boolean {
    return this.#leftOut.get(name)?.schema !== inputSchema;
  }
}
