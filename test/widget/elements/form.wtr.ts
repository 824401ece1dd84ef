import { parts } from "../../../widget/elements/cards/question/question-parts.ts";
import { readTyped, untouched } from "../../../widget/elements/cards/question/form-values.ts";
import type { InputField } from "../../../protocol/input-fields.ts";
import type { InputCard } from "../../../widget/thread/state.ts";
import { questionWords } from "../../../widget/words/question-words.ts";
import { english } from "../../../widget/words/english/words.ts";
import { askingOf, formOf, NOW } from "../../story-book/pieces.ts";
import { contextOf, drawn, press, read, wantedBy } from "./drawn.ts";
import { same } from "./same.ts";

let requests = 0;

/** A form of its own, so that no other test's typing stands in it. */
function draw(more: Partial<InputCard> = {}, context = contextOf()): ReturnType<typeof drawn> {
  const card = formOf({ requestId: `request-${(requests += 1)}`, ...more });
  return drawn("front-desk-form", { call: askingOf([card]), card, context });
}

async function change(form: Awaited<ReturnType<typeof draw>>, more: Partial<InputCard>): Promise<void> {
  const card = { ...(form as unknown as { card: InputCard }).card, ...more };
  Object.assign(form, { card, call: askingOf([card]) });
  await form.updateComplete;
}

/** What is filled in under this label. */
function field(form: Element, label: string): HTMLInputElement {
  const found = [...form.querySelectorAll("label")].find((one) => read(one).startsWith(label))?.control;
  if (found == null) throw new Error(`There is no field "${label}".`);
  return found as HTMLInputElement;
}

function type(form: Element, label: string, text: string): void {
  const input = field(form, label);
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function decided(wanted: readonly unknown[]): readonly unknown[] {
  return wanted.map((intent) => (intent as { decision: { frame: object } }).decision.frame);
}

const text = (more: object = {}): InputField => ({ kind: "text", name: "a", title: "A", required: true, ...more }) as InputField;
const number = (more: object = {}): InputField =>
  ({ kind: "number", name: "a", title: "A", required: true, integer: false, ...more }) as InputField;
const choices = (more: object = {}): InputField =>
  ({
    kind: "choices",
    name: "a",
    title: "A",
    required: true,
    options: ["x", "y", "z"].map((value) => ({ value, title: value })),
    ...more,
  }) as InputField;
const english_ = questionWords.in(english);

describe("a form that a server asks for", () => {
  it("names the server, shows its message as plain text, and labels and describes every field", async () => {
    const form = await draw({ message: "<b>Hello</b>\u202E" });
    same(read(form.querySelector(".title")!), "Workshop asks");
    same(form.querySelector(".said")?.textContent, "<b>Hello</b>⟨U+202E⟩");
    const email = field(form, "Email");
    same([email.type, email.getAttribute("aria-required")], ["email", "true"]);
    same(document.getElementById(email.getAttribute("aria-describedby")!)?.textContent, "We write when it is ready.");
    same(read(field(form, "Age").labels![0]!), "Age of the lamp in years optional");
    same(form.querySelector("fieldset legend")?.textContent?.trim(), "Colour");
    same(form.querySelectorAll('input[type="password"]').length, 0);
  });

  it("sends what was typed, ticked and chosen, and leaves out what was left empty", async () => {
    const form = await draw();
    type(form, "Your name", " Ada ");
    type(form, "Email", "ada@example.com");
    field(form, "Ash").click();
    const wanted = await wantedBy(form, () => press(form, "Submit"));
    const { requestId } = (form as unknown as { card: InputCard }).card;
    same(decided(wanted), [
      { requestId, action: "accept", content: { name: " Ada ", email: "ada@example.com", colour: "ash", warranty: false } },
    ]);
  });

  it("says at each field what is wrong, goes to the first, and takes it back with the first letter", async () => {
    const form = await draw();
    type(form, "Age", "twelve");
    same(await wantedBy(form, () => press(form, "Submit")), []);
    await form.updateComplete;
    await form.updateComplete;
    const name = field(form, "Your name");
    same(document.activeElement === name, true);
    same(name.getAttribute("aria-invalid"), "true");
    same(document.getElementById(name.getAttribute("aria-describedby")!)?.textContent, "Fill this in.");
    same(
      [...form.querySelectorAll(".danger")].map((fault) => fault.textContent),
      ["Fill this in.", "Fill this in.", "Enter a whole number."],
    );
    type(form, "Your name", "A");
    await form.updateComplete;
    same(name.getAttribute("aria-invalid"), "false");
    same(form.querySelectorAll(".danger").length, 2);
  });

  it("shows the server's own objection at the field that it names, else below", async () => {
    const form = await draw();
    type(form, "Your name", "Ada");
    field(form, "Your name").focus();
    await change(form, { error: { code: "unfit-answer", message: "Does not fit.", detail: '"Email" has to be an email address.' } });
    await form.updateComplete;
    const email = field(form, "Email");
    same(form.querySelector(".danger")?.textContent, "Has to be an email address.");
    same(email.getAttribute("aria-invalid"), "true");
    same(document.activeElement === email, true);
    const other = await draw({ error: { code: "unfit-answer", message: "Does not fit.", detail: '"x" is not asked for.' } });
    same(read(other.querySelector(".danger")!), 'Does not fit. "x" is not asked for.');
  });

  it("does not take the focus for an objection from whoever went on elsewhere", async () => {
    const form = await draw();
    const elsewhere = document.createElement("input");
    document.body.append(elsewhere);
    elsewhere.focus();
    await change(form, { error: { code: "unfit-answer", message: "", detail: '"Email" has to be an email address.' } });
    await form.updateComplete;
    same(document.activeElement === elsewhere, true);
  });

  it("keeps what was typed when it is drawn again, also by a new element", async () => {
    const form = await draw();
    type(form, "Your name", "Ada");
    field(form, "Ash").click();
    await change(form, { deciding: "accept" });
    same([field(form, "Your name").value, field(form, "Ash").checked], ["Ada", true]);
    const { card } = form as unknown as { card: InputCard };
    const anew = await drawn("front-desk-form", { call: askingOf([card]), card, context: contextOf() });
    same([field(anew, "Your name").value, field(anew, "Ash").checked, field(anew, "Oak").checked], ["Ada", true, false]);
  });

  it("shows another question's defaults, not what was typed before", async () => {
    const form = await draw();
    type(form, "Your name", "Ada");
    await change(form, { requestId: `request-${(requests += 1)}` });
    same(field(form, "Your name").value, "");
  });

  it("can be declined and cancelled, and is not answered twice", async () => {
    const form = await draw();
    const { requestId } = (form as unknown as { card: InputCard }).card;
    same(decided(await wantedBy(form, () => press(form, "Decline"))), [{ requestId, action: "decline" }]);
    same(decided(await wantedBy(form, () => press(form, "Cancel"))), [{ requestId, action: "cancel" }]);
    await change(form, { deciding: "decline" });
    same(await wantedBy(form, () => (press(form, "Cancel"), press(form, "Submit"))), []);
  });

  it("says that its time is over, and what became of it", async () => {
    const late = await draw({ expiresAt: NOW - 1 });
    same([late.querySelectorAll("button").length, late.querySelector(".time")?.textContent], [0, "The time to answer is over."]);
    const done = await draw({ status: "accept", by: { kind: "customer", id: "c" }, decidedAt: NOW });
    same(read(done).startsWith("Form from Workshop · Answered by you at "), true);
    const gone = await draw({ status: "withdrawn", by: { kind: "system", id: "s" } });
    same(read(gone), "Form from Workshop · No longer needed.");
  });

  it("puts the focus on the line that tells of the answer", async () => {
    const form = await draw();
    form.querySelector<HTMLElement>("[part=decline]")!.focus();
    await change(form, { status: "decline", by: { kind: "customer", id: "c" }, decidedAt: NOW });
    same(document.activeElement?.className, "decided");
  });

  it("is over when its call is, whatever the journal lacks", async () => {
    const card = formOf();
    const form = await drawn("front-desk-form", { call: askingOf([card], { status: "ended" }), card, context: contextOf() });
    same(form.querySelectorAll("form").length, 0);
  });

  it("is told to those who listen", () => {
    same(parts.announce(formOf(), askingOf([]), contextOf()), "Workshop asks: Tell us about the lamp, so that we can repair it.");
  });
});

describe("what is typed into a form", () => {
  const valueOf = (asked: InputField, typed: Parameters<typeof readTyped>[1]): unknown => {
    const { value, fault } = readTyped(asked, typed, english_);
    return fault ?? value;
  };

  it("becomes what the server asked for", () => {
    same(valueOf(number(), " 1,5 "), 1.5);
    same(valueOf(number({ integer: true }), "-3"), -3);
    same(valueOf(text({ format: "uri" }), " https://a.example "), "https://a.example");
    same(valueOf(text({ format: "date-time" }), "2026-03-14T10:30"), new Date(2026, 2, 14, 10, 30).toISOString());
    same(valueOf(choices(), ["x", "z"]), ["x", "z"]);
    same(valueOf(text({ required: false }), "  "), undefined);
    same(valueOf(choices({ required: false, minItems: 2 }), []), undefined);
  });

  it("is refused with what to do", () => {
    same(valueOf(number(), "1.000,5"), "Enter a number.");
    same(valueOf(number({ integer: true }), "1.5"), "Enter a whole number.");
    same(valueOf(number({ minimum: 2 }), "1"), "Enter 2 or more.");
    same(valueOf(number({ maximum: 2 }), "3"), "Enter 2 or less.");
    same(valueOf(text({ minLength: 2 }), "😀"), "Enter at least 2 characters.");
    same(valueOf(text({ maxLength: 2 }), "abc"), "Enter at most 2 characters.");
    same(valueOf(text({ format: "email" }), "ada@example"), "Enter an email address, such as name@example.com.");
    same(valueOf(text({ format: "uri" }), "example.com"), "Enter a whole address, such as https://example.com.");
    same(valueOf(choices(), []), "Choose at least 1.");
    same(valueOf(choices({ maxItems: 1 }), ["x", "y"]), "Choose at most 1.");
  });

  it("starts from the server's defaults", () => {
    same(untouched(number({ default: 24.5 })), "24.5");
    same(untouched(choices({ default: ["y"] })), ["y"]);
    const moment = String(untouched(text({ format: "date-time", default: "2026-03-14T10:30:00Z" })));
    same(new Date(moment).toISOString(), "2026-03-14T10:30:00.000Z");
    same(untouched(text({ format: "date-time", default: "soon" })), "");
  });

  it("is not held up by a server's pattern", () => {
    same(valueOf(text({ pattern: "^(a+)+$" }), `${"a".repeat(40)}!`), `${"a".repeat(40)}!`);
  });
});
