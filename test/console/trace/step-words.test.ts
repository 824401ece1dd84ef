/** How the trace names a step to people, in a page of each language. */
import { afterEach, expect, test, vi } from "vitest";
import { numbered, REFUND_STORY } from "./journal.ts";

const story = numbered(REFUND_STORY);

afterEach(() => vi.unstubAllGlobals());

async function said(lang: string, events: typeof story = story) {
  vi.stubGlobal("document", { documentElement: { lang } });
  vi.resetModules();
  const { stepsOf } = await import("../../../console/screens/inbox/conversation/trace/steps-of.ts");
  const { stepAbout, stepKind } = await import("../../../console/screens/inbox/conversation/trace/step-name.ts");
  const { outcomeText } = await import("../../../console/screens/inbox/conversation/trace/trace-words.ts");
  const steps = stepsOf(events);
  return (kind: string, name = "") => {
    const step = steps.find((one) => one.kind === kind && one.name.startsWith(name))!;
    return [stepKind(step), stepAbout(step), outcomeText(step.outcome)];
  };
}

test("who settled a call, as what, and the note are said; the call says that it was settled later", async () => {
  const english = await said("en");
  expect(english("settled")).toEqual(["Settled as done by Ada", "Refund an order: Seen in the bank's list.", ""]);
  expect(english("call", "Refund")[2]).toBe("outcome unknown, settled later");
  const left = story.map((event) => (event.type === "tool-call-settled" ? { ...event, outcome: "unknown" as const } : event));
  const noted = await said("en", left);
  expect(noted("settled")[0]).toBe("Left unknown by Ada");
  expect(noted("call", "Refund")[2]).toBe("outcome unknown");
  expect((await said("de"))("settled")[0]).toBe("Als geschehen geklärt von Ada");
});

test("an approval says that the values were changed", async () => {
  expect((await said("en"))("approval")[2]).toBe("approved with changes");
});

test("a rating is good or bad, with its comment", async () => {
  expect((await said("en"))("feedback").slice(0, 2)).toEqual(["Rating", "Bad: Slow"]);
  expect((await said("de"))("feedback").slice(0, 2)).toEqual(["Bewertung", "Schlecht: Slow"]);
});
