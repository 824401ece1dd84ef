import { describe, expect, test } from "vitest";
import type { InputField, InputValue } from "../../protocol/input-fields.ts";
import { checkInput } from "../../server/conversation/decisions/check-input.ts";
import { computedMs } from "../support/computed-ms.ts";

const base = { name: "field", title: "The field", required: false } as const;
const text = (more: Partial<Extract<InputField, { kind: "text" }>> = {}): InputField => ({ ...base, kind: "text", ...more });
const number = (more: Partial<Extract<InputField, { kind: "number" }>> = {}): InputField => ({
  ...base,
  kind: "number",
  integer: false,
  ...more,
});
const options = ["red", "green", "blue"].map((value) => ({ value, title: value.toUpperCase() }));
const choice: InputField = { ...base, kind: "choice", options };
const choices: InputField = { ...base, kind: "choices", options, minItems: 1, maxItems: 2 };
const yes: InputField = { ...base, kind: "boolean" };

describe("what a person put into a form", () => {
  test.each<[string, InputField, InputValue]>([
    ["text", text(), "hello"],
    ["nothing where nothing is needed", text({ minLength: 3, format: "email" }), ""],
    ["characters counted as people count them", text({ maxLength: 2 }), "👋👋"],
    ["an email address", text({ format: "email" }), "kim@shop.example"],
    ["an address", text({ format: "uri" }), "https://example.com/a?b=c"],
    ["a date", text({ format: "date" }), "2024-02-29"],
    ["a moment", text({ format: "date-time" }), "2026-11-20T12:30:00.5+01:00"],
    ["what a pattern asks for", text({ pattern: "^[A-Z]{2}\\d+$" }), "AB12"],
    ["a number", number({ minimum: -1.5, maximum: 2 }), -1.5],
    ["a whole number", number({ integer: true }), 3],
    ["no", yes, false],
    ["a choice", choice, "green"],
    ["some choices", choices, ["red", "blue"]],
  ])("fits: %s", (_name, field, value) => {
    expect(checkInput([field], { field: value })).toBeUndefined();
  });

  test.each<[string, InputField, InputValue]>([
    ["a number for text", text(), 5],
    ["too short", text({ minLength: 3 }), "ab"],
    ["too long", text({ maxLength: 3 }), "abcd"],
    ["longer than anybody types", text(), "a".repeat(10_001)],
    ["empty where something is needed", text({ required: true }), ""],
    ["no email address", text({ format: "email" }), "kim@shop"],
    ["half an address", text({ format: "uri" }), "example.com"],
    ["a day that there is not", text({ format: "date" }), "2026-02-30"],
    ["a moment without a time", text({ format: "date-time" }), "2026-11-20"],
    ["a moment at hour 25", text({ format: "date-time" }), "2026-11-20T25:00:00Z"],
    ["not what a pattern asks for", text({ pattern: "^[A-Z]{2}\\d+$" }), "ab12"],
    ["not what a longer pattern asks for", text({ pattern: "^(?:\\+49|0)?(?:\\d{3}-){2}\\d{2,4}$" }), "030-12-4"],
    ["not what a pattern of an address asks for", text({ pattern: "^[^@]+@[^@.]+\\.[a-z]+$" }), "kim(at)shop.example"],
    ["text for a number", number(), "5"],
    ["not a number", number(), Number.NaN],
    ["half of a whole", number({ integer: true }), 1.5],
    ["too little", number({ minimum: 2 }), 1],
    ["too much", number({ maximum: 2 }), 3],
    ["text for yes", yes, "true"],
    ["none of the choices", choice, "pink"],
    ["a list for one choice", choice, ["red"]],
    ["one choice for a list", choices, "red"],
    ["too few choices", choices, []],
    ["too many choices", choices, ["red", "green", "blue"]],
    ["one choice twice", choices, ["red", "red"]],
    ["a choice that is a method's name", { ...choice, options: [] }, "toString"],
  ])("does not fit, and the field is named: %s", (_name, field, value) => {
    expect(checkInput([field], { field: value })).toMatch(/^"The field" .+\.$/);
  });

  test("that is missing is only missed where it is needed", () => {
    expect(checkInput([text()], {})).toBeUndefined();
    expect(checkInput([text({ required: true })], {})).toBe('"The field" is needed.');
  });

  test("that was not asked for does not fit", () => {
    expect(checkInput([text()], { field: "x", other: 1 })).toBe('"other" is not asked for.');
    expect(checkInput([], JSON.parse('{"__proto__": "x"}'))).toBe('"__proto__" is not asked for.');
    expect(checkInput([text({ name: "toString", required: true })], {})).toBe('"The field" is needed.');
  });

  test.each(["^(a+)+$", "^(a|a)*$", "(", "^(?=a)\\1$", "a*a*a*a*b"])(
    "a pattern that is slow or cannot be read decides nothing: %s",
    (pattern) => {
      const begun = computedMs();
      expect(checkInput([text({ pattern })], { field: `${"a".repeat(5_000)}!` })).toBeUndefined();
      expect(computedMs() - begun).toBeLessThan(1_000);
    },
  );

  // Each of them, unchecked, takes from seconds to longer than anybody lives.
  test.each<[string, string]>([
    ["^a*a*a*b$", "a".repeat(9_000)],
    ["a+b", "a".repeat(10_000)],
    ["^(?:a?){30}a{30}b$", "a".repeat(30)],
    ["^(?:a|a){40}b$", "a".repeat(40)],
    [`^${"(?:a|a)".repeat(25)}b$`, "a".repeat(25)],
    [`^${"a?".repeat(40)}b$`, "a".repeat(40)],
    ["^(?:a{0,9}){9}b$", "a".repeat(80)],
    ["^(?:(?:a|a)(?:a|a)){20}b$", "a".repeat(40)],
    ["^(?=(a+a+a+)b)", "a".repeat(5_000)],
    ["^(?<x>a|a)+b$", "a".repeat(40)],
  ])("a pattern that would stop the server decides nothing: %s", (pattern, value) => {
    const begun = computedMs();
    expect(checkInput([text({ pattern })], { field: value })).toBeUndefined();
    expect(computedMs() - begun).toBeLessThan(1_000);
  });
});
