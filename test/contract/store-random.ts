import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { OpenedStore } from "./opened-store.ts";
import { answerOf, commandGroups, everythingIn } from "./store-commands.ts";
import { ModelStore } from "./store-model.ts";

/**
 * Whatever is asked in whatever order, the store answers and keeps what the model does. A failure prints its seed and
 * the shortest way to it.
 */
export function storeAgreesWithModel(open: () => Promise<OpenedStore>): void {
  test("agrees with the model under random writes, one after the other", () => agreement(open, false));
}

/**
 * The same for a maker that answers writes in the order in which they were asked for: several are under way together.
 */
export function storeAgreesWithModelAtOnce(open: () => Promise<OpenedStore>): void {
  test("agrees with the model under random writes, several at once", () => agreement(open, true));
}

async function agreement(open: () => Promise<OpenedStore>, atOnce: boolean): Promise<void> {
  const property = fc.asyncProperty(commandGroups, async (groups) => {
    const opened = await open();
    const { store } = opened;
    const model = new ModelStore();
    try {
      for (const group of atOnce ? groups : groups.flat().map((command) => [command])) {
        const answers = await Promise.allSettled(group.map((command) => command.run(store)));
        for (const [index, command] of group.entries()) {
          const [expected] = await Promise.allSettled([command.run(model)]);
          expect(answerOf(answers[index]!), command.what).toEqual(answerOf(expected));
        }
      }
      expect(await everythingIn(store)).toEqual(await everythingIn(model));
    } finally {
      await opened.cleanup();
    }
  });
  await fc.assert(property, { numRuns: 40 });
}
