import { describe, expect, it } from "vitest";
import type { InputField } from "../../../../protocol/input-fields.ts";
import { readQuestion } from "../../../../server/tools/mcp/questions/elicitation.ts";
import { formFields } from "../../../../server/tools/mcp/questions/form-fields.ts";

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
