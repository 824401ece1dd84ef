/** How the pieces of calls really come, each shape from a server of this format. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawServer } from "./raw-server.ts";
import { called, delta, DONE, readAnswer, type Piece } from "./read-answer.ts";
import { openAiChat } from "./wire-formats.ts";

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.open();
});
afterAll(() => server.close());

const f = (name: string | undefined, text: unknown): Piece => ({
  function: { ...(name === undefined ? {} : { name }), arguments: text },
});

describe("calls in pieces", () => {
  const M = '{"m":1}';
  const N = '{"n":2}';
  const both = [
    ["one", M],
    ["two", N],
  ];
  test.each<[string, Piece[], unknown[]]>([
    [
      "two whole calls, index 0, empty ids",
      [
        { index: 0, id: "", ...f("one", M) },
        { index: 0, id: "", ...f("two", N) },
      ],
      both,
    ],
    [
      "two whole calls, index 0, null ids",
      [
        { index: 0, id: null, ...f("one", M) },
        { index: 0, id: null, ...f("two", N) },
      ],
      both,
    ],
    ["two whole calls without index and id", [f("one", M), f("two", N)], both],
    [
      "two whole calls of one tool without index and id",
      [f("one", M), f("one", N)],
      [
        ["one", M],
        ["one", N],
      ],
    ],
    [
      "three whole calls at index 0",
      [
        { index: 0, ...f("one", M) },
        { index: 0, ...f("two", N) },
        { index: 0, ...f("one", N) },
      ],
      [...both, ["one", N]],
    ],
    [
      "a head at index 0 with another id, its tail at index 1 without",
      [
        { index: 0, id: "a", ...f("one", M) },
        { index: 0, id: "b", ...f("two", "") },
        { index: 1, ...f(undefined, N) },
      ],
      both,
    ],
    [
      "a head and its tail at index 0, the next at 1 with its tail in two",
      [
        { index: 0, id: "a", ...f("one", M) },
        { index: 0, id: "b", ...f("two", "") },
        { index: 1, ...f(undefined, '{"n"') },
        { index: 1, ...f(undefined, ":2}") },
      ],
      both,
    ],
    [
      "another id with later pieces",
      [
        { index: 0, id: "a", ...f("one", "") },
        { index: 0, id: "b", ...f(undefined, '{"m"') },
        { index: 0, id: "b", ...f(undefined, ":1}") },
      ],
      [["one", M]],
    ],
    [
      "a new id with each piece",
      [
        { index: 0, id: "a", ...f("one", "") },
        { index: 0, id: "b", ...f(undefined, '{"m"') },
        { index: 0, id: "c", ...f(undefined, ":1}") },
      ],
      [["one", M]],
    ],
    [
      "new ids without an index",
      [
        { id: "a", ...f("one", "") },
        { id: "b", ...f(undefined, '{"m"') },
        { id: "c", ...f(undefined, ":1}") },
      ],
      [["one", M]],
    ],
    [
      "a name in two pieces",
      [
        { index: 0, id: "a", ...f("lookup", "") },
        { index: 0, ...f("_order", "") },
        { index: 0, ...f(undefined, M) },
      ],
      [["lookup_order", M]],
    ],
    ["a name in three pieces without an index", [{ id: "a", ...f("lo", "") }, f("okup", ""), f("_order", M)], [["lookup_order", M]]],
    [
      "no arguments first, then the real ones",
      [
        { index: 0, id: "a", ...f("one", "{}") },
        { index: 0, ...f(undefined, M) },
      ],
      [["one", M]],
    ],
    [
      "no arguments first, then the real ones in pieces",
      [
        { index: 0, id: "a", ...f("one", "{}") },
        { index: 0, ...f(undefined, '{"m"') },
        { index: 0, ...f(undefined, ":1}") },
      ],
      [["one", M]],
    ],
    [
      "no arguments first, then the whole call",
      [
        { index: 0, id: "a", ...f("one", "{}") },
        { index: 0, id: "a", ...f("one", M) },
      ],
      [["one", M]],
    ],
    [
      "the whole call once more",
      [
        { index: 0, id: "a", ...f("one", '{"m"') },
        { index: 0, ...f(undefined, ":1}") },
        { index: 0, id: "a", ...f("one", M) },
      ],
      [["one", M]],
    ],
    [
      "the whole call once more, without its id",
      [
        { index: 0, id: "a", ...f("one", M) },
        { index: 0, ...f("one", M) },
      ],
      [["one", M]],
    ],
    [
      "all arguments once more",
      [
        { index: 0, id: "a", ...f("one", '{"m"') },
        { index: 0, ...f(undefined, ":1}") },
        { index: 0, ...f(undefined, M) },
      ],
      [["one", M]],
    ],
    ["arguments as an object", [{ index: 0, id: "a", ...f("one", { m: 1 }) }], [["one", M]]],
    ["an id that is a number", [{ index: 0, id: 7, ...f("one", M) }], [["one", M]]],
    [
      "an index that is a text",
      [
        { index: "0", id: "a", ...f("one", "") },
        { index: "0", ...f(undefined, M) },
      ],
      [["one", M]],
    ],
    ["arguments null", [{ index: 0, id: "a", ...f("one", null) }], [["one", "{}"]]],
    ["arguments that say null", [{ index: 0, id: "a", ...f("one", "null") }], [["one", "{}"]]],
    ["arguments in a fence", [{ index: 0, id: "a", ...f("one", `\`\`\`json\n${M}\n\`\`\``) }], [["one", M]]],
    ["arguments in a fence without a language", [{ index: 0, id: "a", ...f("one", `\`\`\`\n${M}\n\`\`\`\n`) }], [["one", M]]],
    ["a name with blanks", [{ index: 0, id: "a", ...f(" one\n", M) }], [["one", M]]],
    ["a name with functions. before it", [{ index: 0, id: "a", ...f("functions.one", M) }], [["one", M]]],
    ["a name that nobody offered", [{ index: 0, id: "a", ...f("functions.other", M) }], [["functions.other", M]]],
    [
      "an id that comes late",
      [
        { index: 0, ...f("one", "") },
        { index: 0, id: "a", ...f(undefined, M) },
      ],
      [["one", M]],
    ],
    [
      "indexes from 1",
      [
        { index: 1, id: "a", ...f("one", M) },
        { index: 2, id: "b", ...f("two", N) },
      ],
      both,
    ],
    [
      "ids without an index, in turns",
      [
        { id: "a", ...f("one", '{"m"') },
        { id: "b", ...f("two", '{"n"') },
        { id: "a", ...f(undefined, ":1}") },
        { id: "b", ...f(undefined, ":2}") },
      ],
      both,
    ],
    [
      "equal calls under two ids",
      [
        { index: 0, id: "a", ...f("one", M) },
        { index: 1, id: "b", ...f("one", M) },
      ],
      [
        ["one", M],
        ["one", M],
      ],
    ],
    [
      "text between them",
      [
        { index: 0, id: "a", ...f("one", M) },
        { index: 1, id: "b", ...f("two", '{"n"') },
        { index: 1, id: "b", ...f("two", ":2}") },
      ],
      both,
    ],
  ])("%s", async (_shape, pieces, expected) => {
    const apart = await readAnswer(server, openAiChat, [
      ...pieces.map((piece) => delta({ content: null, tool_calls: [piece] })),
      delta({}, "tool_calls"),
      DONE,
    ]);
    expect(apart.error).toBeUndefined();
    expect(called(apart)).toEqual(expected);
    const together = await readAnswer(server, openAiChat, [delta({ tool_calls: pieces }), delta({}, "tool_calls"), DONE]);
    expect(called(together)).toEqual(expected);
  });
});
