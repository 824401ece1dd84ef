import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ArgumentField } from "../../../protocol/content.ts";
import { approvalWords } from "../../../server/voice/approval/approval-words.ts";
import { judge } from "../../../server/voice/approval/judge.ts";
import { isSaidIn, plainWords } from "../../../server/voice/approval/plain-words.ts";
import { readAgain, readBack, sayInstead } from "../../../server/voice/approval/read-back.ts";
import { spokenValue } from "../../../server/voice/approval/spoken-value.ts";

const refund = {
  tool: { title: "Refund order" },
  fields: [
    { name: "orderId", title: "Order", value: "1042" },
    { name: "amount", title: "Amount", value: 2350, format: "money", currency: "EUR" },
  ],
} as const;

describe("the read-back", () => {
  test("says action and arguments, then asks for the phrase", () => {
    expect(readBack(refund, "phrase", "en-GB")).toEqual({
      pieces: [
        "This needs your approval: Refund order.",
        "Order: 1 0 4 2.",
        "Amount: 23.50 euros.",
        "Say “yes, approve it” or “no”, please.",
      ],
      phrase: "yes, approve it",
    });
  });

  test("says it in German, and in English where it has no words", () => {
    expect(readBack(refund, "phrase", "de")).toEqual({
      pieces: [
        "Das braucht Ihre Freigabe: Refund order.",
        "Order: 1 0 4 2.",
        "Amount: 23,50 Euro.",
        "Sagen Sie „ja, freigeben“ oder „nein“, bitte.",
      ],
      phrase: "ja, freigeben",
    });
    expect(readBack(refund, "phrase", "pt-BR")).toEqual(readBack(refund, "phrase", undefined));
  });

  test("where the button alone approves, says so, and names no phrase", () => {
    const { pieces, phrase } = readBack(refund, "button", "en");
    expect(phrase).toBeUndefined();
    expect(pieces.at(-1)).toBe("Approve or reject it on the screen, please.");
  });

  test("says that there is more where it left something out", () => {
    const long = { name: "reason", title: "Reason", value: "a".repeat(30).concat(" ").repeat(10) };
    const filled = { name: "customer", title: "Customer", value: "customer-1", filled: true } as const;
    const many = Array.from({ length: 9 }, (_, at) => ({ name: `a${at}`, title: `A${at}`, value: true }));
    for (const fields of [[long], [filled], many, [{ name: "a", title: "A", value: { deep: true } }]])
      expect(readBack({ ...refund, fields }, "phrase", "en").pieces).toContain("And more on the screen.");
    expect(readBack(refund, "phrase", "en").pieces).not.toContain("And more on the screen.");
    expect(readBack({ ...refund, fields: [filled] }, "phrase", "en").pieces.join(" ")).not.toContain("customer");
  });

  test("a text that has the phrase in it leaves the decision to the button", () => {
    const title = { ...refund, tool: { title: "Yes, approve it" } };
    const value = { ...refund, fields: [{ name: "note", title: "Note", value: "Say: yes. Approve it" }] };
    const across = { ...refund, fields: [{ name: "note", title: "approve it", value: "x" }], tool: { title: "Say yes" } };
    for (const asked of [title, value, across]) expect(readBack(asked, "phrase", "en").phrase).toBeUndefined();
  });
});

describe("a value", () => {
  const cases: readonly (readonly [unknown, Partial<ArgumentField>, string])[] = [
    [2300, { format: "money", currency: "EUR" }, "23 euros"],
    [500, { format: "money", currency: "JPY" }, "500 Japanese yen"],
    [500, { format: "money", currency: "no currency" }, "500 no currency"],
    [12.5, {}, "12.5"],
    [1042, { name: "orderId" }, "1 0 4 2"],
    [1042, { name: "quantity" }, "1042"],
    ["1042", {}, "1 0 4 2"],
    ["12", {}, "12"],
    ["AB-12/3", {}, "A B, 1 2, 3"],
    ["#1042", { title: "Order" }, "1 0 4 2"],
    ["7f3c9a52-1d2e-4f5a-8b6c-0d1e2f3a4b5c", {}, "it ends in 4 b 5 c"],
    ["2026-11-20", {}, "November 20, 2026"],
    ["2026-11-20T12:30:00Z", {}, "November 20, 2026 at 12:30 PM UTC"],
    ["2026-11-20T12:30:00+01:00", {}, "November 20, 2026 at 12:30 PM UTC +01:00"],
    ["2026-99-99", {}, "2 0 2 6, 9 9, 9 9"],
    [true, {}, "yes"],
    [false, {}, "no"],
    [null, {}, "empty"],
    ["", {}, "empty"],
    ["Blue teapot.", {}, "Blue teapot"],
    ["see https://shop.example/a?b=1", {}, "see a link to shop.example"],
    ["two\nlines\u202e", {}, "two lines"],
    [["a", "b"], {}, "a, b"],
    [["a", "b", "c", "d"], {}, "a, b, c and 1 more"],
    [[], {}, "empty"],
    [[["a"]], {}, ""],
    [1e37, {}, ""],
    [{ deep: 1 }, {}, ""],
  ];
  test.each(cases)("%j with %j is said as %s", (value, field, text) =>
    expect(spokenValue({ name: "value", title: "Value", value, ...field }, approvalWords("en")).text).toBe(text),
  );
});

const field = fc.record({
  name: fc.string({ minLength: 1 }),
  title: fc.oneof(fc.string(), fc.constantFrom("yes", "approve", "it", "ja")),
  value: fc.oneof(fc.constantFrom("yes", "approve it", "yes approve it", "freigeben", "ja, freigeben"), fc.string(), fc.anything()),
});
const asked = fc.record({
  tool: fc.record({ title: fc.oneof(fc.string(), fc.constantFrom("yes, approve it", "Refund", "ja freigeben")) }),
  fields: fc.array(field, { maxLength: 9 }),
});

test("no piece of what is said, and no run of pieces, is the phrase", () => {
  fc.assert(
    fc.property(asked, fc.constantFrom("en", "de"), (of, language) => {
      const { pieces, phrase } = readBack(of, "phrase", language);
      const words = sayInstead(language);
      const again = phrase === undefined ? [] : [readAgain(of, language)];
      for (const said of [pieces, ...again, [words.instead], [words.staff]])
        for (let from = 0; from < said.length; from += 1)
          for (let to = from + 1; to <= said.length; to += 1)
            expect(judge({ text: said.slice(from, to).join(" ") }, phrase)).not.toBe("approve");
    }),
  );
});

test("the phrase is said in the question alone, and never at its end", () => {
  fc.assert(
    fc.property(asked, fc.constantFrom("en", "de"), (of, language) => {
      const { pieces, phrase } = readBack(of, "phrase", language);
      if (phrase === undefined) return;
      const said = plainWords(phrase);
      expect(isSaidIn(said, plainWords(pieces.slice(0, -1).join(" ")))).toBe(false);
      expect(plainWords(pieces.at(-1) ?? "").slice(-said.length)).not.toEqual(said);
    }),
  );
});

test("whatever is said is short", () => {
  fc.assert(
    fc.property(asked, (of) => {
      const { pieces } = readBack(of, "phrase", "en");
      expect(pieces.length).toBeLessThanOrEqual(9);
      for (const piece of pieces) expect(piece.length).toBeLessThan(400);
    }),
  );
});
