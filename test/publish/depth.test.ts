import { expect, test } from "vitest";
import { HeardConversations } from "../../server/publish/heard-conversations.ts";
import { StaffCalls } from "../../server/publish/staff-calls.ts";
import { ManualClock } from "../support/manual-clock.ts";

test("of two requests in one conversation, the end of the first leaves the second as deep as it is", async () => {
  const calls = new StaffCalls({ clock: new ManualClock(), heard: new HeardConversations() });
  const depths: (number | undefined)[] = [];
  const tools = calls.tools({
    open: async ({ depth }) => {
      depths.push(depth);
      return { tools: [], unavailable: [] };
    },
    rest: () => undefined,
    close: async () => undefined,
  });
  const open = () => tools.open({ conversationId: "one" } as Parameters<typeof tools.open>[0]);
  const leaves = [calls.within("one", 2), calls.within("one", 3), calls.within("one", 2)];
  for (const leave of leaves) {
    await open();
    leave();
  }
  await open();
  expect(depths).toEqual([3, 3, 2, 1]);
});
