import "../../../widget/elements/call/talk-button.ts";
import { englishVoice } from "../../../widget/words/english/voice.ts";
import { drawn, read } from "./drawn.ts";
import { same } from "./same.ts";

/** A button that is held as it says, and what it said, in order. */
async function draw(more: object = {}) {
  const said: boolean[] = [];
  const element = await drawn("front-desk-talk", { words: englishVoice, isHeld: false, isDisabled: false, talk: () => {}, ...more });
  Object.assign(element, {
    talk: (isHeld: boolean) => {
      said.push(isHeld);
      Object.assign(element, { isHeld });
    },
  });
  await element.updateComplete;
  const button = element.querySelector("button")!;
  // A pointer that is made by hand cannot be captured.
  button.setPointerCapture = () => {};
  const at = (event: Event, timeStamp: number): Event => Object.defineProperty(event, "timeStamp", { value: timeStamp });
  const pointer = (type: string, ms: number): unknown =>
    button.dispatchEvent(at(new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1 }), ms));
  const key = (type: string, name: string, ms: number, repeat = false): unknown =>
    button.dispatchEvent(at(new KeyboardEvent(type, { key: name, repeat, bubbles: true, cancelable: true }), ms));
  return { element, button, said, pointer, key };
}

describe("push-to-talk", () => {
  it("lasts as long as it is held by a finger", async () => {
    const { button, element, said, pointer } = await draw();
    same([read(button), button.ariaPressed], ["Hold to talk", "false"]);
    pointer("pointerdown", 0);
    await element.updateComplete;
    same([said, read(button), button.ariaPressed], [[true], "Release to send", "true"]);
    pointer("pointerup", 2_000);
    button.click();
    same(said, [true, false]);
  });

  for (const name of [" ", "Enter"]) {
    it(`lasts as long as "${name}" is held, however often it repeats`, async () => {
      const { said, key } = await draw();
      key("keydown", name, 0);
      key("keydown", name, 500, true);
      key("keydown", name, 530, true);
      key("keyup", name, 2_000);
      same(said, [true, false]);
    });
  }

  it("is kept by a tap until the next one, for who cannot hold", async () => {
    const { element, button, said, pointer } = await draw();
    pointer("pointerdown", 0);
    pointer("pointerup", 120);
    button.click();
    await element.updateComplete;
    same([said, read(button)], [[true], "Tap to send"]);
    pointer("pointerdown", 5_000);
    pointer("pointerup", 5_100);
    button.click();
    same(said, [true, false]);
  });

  it("is kept by a short press of a key, too", async () => {
    const { said, key } = await draw();
    key("keydown", " ", 0);
    key("keyup", " ", 100);
    key("keydown", " ", 4_000);
    key("keyup", " ", 4_100);
    same(said, [true, false]);
  });

  it("is kept by the click of a screen reader", async () => {
    const { element, button, said } = await draw();
    button.click();
    await element.updateComplete;
    same(read(button), "Tap to send");
    button.click();
    await element.updateComplete;
    same([said, read(button)], [[true, false], "Hold to talk"]);
  });

  it("ends when the finger is lost, when the focus goes and when the button does", async () => {
    const { element, said, pointer, key, button } = await draw();
    pointer("pointerdown", 0);
    pointer("pointercancel", 1_000);
    key("keydown", " ", 2_000);
    button.dispatchEvent(new FocusEvent("blur"));
    button.click();
    pointer("pointerdown", 4_000);
    element.remove();
    same(said, [true, false, true, false, true, false]);
  });

  it("says nothing before the call is on, and nothing by the other button of a mouse", async () => {
    const { button, said, pointer } = await draw({ isDisabled: true });
    pointer("pointerdown", 0);
    pointer("pointerup", 1_000);
    button.click();
    button.click();
    same(said, []);
    const other = await draw();
    other.button.dispatchEvent(new PointerEvent("pointerdown", { button: 2 }));
    same(other.said, []);
  });
});
