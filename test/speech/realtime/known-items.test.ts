import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ClientEvent, NewItem } from "../../../server/speech/realtime/client-events.ts";
import { type KnownItem, KnownItems } from "../../../server/speech/realtime/known-items.ts";
import type { WantedItem } from "../../../server/speech/realtime/wanted-items.ts";

const words = fc.constantFrom("yes", "no", "where is my order", "it is on its way");
const wantedItem: fc.Arbitrary<WantedItem> = fc.oneof(
  fc.record({ kind: fc.constant("user" as const), text: words }),
  fc.record({ kind: fc.constant("assistant" as const), text: words }),
  fc.record({
    kind: fc.constant("call" as const),
    callId: fc.constantFrom("a", "b"),
    name: fc.constant("lookup"),
    argumentsText: fc.constant("{}"),
  }),
  fc.record({ kind: fc.constant("result" as const), callId: fc.constantFrom("a", "b"), text: words }),
);

function shown(item: NewItem): string {
  if (item.type === "function_call") return `call ${item.call_id}`;
  if (item.type === "function_call_output") return `result ${item.call_id} ${item.output}`;
  return `${item.role} ${item.content[0]?.text}`;
}
function wantedShown(item: WantedItem): string {
  return item.kind === "call"
    ? `call ${item.callId}`
    : item.kind === "result"
      ? `result ${item.callId} ${item.text}`
      : `${item.kind} ${item.text}`;
}

/** The provider's list, as it does what it is told. */
class Provider {
  readonly items: { id: string; shown: string }[] = [];

  take(event: ClientEvent): void {
    if (event.type === "conversation.item.delete") {
      const at = this.items.findIndex(({ id }) => id === event.item_id);
      if (at < 0) throw new Error(`There is no ${event.item_id}.`);
      this.items.splice(at, 1);
    }
    if (event.type !== "conversation.item.create") return;
    const after = event.previous_item_id === "root" ? 0 : this.items.findIndex(({ id }) => id === event.previous_item_id) + 1;
    if (after === 0 && event.previous_item_id !== "root") throw new Error(`There is no ${event.previous_item_id}.`);
    this.items.splice(after, 0, { id: event.item.id, shown: shown(event.item) });
  }
}

test("whatever is wanted after whatever else, the provider remembers that and nothing more", () => {
  fc.assert(
    fc.property(fc.array(fc.array(wantedItem, { maxLength: 8 }), { maxLength: 6 }), (prompts) => {
      const known = new KnownItems();
      const provider = new Provider();
      let ids = 0;
      for (const prompt of prompts) {
        for (const event of known.bringInStep(prompt, () => `item-${++ids}`)) provider.take(event);
        expect(provider.items.map((item) => item.shown)).toEqual(prompt.map(wantedShown));
        // And it stays so without another word.
        expect(known.bringInStep(prompt, () => "never")).toEqual([]);
      }
    }),
  );
});

test("what fits is kept as it is, however the words are spaced, and what was said between is put between", () => {
  const known = new KnownItems();
  known.add({ kind: "user", ids: ["audio-1"], text: "where is  my order" });
  known.add({ kind: "assistant", ids: ["audio-2"], text: "It is on its way." });
  const events = known.bringInStep(
    [
      { kind: "user", text: "where is my order" },
      { kind: "user", text: "typed" },
      { kind: "assistant", text: "It is on its way." },
    ],
    () => "new",
  );
  expect(events).toMatchObject([{ type: "conversation.item.create", previous_item_id: "audio-1", item: { content: [{ text: "typed" }] } }]);
});

test("what is still being transcribed stays where it is, and is left out of an answer", () => {
  const known = new KnownItems();
  known.add({ kind: "user", ids: ["audio-1"], text: "yes" });
  const pending: KnownItem = { kind: "user", ids: ["audio-2"], text: undefined };
  known.add(pending);
  expect(known.bringInStep([{ kind: "user", text: "yes" }], () => "new")).toEqual([]);
  expect(known.withoutPending()).toEqual(["audio-1"]);
  pending.text = "approve it";
  expect(known.withoutPending()).toBeUndefined();
  expect(known.bringInStep([{ kind: "user", text: "yes" }], () => "new")).toEqual([
    { type: "conversation.item.delete", item_id: "audio-2" },
  ]);
});

test("an answer of several items is cut in the one that was heard in part, and loses those after it", () => {
  const known = new KnownItems();
  const heard = [
    { itemId: "audio-2", endMs: 300 },
    { itemId: "audio-3", endMs: undefined },
  ];
  known.add({ kind: "assistant", ids: ["audio-1", "audio-2", "audio-3"], text: "One.\n\nTwo three.\n\nFour.", heard: () => heard });
  expect(known.bringInStep([{ kind: "assistant", text: "One.\n\nTwo" }], () => "new")).toEqual([
    { type: "conversation.item.truncate", item_id: "audio-2", content_index: 0, audio_end_ms: 300 },
    { type: "conversation.item.delete", item_id: "audio-3" },
  ]);
  expect(known.bringInStep([{ kind: "assistant", text: "One.\n\nTwo" }], () => "new")).toEqual([]);
});

test("a part of an answer that nobody interrupted is told in words", () => {
  const known = new KnownItems();
  known.add({ kind: "assistant", ids: ["audio-1"], text: "One. Two." });
  expect(known.bringInStep([{ kind: "assistant", text: "One." }], () => "new").map(({ type }) => type)).toEqual([
    "conversation.item.create",
    "conversation.item.delete",
  ]);
});
