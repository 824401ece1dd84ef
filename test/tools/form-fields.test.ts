import { describe, expect, it } from "vitest";
import type { InputField } from "../../protocol/input-fields.ts";
import { checkedContent } from "../../server/tools/mcp/questions/answer-check.ts";
import { elicitAnswer, readQuestion } from "../../server/tools/mcp/questions/elicitation.ts";
import { formFields } from "../../server/tools/mcp/questions/form-fields.ts";
import { computedMs } from "../support/computed-ms.ts";

const form = (properties: Record<string, unknown>, required: readonly string[] = []): unknown => ({ type: "object", properties, required });
const one = (property: unknown, name = "field"): InputField | undefined => formFields(form({ [name]: property }))[0];

describe("the fields of a form", () => {
  it("are read from every kind of the restricted schema, of both eras", () => {
    const options = [
      { value: "r", title: "Red" },
      { value: "g", title: "Green" },
    ];
    const titled = options.map(({ value, title }) => ({ const: value, title }));
    expect(
      formFields(
        form(
          {
            name: { type: "string", title: "Name", description: "As on the parcel", minLength: 2, maxLength: 40, default: "Ada" },
            mail: { type: "string", format: "email" },
            site: { type: "string", format: "uri" },
            code: { type: "string", pattern: "^[A-Z]+$" },
            age: { type: "integer", minimum: 18, maximum: 99, default: 30 },
            weight: { type: "number" },
            gift: { type: "boolean", default: true },
            plain: { type: "string", enum: ["r", "g"], default: "r" },
            legacy: { type: "string", enum: ["r", "g"], enumNames: ["Red", "Green"] },
            titled: { type: "string", oneOf: titled },
            several: { type: "array", minItems: 1, maxItems: 2, items: { type: "string", enum: ["r", "g"] }, default: ["g"] },
            severalTitled: { type: "array", items: { anyOf: titled } },
          },
          ["name", "several"],
        ),
      ),
    ).toEqual([
      {
        kind: "text",
        name: "name",
        title: "Name",
        description: "As on the parcel",
        required: true,
        minLength: 2,
        maxLength: 40,
        default: "Ada",
      },
      { kind: "text", name: "mail", title: "mail", required: false, format: "email" },
      { kind: "text", name: "site", title: "site", required: false, format: "uri" },
      { kind: "text", name: "code", title: "code", required: false, pattern: "^[A-Z]+$" },
      { kind: "number", name: "age", title: "age", required: false, integer: true, minimum: 18, maximum: 99, default: 30 },
      { kind: "number", name: "weight", title: "weight", required: false, integer: false },
      { kind: "boolean", name: "gift", title: "gift", required: false, default: true },
      {
        kind: "choice",
        name: "plain",
        title: "plain",
        required: false,
        options: [
          { value: "r", title: "r" },
          { value: "g", title: "g" },
        ],
        default: "r",
      },
      { kind: "choice", name: "legacy", title: "legacy", required: false, options },
      { kind: "choice", name: "titled", title: "titled", required: false, options },
      {
        kind: "choices",
        name: "several",
        title: "several",
        required: true,
        options: [
          { value: "r", title: "r" },
          { value: "g", title: "g" },
        ],
        minItems: 1,
        maxItems: 2,
        default: ["g"],
      },
      { kind: "choices", name: "severalTitled", title: "severalTitled", required: false, options },
    ]);
  });

  it.each([
    ["an object", { type: "object", properties: {} }],
    ["a list of anything", { type: "array", items: { type: "object" } }],
    ["a reference", { $ref: "http://127.0.0.1:9/schema.json" }],
    ["no type", {}],
    ["null", null],
    ["a broken pattern", { type: "string", pattern: "((" }],
    ["a choice of nothing", { type: "string", enum: [] }],
    ["a bound that is no number", { type: "number", minimum: "1" }],
  ])("are refused with %s among them", (_, property) => {
    expect(() => one(property)).toThrow(/field "field"/);
  });

  it("are refused when there are too many, when one is required that is not there, and by names that would harm", () => {
    expect(() => formFields(form(Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`f${at}`, { type: "string" }]))))).toThrow("50");
    expect(() => formFields(form({}, ["gone"]))).toThrow("gone");
    expect(() => formFields(JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'))).toThrow("__proto__");
    expect(() => one({ type: "string" }, "a\u202Eb")).toThrow("cannot be called");
    for (const schema of [undefined, null, 3, [], { type: "array" }, { type: "object", properties: [] }])
      expect(() => formFields(schema)).toThrow("not that of a form");
  });

  it("are refused when they are large together, though each is allowed", () => {
    const choice = { type: "string", enum: Array.from({ length: 200 }, (_, at) => `A choice with a rather long name, number ${at}`) };
    expect(one(choice)).toMatchObject({ kind: "choice" });
    expect(() => formFields(form(Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`f${at}`, choice]))))).toThrow("64 kB");
    expect(() => one({ type: "string", enum: ["x".repeat(100_000)] })).toThrow("64 kB");
  });

  it("show nothing that cannot be seen", () => {
    expect(one({ type: "string", title: "Na\u200Bme\u0007", description: "a\u202Eb" })).toMatchObject({ title: "Name", description: "ab" });
    expect(one({ type: "string", title: "x".repeat(500) })?.title.length).toBeLessThanOrEqual(120);
  });
});

describe("what nobody should type into a server's form is refused", () => {
  it.each([
    "password",
    "userPassword",
    "user_passwd",
    "PASSCODE",
    "pin",
    "PIN code",
    "cardPIN",
    "Card number",
    "credit-card",
    "CVV",
    "cvc2",
    "client_secret",
    "accessToken",
    "API key",
    "apiKey",
    "privateKey",
    "security code",
    "one-time code",
    "Passwort",
    "mot de passe",
    "contraseña",
    "ｐａｓｓｗｏｒｄ",
    "Pаsswоrd",
    "Пароль",
    "お客様のパスワード",
    "密码",
    "비밀번호",
    "كلمة المرور",
    "Wachtwoord",
    "Mật khẩu",
    "Seed phrase",
    "SSN",
  ])("as a name or a title: %s", (words) => {
    expect(() => one({ type: "string" }, words)).toThrow("secret");
    expect(() => one({ type: "string", title: words })).toThrow("secret");
  });

  it.each([
    "opinion",
    "spinning wheel",
    "pinned",
    "keyboard",
    "Street",
    "name",
    "postcode",
    "secretary",
    "shipping",
    "discard",
    "passenger",
  ])("but not %s", (words) => {
    expect(one({ type: "string" }, words)).toBeDefined();
  });

  it("as a format, as what is only written, in the explanation, or in the question", () => {
    expect(() => one({ type: "string", format: "password" })).toThrow("secret");
    expect(() => one({ type: "string", writeOnly: true })).toThrow("secret");
    expect(() => one({ type: "string", description: "Please enter your account password." })).toThrow("secret");
    expect(one({ type: "string", description: "Do not enter your password or pin here." })).toBeDefined();
    const ask = (message: string): unknown => readQuestion({ message, requestedSchema: form({ value: { type: "string" } }) });
    expect(ask("Enter your card number to go on")).toHaveProperty("refused");
    expect(ask("Where should it be sent?")).toHaveProperty("request");
    for (const message of [
      "Frontdesk asks for your password",
      "Password required",
      "What is the card number?",
      "Ihr Kennwort bitte",
      "Введите пароль",
    ])
      expect(ask(message), message).toHaveProperty("refused");
    for (const message of ["Which card design?", "Was the password reset mail sent?", "A number to call you"])
      expect(ask(message), message).toHaveProperty("request");
  });

  it("unless nothing is typed", () => {
    expect(one({ type: "boolean" }, "rememberPassword")).toBeDefined();
    expect(one({ type: "string", enum: ["reset", "keep"] }, "password")).toBeDefined();
  });
});

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
