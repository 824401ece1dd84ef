import "../../../widget/elements/panel/composer.ts";
import { english } from "../../../widget/words/english/words.ts";
import { drawn, press, read, wantedBy } from "./drawn.ts";
import { same } from "./same.ts";

const draw = (more: object = {}) =>
  drawn("front-desk-composer", { words: english, isRunning: false, isStopping: false, isDisabled: false, limit: 40, ...more });

function write(composer: Element, text: string): void {
  const field = composer.querySelector("textarea")!;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

describe("the composer", () => {
  it("sends trimmed text and is empty again", async () => {
    const composer = await draw();
    write(composer, "  Hello \n");
    await composer.updateComplete;
    same(await wantedBy(composer, () => press(composer, "Send")), [
      { kind: "send", text: "Hello" },
      { kind: "draft", text: "" },
    ]);
    same(composer.querySelector("textarea")!.value, "");
  });

  it("says what is written and not sent, and takes up what an earlier page left, unless something is there", async () => {
    const composer = await draw({ draft: "Is the teapot" });
    const field = composer.querySelector("textarea")!;
    same(field.value, "Is the teapot");
    same(composer.querySelector<HTMLButtonElement>("[part=send]")!.disabled, false);
    same(await wantedBy(composer, () => write(composer, "Is the pot")), [{ kind: "draft", text: "Is the pot" }]);
    Object.assign(composer, { draft: "Something else" });
    await composer.updateComplete;
    same(field.value, "Is the pot");
  });

  it("sends no white space", async () => {
    const composer = await draw();
    write(composer, " \n ");
    await composer.updateComplete;
    same(composer.querySelector<HTMLButtonElement>("[part=send]")!.disabled, true);
    const enter = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
    same(await wantedBy(composer, () => composer.querySelector("textarea")!.dispatchEvent(enter)), []);
  });

  it("speaks of the limit when it is near, and keeps a text that is too long", async () => {
    const composer = await draw();
    write(composer, "x".repeat(20));
    await composer.updateComplete;
    same(read(composer), "");
    write(composer, "x".repeat(38));
    await composer.updateComplete;
    same(read(composer), "2 characters left");
    write(composer, "x".repeat(41));
    await composer.updateComplete;
    same(read(composer), "1 character over the limit of 40");
    same(composer.querySelector<HTMLButtonElement>("[part=send]")!.disabled, true);
    same(composer.querySelector("textarea")!.ariaInvalid, "true");
  });

  it("writes long numbers as people do", async () => {
    const composer = await draw({ limit: 8000 });
    write(composer, "x".repeat(20_000));
    await composer.updateComplete;
    same(read(composer), "12,000 characters over the limit of 8,000");
  });

  it("grows to six lines and no further", async () => {
    const composer = await draw();
    const field = composer.querySelector("textarea")!;
    field.style.setProperty("max-block-size", "calc(6lh + 14px)");
    field.style.setProperty("field-sizing", "content");
    write(composer, "1\n2\n3");
    const three = field.clientHeight;
    write(composer, "1\n2\n3\n4\n5\n6\n7\n8\n9");
    same(field.clientHeight > three, true);
    const many = field.clientHeight;
    write(composer, "1\n".repeat(30));
    same(field.clientHeight, many);
  });

  it("is seen to be out of use where the server refuses the page, and says why by the notice", async () => {
    const composer = await draw({ isDisabled: true });
    const field = composer.querySelector("textarea")!;
    same([field.disabled, field.getAttribute("aria-describedby")], [true, "notice"]);
    same((await draw()).querySelector("textarea")!.hasAttribute("aria-describedby"), false);
  });

  it("stops once", async () => {
    const composer = await draw({ isRunning: true });
    same(await wantedBy(composer, () => press(composer, "Stop")), [{ kind: "stop" }]);
    const stopping = await draw({ isRunning: true, isStopping: true });
    same(await wantedBy(stopping, () => press(stopping, "Stop")), []);
  });
});
