/** Whoever is at the end of the thread stays there, whatever a page does between two frames. */
import { ReadingPlace } from "../../../widget/elements/thread/reading-place.ts";

const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

async function reader() {
  const scroller = document.createElement("div");
  const content = document.createElement("div");
  scroller.style.cssText = "block-size: 200px; overflow-y: auto; overflow-anchor: none";
  content.style.blockSize = "1000px";
  scroller.append(content);
  document.body.append(scroller);
  const updateComplete = Promise.resolve(true);
  const host = { addController: () => {}, removeController: () => {}, requestUpdate: () => {}, updateComplete };
  const place = new ReadingPlace(host, () => {});
  place.watch(scroller, content);
  await frame();
  return { scroller, content, place, rest: () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop };
}

function expect(truth: boolean, what: string): void {
  if (!truth) throw new Error(what);
}

describe("the reading place", () => {
  afterEach(() => document.body.replaceChildren());

  it("stays at the end where what is drawn became shorter and longer before a frame came", async () => {
    const { scroller, content, place, rest } = await reader();
    expect(rest() === 0, "It does not begin at the end.");
    content.style.blockSize = "600px";
    // Whoever asks for a place has it laid out now.
    expect(scroller.scrollTop === 400, "The browser does not move what became too short.");
    content.style.blockSize = "1400px";
    await frame();
    await frame();
    expect(place.atEnd && rest() === 0, `It is ${rest()} px away from the end.`);
  });

  it("lets a person go, also while something is added", async () => {
    const { scroller, content, place, rest } = await reader();
    scroller.dispatchEvent(new WheelEvent("wheel", { deltaY: -300, bubbles: true }));
    scroller.scrollTop -= 300;
    content.style.blockSize = "1100px";
    await frame();
    await frame();
    expect(!place.atEnd && rest() === 400, `It is ${rest()} px away from the end.`);
  });

  it("lets go whatever else moves the thread upward while nothing is added, as a screen reader does", async () => {
    const { scroller, place, rest } = await reader();
    scroller.scrollTop -= 300;
    await frame();
    await frame();
    expect(!place.atEnd && rest() === 300, `It is ${rest()} px away from the end.`);
  });
});
