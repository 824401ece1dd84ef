import { describe, expect, it } from "vitest";
import { checkedContent } from "../../../../server/tools/mcp/questions/answer-check.ts";
import { elicitAnswer, readQuestion } from "../../../../server/tools/mcp/questions/elicitation.ts";
import { formFields } from "../../../../server/tools/mcp/questions/form-fields.ts";
import { computedMs } from "../../../support/computed-ms.ts";

const form = (properties: Record<string, unknown>, required: readonly string[] = []): unknown => ({ type: "object", properties, required });

describe("an answer", () => {
  const fields = formFields(
    form(
      {
        name: { type: "string", minLength: 2, maxLength: 5 },
        mail: { type: "string", format: "email" },
        site: { type: "string", format: "uri" },
        day: { type: "string", format: "date" },
        at: { type: "string", format: "date-time" },
        code: { type: "string", pattern: "^[A-Z]{2}$" },
        slow: { type: "string", pattern: "^(a+)+$" },
        count: { type: "integer", minimum: 1, maximum: 5 },
        share: { type: "number" },
        yes: { type: "boolean" },
        pick: { type: "string", enum: ["a", "b"] },
        picks: { type: "array", items: { type: "string", enum: ["a", "b"] }, minItems: 1, maxItems: 1 },
      },
      ["name"],
    ),
  );
  const check = (content: Record<string, unknown>): unknown => checkedContent(fields, { name: "Ada", ...content } as never);

  it("goes as it is when it fits, without what was left empty", () => {
    const content = {
      mail: "a@b.de",
      site: "https://a.de",
      day: "2024-02-29",
      at: "2024-02-29T10:00:00Z",
      code: "AB",
      count: 5,
      share: 0.5,
      yes: false,
    };
    expect(check({ ...content, pick: "b", picks: ["a"] })).toEqual({ name: "Ada", ...content, pick: "b", picks: ["a"] });
    expect(check({ mail: "", pick: "" })).toEqual({ name: "Ada" });
  });

  it.each([
    { name: "" },
    { name: "x" },
    { name: "too long" },
    { name: 3 },
    { mail: "nobody" },
    { site: "nowhere" },
    { day: "2023-02-29" },
    { day: "tomorrow" },
    { at: "2024-13-01T00:00:00Z" },
    { code: "abc" },
    { slow: `${"a".repeat(40)}b` },
    { count: 0 },
    { count: 1.5 },
    { count: "3" },
    { share: Number.NaN },
    { yes: "yes" },
    { pick: "c" },
    { picks: [] },
    { picks: ["a", "b"] },
    { picks: ["a", "a"] },
    { picks: "a" },
    { extra: 1 },
  ])("does not go when it does not fit: %j", (content) => {
    expect(() => check(content)).toThrow(/field/);
  });

  it("to fifty patterns that are just quick enough one by one does not hold the server", () => {
    const names = Array.from({ length: 50 }, (_, at) => `f${at}`);
    const many = formFields(form(Object.fromEntries(names.map((name) => [name, { type: "string", pattern: "^(?!a*a*b)a" }]))));
    const begun = computedMs();
    expect(() => checkedContent(many, Object.fromEntries(names.map((name) => [name, "a".repeat(3_500)])))).toThrow(
      "form that is asked for",
    );
    expect(computedMs() - begun).toBeLessThan(800);
  });

  it("that does not fit reaches the server as none", () => {
    const request = { kind: "form", message: "", fields } as const;
    expect(elicitAnswer(request, { kind: "input", action: "accept", content: { name: "x" } })).toEqual({ action: "cancel" });
    expect(elicitAnswer(request, { kind: "input", action: "accept", content: { name: "Ada" } })).toEqual({
      action: "accept",
      content: { name: "Ada" },
    });
    expect(elicitAnswer(request, { kind: "input", action: "decline", content: { name: "Ada" } })).toEqual({ action: "decline" });
    const polluted = JSON.parse('{"name":"Ada","__proto__":{"polluted":true}}') as never;
    expect(elicitAnswer(request, { kind: "input", action: "accept", content: polluted })).toEqual({ action: "cancel" });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("a page that a server wants opened", () => {
  const url = (address: unknown): unknown => readQuestion({ mode: "url", message: "Pay", url: address });

  it("is shown whole, as browsers write it", () => {
    expect(url("https://shop.example/pay?order=1#now")).toEqual({
      request: { kind: "url", message: "Pay", url: "https://shop.example/pay?order=1#now" },
    });
    expect(url("https://pаypal.example/")).toMatchObject({ request: { url: expect.stringContaining("https://xn--") as string } });
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,hi",
    "file:///etc/passwd",
    "//shop.example",
    "https://paypal.com@evil.example/",
    "https://a.example/\u202Egpj",
    "",
    undefined,
    `https://a.example/${"x".repeat(5_000)}`,
  ])("is refused as %j", (address) => {
    expect(url(address)).toHaveProperty("refused");
  });
});
