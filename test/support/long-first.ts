import { BaseSequencer, type TestSequencer, type TestSpecification, type Vitest } from "vitest/node";

/** What takes longest, longest first: started last, one of them would keep a single core busy at the end. */
const LONG = [
  "chaos/kill",
  "engines/engines",
  "conformance/client",
  "console/screens",
  "story/console/roles",
  "story/console/oauth",
  "story/hostile",
  "story/keyboard",
  "story/survival",
  "widget/embed/embed",
  "story/oauth-servers",
  "story/sign-in",
  "story/refund",
  "package/pack",
  "widget/markdown/markdown-limits",
  "demo/shop",
  "story/long-conversation",
  "demo/start",
  "store/killed-process",
  "store/several-processes",
  "widget/elements/signing-in",
  "widget/elements/cards",
  "widget/elements/every-state",
];

/**
 * The order of the test files in a clone that has not measured them yet, too: vitest itself goes by the size of a file
 * there.
 */
export class LongFirst implements TestSequencer {
  readonly #base: BaseSequencer;

  constructor(vitest: Vitest) {
    this.#base = new BaseSequencer(vitest);
  }

  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await this.#base.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }

  shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return this.#base.shard(files);
  }
}

function rank({ moduleId }: TestSpecification): number {
  const index = LONG.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
  return index === -1 ? LONG.length : index;
}
