import fc from "fast-check";
import { expect, test } from "vitest";
import { PartQueue } from "../../server/model/wires/part-queue.ts";
import { SCHEMA_RULES } from "../../server/model/wires/schema-rules.ts";
import { ToolCallPieces, type CallPiece } from "../../server/model/wires/tool-call-pieces.ts";
import { ToolForms } from "../../server/model/wires/tool-forms.ts";

const NAMES = ["lookup", "lookup_order", "refund", "a"];
const tools = NAMES.map((name) => ({ name, description: "", inputSchema: {} }));

const call = fc.record({
  name: fc.constantFrom(...NAMES),
  args: fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 })),
});
/** How a server numbers and names its pieces: each of these is enough to put calls together. */
const habit = fc.constantFrom(
  { index: "own", id: "first", name: "first" },
  { index: "own", id: "every", name: "every" },
  { index: "own", id: "none", name: "first" },
  { index: "zero", id: "every", name: "first" },
  { index: "zero", id: "first", name: "first" },
  { index: "none", id: "every", name: "every" },
  { index: "none", id: "first", name: "first" },
);

test("calls come out as they were made, however their arguments are cut", () => {
  fc.assert(
    fc.property(
      fc.array(call, { minLength: 1, maxLength: 4 }),
      habit,
      fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 20 }),
      (calls, how, cuts) => {
        const pieces = new ToolCallPieces(new ToolForms(tools, SCHEMA_RULES.openai), () => "new");
        for (const [number, { name, args }] of calls.entries()) {
          const texts = cut(JSON.stringify(args), cuts);
          for (const [at, argumentsText] of texts.entries()) pieces.add(piece(how, number, at, { name, argumentsText }));
        }
        const queue = new PartQueue();
        pieces.release(queue, { cut: false });
        expect(queue.take().map((part) => part.type === "tool-call" && [part.name, JSON.parse(part.argumentsText)])).toEqual(
          calls.map(({ name, args }) => [name, JSON.parse(JSON.stringify(args))]),
        );
      },
    ),
    { numRuns: 2_000 },
  );
});

function piece(
  how: { index: string; id: string; name: string },
  number: number,
  at: number,
  said: { name: string; argumentsText: string },
): CallPiece {
  return {
    index: how.index === "own" ? number : how.index === "zero" ? 0 : undefined,
    id: how.id === "every" || (how.id === "first" && at === 0) ? `id-${number}` : undefined,
    name: how.name === "every" || at === 0 ? said.name : undefined,
    argumentsText: said.argumentsText,
  };
}

/** The first piece may be empty: many servers send the name alone. */
function cut(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  let start = 0;
  for (let index = 0; start < text.length; index += 1) {
    const length = lengths[index % lengths.length] ?? 0;
    const end = index > 40 ? text.length : start + (index > 0 ? Math.max(1, length) : length);
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}
