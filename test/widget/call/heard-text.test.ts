import { describe, expect, test } from "vitest";
import type { SpeechCut } from "../../../widget/thread/state.ts";
import { drawnLetters, heardLength, lastWords } from "../../../widget/elements/call/heard-text.ts";

const cut = (text: string, unheard: string): SpeechCut => ({
  type: "speech-cut",
  seq: 1,
  at: 1,
  voiceCallId: "v",
  kind: "answer",
  turnId: "t",
  step: 0,
  text,
  unheard,
  cutBy: "speech",
});

describe("how much of an answer was heard", () => {
  test.each([
    ["the whole of it before the rest", "One two. Three.", cut("One two.", " Three."), "One two."],
    ["nothing", "One two.", cut("", "One two."), ""],
    ["all but a space", "One two. ", cut("One two.", " "), "One two."],
    ["from a place in its middle, where it went on after a cut", "One. Two. Three.", cut("Two.", " Three."), "One. Two."],
    ["of a text that was written on afterwards", "One two. Three. Four.", cut("One two.", " Three."), "One two."],
    ["of words that come twice", "Yes. No. Yes. Maybe.", cut("Yes.", " No. Yes. Maybe."), "Yes."],
    ["of a text with a space before it", " Yes. No.", cut(" Yes.", " No."), "Yes."],
    ["of a text that is another by now", "Sorry.", cut("One", " two"), ""],
  ])("%s", (_, written, event, heard) => {
    expect(written.slice(0, heardLength(written, event)).trim()).toBe(heard);
  });
});

test("the last words are named as they are read", () => {
  expect(lastWords("Order **1042** left our _workshop_ on Tuesday.")).toBe("left our workshop on Tuesday");
  expect(lastWords("See [your orders](https://shop.example/a_b)")).toBe("See your orders");
  expect(lastWords("1. Pack it\n2. Send")).toBe("Pack it Send");
  expect(lastWords("  ")).toBeUndefined();
});

test("letters are counted as they are drawn", () => {
  expect(drawnLetters("See [your orders](https://shop.example/orders)")).toBe("Seeyourorders".length);
  expect(drawnLetters("See [your orders](https://shop.exa")).toBe("Seeyourorders".length);
  expect(drawnLetters("1. Pack\n2. Send\n\n- [x] Done")).toBe("PackSendDone".length);
  expect(drawnLetters("```sh\nnpm start\n```")).toBe("npmstart".length);
  expect(drawnLetters("الطلب **1042**")).toBe("الطلب1042".length);
});
