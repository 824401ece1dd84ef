/** One line of the report. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same thing done with as little as possible, measured in the same run. */
  readonly floor?: number;
  /** What `value` may be; absent where a line only informs. */
  readonly budget?: number;
  /** What the budget speaks of; `value` unless said. */
  readonly judged?: "value" | "ratio";
  /** Which side of the budget is good; `most` unless said. */
  readonly bound?: "most" | "least";
}

/** How many times the floor; undefined where there is none. */
export function ratioOf({ value, floor }: Figure): number | undefined {
  return floor === undefined || floor === 0 ? undefined : value / floor;
}

/** Whether a figure keeps its budget; undefined for one without. */
export function keeps(figure: Figure): boolean | undefined {
  const { budget, judged = "value", bound = "most" } = figure;
  const looked = judged === "ratio" ? ratioOf(figure) : figure.value;
  if (budget === undefined || looked === undefined) return undefined;
  return bound === "most" ? looked <= budget : looked >= budget;
}

export interface BenchOptions {
  /** A smoke run: fewer rounds, shorter. Its numbers say little about the budgets. */
  readonly fast: boolean;
}

export type Bench = (options: BenchOptions) => Promise<readonly Figure[]>;
