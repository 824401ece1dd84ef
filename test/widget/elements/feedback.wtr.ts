import "../../../widget/elements/feedback/feedback.ts";
import { german } from "../../../widget/words/german/words.ts";
import { textOf, turnOf } from "../../story-book/pieces.ts";
import { comes } from "./comes.ts";
import { contextOf, drawn, press, read } from "./drawn.ts";
import { same } from "./same.ts";

const turn = turnOf("Where is order 1042?", [textOf("On its way.")]);
const { turnId } = turn;

async function feedback(answer: () => Promise<unknown> = () => Promise.resolve({ seq: 9 }), more: object = {}) {
  const asked: unknown[] = [];
  const request = (name: string, frame: object) => (asked.push([name, frame]), answer());
  const element = await drawn("front-desk-feedback", { turn, context: contextOf({ request: request as never, ...more }) });
  return { element, asked };
}

const pressed = (element: Element) =>
  [...element.querySelectorAll(".thumb")].map((button) => [button.getAttribute("aria-label"), button.getAttribute("aria-pressed")]);

describe("the rating of an answer", () => {
  it("is given by one press and taken back by the next", async () => {
    const { element, asked } = await feedback();
    same(pressed(element), [
      ["Good answer", "false"],
      ["Bad answer", "false"],
    ]);
    press(element, "Bad answer");
    await element.updateComplete;
    same(pressed(element)[1], ["Bad answer", "true"]);
    press(element, "Bad answer");
    await element.updateComplete;
    same(pressed(element)[1], ["Bad answer", "false"]);
    same(asked, [
      ["feedback-give", { turnId, rating: "down" }],
      ["feedback-give", { turnId, rating: "none" }],
    ]);
  });

  it("may have a comment, by keyboard alone, and says thank you", async () => {
    const { element, asked } = await feedback();
    press(element, "Bad answer");
    await element.updateComplete;
    const field = element.querySelector("textarea")!;
    same(field.labels?.[0]?.textContent?.trim(), "What was wrong? (optional)");
    field.value = "  Too short.  ";
    element.querySelector("form")!.requestSubmit();
    await comes("thanks", () => read(element).includes("Thank you for your comment."));
    same(asked.at(-1), ["feedback-give", { turnId, rating: "down", comment: "Too short." }]);
    same(element.querySelector("form"), null);
    same(document.activeElement?.getAttribute("aria-label"), "Bad answer");
  });

  it("closes its field by Escape, and the panel does not hear of it", async () => {
    const { element } = await feedback();
    press(element, "Good answer");
    await element.updateComplete;
    let heard = 0;
    document.addEventListener("keydown", () => (heard += 1), { once: true });
    element.querySelector("textarea")!.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await element.updateComplete;
    same([element.querySelector("form"), heard], [null, 0]);
  });

  it("that could not be sent is as before, and says so", async () => {
    const { element } = await feedback(() => Promise.reject(new Error("lost")));
    press(element, "Good answer");
    await comes("the fault", () => read(element).includes("could not be sent"));
    same(pressed(element)[0], ["Good answer", "false"]);
  });

  it("is that of the journal, and speaks German", async () => {
    const { element } = await feedback(undefined, { words: german });
    Object.assign(element, { turn: { ...turn, rating: "up" } });
    await comes("German", () => element.querySelector(".thumb")?.getAttribute("aria-label") === "Gute Antwort");
    same(pressed(element)[0], ["Gute Antwort", "true"]);
  });
});
