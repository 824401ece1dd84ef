import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CallState } from "../../../widget/call/call-state.ts";
import { asked, openPage, openShelf, showStory, type Shelf } from "./front-desk-page.ts";

let shelf: Shelf;
let page: Page;
beforeAll(async () => {
  shelf = await openShelf();
});
afterAll(() => shelf.close());
beforeEach(async () => {
  ({ page } = await openPage(shelf));
  return () => page.context().close();
});

/** The accessible name of what has the focus, at any depth. */
function focused(): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.ariaLabel ?? element?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  });
}

const button = (name: string) => page.getByRole("button", { name, exact: true });
const bar = () => page.getByRole("region", { name: "Voice call" });
const calls = (): Promise<readonly unknown[]> => page.evaluate(() => book.VoiceCall.asked.map((one) => [...one]));
/** What happens to the call. */
const happens = (change: Partial<CallState>): Promise<void> =>
  page.evaluate(async (what) => {
    book.VoiceCall.last?.set(what);
    await book.settled();
  }, change);

describe("calling", () => {
  test("is offered where the assistant can be called, and nowhere else", async () => {
    await showStory(page, "greeting with starters");
    expect(await button("Start call").count()).toBe(0);
    await showStory(page, "may call");
    expect(await button("Start call").count()).toBe(1);
  });

  test("begins with a press, which moves the focus to End call; hanging up gives it back", async () => {
    await showStory(page, "may call");
    await button("Start call").focus();
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("End call");
    expect(await button("Start call").count()).toBe(0);
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("Start call");
    expect(await bar().count()).toBe(0);
    expect(await calls()).toEqual([["hangUp"]]);
  });

  test("puts the focus on what the customer is asked", async () => {
    await showStory(page, "call to be recorded");
    await expect.poll(focused).toBe("Start call");
    expect(await bar().getByText("This call is recorded.").count()).toBe(1);
  });

  test("says why it is over, and keeps the focus in the bar until it is put away", async () => {
    await showStory(page, "call listens");
    await happens({ status: "over", end: "limit" });
    await expect.poll(focused).toBe("Call again");
    expect(await bar().getByRole("status").textContent()).toContain("as long as a call may be");
    await button("Close").click();
    await expect.poll(focused).toBe("Start call");
  });

  test("leaves the keyboard to whoever writes meanwhile", async () => {
    await showStory(page, "call listens");
    const field = page.getByRole("textbox", { name: "Message", exact: true });
    await field.click();
    await field.pressSequentially("my order is 10");
    await happens({ phase: "speaking", isAudible: true, assistantCaption: "One moment, please." });
    await happens({ customerCaption: "and another thing", status: "lost" });
    await happens({ status: "on", isAudible: false });
    await page.keyboard.type("42");
    expect(await field.inputValue()).toBe("my order is 1042");
    expect(await focused()).toBe("Message");
    expect(await bar().getByText("One moment, please.").count()).toBe(1);
    await page.keyboard.press("Enter");
    expect(await asked(page)).toContainEqual(["send", "my order is 1042"]);
    expect(await bar().count()).toBe(1);
  });

  test("shows all of its settings on a low screen, however much is said", async () => {
    await page.setViewportSize({ width: 667, height: 375 });
    await showStory(page, "call settings");
    const tops = (): Promise<readonly number[]> =>
      page.evaluate(() =>
        [".panel", ".call-menu"].map(
          (part) => document.querySelector("front-desk")!.shadowRoot!.querySelector(part)!.getBoundingClientRect().top,
        ),
      );
    for (const words of ["", "and then I told them that it broke ".repeat(9)]) {
      await happens({ customerCaption: words, assistantCaption: words });
      const [panel = 0, menu = 0] = await tops();
      expect(menu).toBeGreaterThan(panel);
      await page.getByText("Push to talk", { exact: true }).click();
      await page.getByText("Hands-free", { exact: true }).click();
      await page.getByRole("slider").press("Home");
    }
    expect(await calls()).toContainEqual(["choose", { volume: 0 }]);
  });

  test("shows Stop while the assistant is audible, which makes it silent", async () => {
    await showStory(page, "call speaks");
    await button("Stop").click();
    expect(await calls()).toContainEqual(["hush"]);
    await happens({ isAudible: false });
    expect(await button("Stop").count()).toBe(0);
  });
});

describe("the panel is closed in a call", () => {
  test("which goes on, and the launcher says so", async () => {
    await showStory(page, "call listens");
    await page.keyboard.press("Escape");
    const launcher = button("Open chat. You are in a call");
    await launcher.waitFor();
    expect(await calls()).toEqual([]);
    await launcher.click();
    await expect.poll(() => bar().isVisible()).toBe(true);
    await happens({ status: "over", end: "idle" });
    await page.keyboard.press("Escape");
    await button("Open chat").waitFor();
  });

  test("and while it was only about to be, it does not", async () => {
    await showStory(page, "call to be recorded");
    await page.keyboard.press("Escape");
    await button("Open chat").waitFor();
  });
});

describe("a conversation that is left", () => {
  test("takes its call with it, and asks before", async () => {
    await showStory(page, "call listens");
    await button("New conversation").click();
    await expect.poll(focused).toBe("Keep this one");
    expect(await page.getByRole("alertdialog").textContent()).toContain("Your call will end.");
    expect(await calls()).toEqual([]);
    await button("Start new").click();
    expect(await calls()).toEqual([["hangUp"]]);
    expect(await asked(page)).toContainEqual(["newConversation"]);
    expect(await bar().count()).toBe(0);
  });

  test("by signing out, too", async () => {
    await showStory(page, "call listens");
    await page.evaluate(() => {
      document.querySelector("front-desk")!.logout();
    });
    expect(await calls()).toEqual([["hangUp"]]);
  });

  test("by a page that takes the chat away, after it had time to put it back", async () => {
    await page.clock.install();
    await showStory(page, "may call");
    await button("Start call").click();
    await bar().waitFor();
    // From now on it is the test's time alone.
    await page.clock.pauseAt(Date.now() + 60_000);
    await page.evaluate(() => {
      const element = document.querySelector("front-desk")!;
      element.remove();
      document.body.append(element);
    });
    await page.clock.runFor(10_000);
    expect(await calls()).toEqual([]);
    await page.evaluate(() => document.querySelector("front-desk")!.remove());
    await page.clock.runFor(1_900);
    expect(await calls()).toEqual([]);
    await page.clock.runFor(200);
    expect(await calls()).toEqual([["hangUp"]]);
  });
});

describe("a screen reader", () => {
  /** Shows the story; what is announced from now on is kept. */
  async function listen(): Promise<void> {
    await showStory(page, "call listens");
    await page.evaluate(() => {
      const status = document.querySelector("front-desk")!.shadowRoot!.querySelector(".corner > [role=status]")!;
      const said = ((globalThis as { said?: string[] }).said = [] as string[]);
      new MutationObserver(() => said.push(status.textContent.trim())).observe(status, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
  }
  const said = (): Promise<readonly string[]> => page.evaluate(() => (globalThis as { said?: string[] }).said ?? []);
  const answers = (text: string): Promise<void> =>
    page.evaluate(async (words) => {
      const { threadOf, turnOf, textOf } = book.pieces;
      const stage = book.stageOf(document.querySelector("front-desk")!);
      const turn = turnOf(words, [textOf(words)]);
      stage.state = { ...threadOf({ turns: [turn] }), assistant: stage.state.assistant! };
      stage.tell({ kind: "answer", turn });
      await book.settled();
    }, text);

  test.each([
    ["the voice does not work, whatever else is wrong", { fault: "silent", isSpoken: false }],
    ["its volume is down", { choices: { mode: "hands-free", microphoneId: "", loudspeakerId: "", volume: 0 } }],
    ["the connection is lost", { status: "lost" }],
  ] as const)("does not say what is heard anyway, and does where %s", async (_, change) => {
    await listen();
    await answers("It is **blue**.");
    await happens(change);
    await answers("It is **red**.");
    // One after the other: what was to be said before would have been said by now.
    await expect.poll(said).toEqual(["It is red."]);
  });
});
