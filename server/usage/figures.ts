import * as z from "zod";
import type { Count } from "./measures.ts";
import type { CountRow, TimeRow } from "./ports.ts";
import { percentile } from "./time-buckets.ts";

const count = z.int();
const timesSchema = z
  .object({ p50: z.number(), p95: z.number(), p99: z.number() })
  .describe("Milliseconds that half, 95 % and 99 % of them did not exceed, at most 5 % off. Absent: there were none.");
const costsSchema = z.array(z.object({ currency: z.string(), amount: z.number() }));

export const outcomesSchema = z.object({
  ok: count,
  failed: count,
  cancelled: count,
  unknown: count.describe("Sent, and nobody knows how it ended."),
  refused: count.describe("Not sent: disabled, rejected, not signed in and the like."),
});

export const figuresSchema = z.object({
  conversations: count.describe("That began then."),
  metPerson: count.describe("Of those, the ones in which a person was asked for or answered, whenever that was."),
  answers: z.object({ done: count, stopped: count, failed: count }),
  overBudget: count.describe("Of the failed ones, those that were refused because a budget was used up."),
  approvals: z.object({ approved: count, rejected: count, expired: count, withdrawn: count }),
  approvalMs: timesSchema.optional(),
  calls: outcomesSchema,
  callMs: timesSchema.optional(),
  stepMs: timesSchema.optional(),
  steps: count.describe("How often a model was asked."),
  uncountedSteps: count.describe("Of those, the ones whose provider did not say how many tokens they took."),
  unpricedSteps: count.describe("Of those, the ones whose cost is not known: the cost of everything is then not known either."),
  tokens: z.object({ input: count, cached: count.describe("Of the input, what the provider had cached."), output: count }),
  costs: costsSchema.describe("By currency, of the steps whose price was known."),
  feedback: z.object({ up: count, down: count }),
  voiceCalls: count.describe("Voice calls that ended then."),
  voiceMs: z.number().describe("How long they were altogether, in milliseconds."),
});
export type Figures = z.infer<typeof figuresSchema>;

export const toolFiguresSchema = z.object({ server: z.string(), tool: z.string(), calls: outcomesSchema, ms: timesSchema.optional() });
export type ToolFigures = z.infer<typeof toolFiguresSchema>;

export const modelFiguresSchema = z.object({
  model: z.string(),
  ...figuresSchema.pick({ steps: true, uncountedSteps: true, unpricedSteps: true, tokens: true, costs: true, stepMs: true }).shape,
});
export type ModelFigures = z.infer<typeof modelFiguresSchema>;

/** Sums of what the store counted, of whatever assistants and quarters were added. */
export class Tally {
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #times = new Map<string, Map<string, Map<number, number>>>();

  add(counts: readonly CountRow[], times: readonly TimeRow[]): void {
    for (const { measure, subject, amount } of counts) {
      const subjects = under(this.#counts, measure, () => new Map<string, number>());
      subjects.set(subject, (subjects.get(subject) ?? 0) + amount);
    }
    for (const { measure, subject, bucket, amount } of times) {
      const subjects = under(this.#times, measure, () => new Map<string, Map<number, number>>());
      const buckets = under(subjects, subject, () => new Map<number, number>());
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + amount);
    }
  }

  figures(): Figures {
    const approvals = (decision: string) => this.#sum("approvals", (subject) => subject.endsWith(` ${decision}`));
    const turns = (outcome: string) => this.#sum("turns", (subject) => subject === outcome || subject.startsWith(`${outcome} `));
    return {
      conversations: this.#sum("conversations"),
      metPerson: this.#sum("met-person"),
      answers: { done: turns("done"), stopped: turns("stopped"), failed: turns("failed") },
      overBudget: this.#sum("turns", (subject) => subject === "failed budget-reached"),
      approvals: {
        approved: approvals("approved"),
        rejected: approvals("rejected"),
        expired: approvals("expired"),
        withdrawn: approvals("withdrawn"),
      },
      ...optional("approvalMs", this.#percentiles("approval-ms")),
      calls: this.#outcomes(() => true),
      ...optional("callMs", this.#percentiles("call-ms")),
      ...this.#ofModels(() => true),
      feedback: { up: this.#sum("feedback", (subject) => subject === "up"), down: this.#sum("feedback", (subject) => subject === "down") },
      voiceCalls: this.#sum("voice-calls"),
      voiceMs: this.#sum("voice-ms"),
    };
  }

  /** The most used first. */
  tools(): readonly ToolFigures[] {
    const names = new Set([...(this.#counts.get("calls")?.keys() ?? [])].map((subject) => subject.slice(subject.indexOf(" ") + 1)));
    const found = [...names].map((name): ToolFigures => {
      const [server = "", ...tool] = name.split("/");
      const calls = this.#outcomes((subject) => subject === name);
      return { server, tool: tool.join("/"), calls, ...optional("ms", this.#percentiles("call-ms", name)) };
    });
    return found.toSorted((one, other) => callsOf(other.calls) - callsOf(one.calls) || (one.tool < other.tool ? -1 : 1));
  }

  models(): readonly ModelFigures[] {
    const models = [...(this.#counts.get("steps")?.keys() ?? [])].toSorted();
    return models.map((model) => ({ model, ...this.#ofModels((subject) => subject === model, model) }));
  }

  #ofModels(isOne: (model: string) => boolean, model?: string): Omit<ModelFigures, "model"> {
    const costs = new Map<string, number>();
    for (const [subject, amount] of this.#counts.get("cost") ?? []) {
      const [currency = ""] = subject.split(" ", 1);
      if (isOne(subject.slice(currency.length + 1))) costs.set(currency, (costs.get(currency) ?? 0) + amount);
    }
    return {
      ...optional("stepMs", this.#percentiles("step-ms", model)),
      steps: this.#sum("steps", isOne),
      uncountedSteps: this.#sum("uncounted-steps", isOne),
      unpricedSteps: this.#sum("unpriced-steps", isOne),
      tokens: {
        input: this.#sum("input-tokens", isOne),
        cached: this.#sum("cached-tokens", isOne),
        output: this.#sum("output-tokens", isOne),
      },
      costs: [...costs]
        .map(([currency, amount]) => ({ currency, amount }))
        .toSorted((one, other) => (one.currency < other.currency ? -1 : 1)),
    };
  }

  #outcomes(isOne: (tool: string) => boolean): z.infer<typeof outcomesSchema> {
    const of = (outcome: string) =>
      this.#sum("calls", (subject) => subject.startsWith(`${outcome} `) && isOne(subject.slice(outcome.length + 1)));
    return { ok: of("ok"), failed: of("failed"), cancelled: of("cancelled"), unknown: of("unknown"), refused: of("refused") };
  }

  #sum(measure: Count, isOne: (subject: string) => boolean = () => true): number {
    let sum = 0;
    for (const [subject, amount] of this.#counts.get(measure) ?? []) if (isOne(subject)) sum += amount;
    return sum;
  }

  /** Of one subject, or of all together: histograms add up, percentiles do not. */
  #percentiles(measure: string, subject?: string): z.infer<typeof timesSchema> | undefined {
    const all = new Map<number, number>();
    for (const [name, buckets] of this.#times.get(measure) ?? []) {
      if (subject !== undefined && name !== subject) continue;
      for (const [bucket, amount] of buckets) all.set(bucket, (all.get(bucket) ?? 0) + amount);
    }
    const [p50, p95, p99] = [percentile(all, 0.5), percentile(all, 0.95), percentile(all, 0.99)];
    return p50 === undefined || p95 === undefined || p99 === undefined ? undefined : { p50, p95, p99 };
  }
}

export function callsOf({ ok, failed, cancelled, unknown, refused }: z.infer<typeof outcomesSchema>): number {
  return ok + failed + cancelled + unknown + refused;
}

function under<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: Value });
}
