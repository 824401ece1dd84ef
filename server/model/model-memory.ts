import type { LeftOutTool } from "../conversation/ports/model-test.ts";
import type { OfferedTool } from "../conversation/ports/model.ts";
import { FIRST_HABITS, type Habits } from "./wires/habits.ts";

interface LeftOut {
  readonly schema: OfferedTool["inputSchema"];
  readonly reason: string;
}

/** What was learnt of one model of one server. It is kept as long as the process runs, whatever key asks. */
export class ModelMemory {
  #habits: Habits = FIRST_HABITS;
  /** How its last answer came. Undefined: there was none yet. */
  form: "as-stream" | "whole" | undefined;
  readonly #leftOut = new Map<string, LeftOut>();

  get habits(): Habits {
    return this.#habits;
  }

  get leavesOut(): boolean {
    return this.#leftOut.size > 0;
  }

  get leftOutTools(): readonly LeftOutTool[] {
    return Array.from(this.#leftOut, ([tool, { reason }]) => ({ tool, reason }));
  }

  learn(changes: Partial<Habits>): void {
    this.#habits = { ...this.#habits, ...changes };
  }

  /** `reason` is the provider's, without the key. */
  leaveOut({ name, inputSchema }: OfferedTool, reason: string): void {
    this.#leftOut.set(name, { schema: inputSchema, reason });
  }

  /** One whose schema changed since is tried anew. */
  takes({ name, inputSchema }: OfferedTool): boolean {
    return this.#leftOut.get(name)?.schema !== inputSchema;
  }
}
