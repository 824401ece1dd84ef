import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asked, openPage, openShelf, showStory, type Shelf } from "./front-desk-page.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
});
afterAll(() => shelf.close());

/** The accessible name of what has the focus, at any depth. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.ariaLabel ?? element?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  });
}

async function withPage(run: (page: Page) => Promise<void>, options: Parameters<typeof openPage>[1] = {}): Promise<void> {
  const { page } = await openPage(shelf, options);
  try {
    await run(page);
  } finally {
    await page.context().close();
  }
}

describe("by keyboard alone", () => {
  test("the launcher opens the panel and puts the cursor into Message; Escape goes back", () =>
    withPage(async (page) => {
      await showStory(page, "closed");
      await page.keyboard.press("Tab");
      expect(await focused(page)).toBe("Open chat");
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "Anna" }).waitFor();
      await expect.poll(() => focused(page)).toBe("Message");
      await page.keyboard.press("Escape");
      await expect.poll(() => focused(page)).toBe("Open chat");
      expect(await page.getByRole("dialog").count()).toBe(0);
    }));

  test("Enter sends, Shift+Enter begins a new line, an input method keeps its Enter", () =>
    withPage(async (page) => {
      await showStory(page, "greeting with starters");
      const field = page.getByRole("textbox", { name: "Message", exact: true });
      await field.pressSequentially("one");
      await page.keyboard.press("Shift+Enter");
      await field.pressSequentially("two");
      await field.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true });
      await field.dispatchEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true });
      expect(await field.inputValue()).toBe("one\ntwo");
      await page.keyboard.press("Enter");
      expect(await asked(page)).toContainEqual(["send", "one\ntwo"]);
      expect(await field.inputValue()).toBe("");
    }));

  test("a card is reached, given a reason and rejected", () =>
    withPage(async (page) => {
      await showStory(page, "approval");
      for (let presses = 0; (await focused(page)) !== "Reason (optional)"; presses += 1) {
        if (presses > 12) throw new Error("Shift+Tab never reached the reason.");
        await page.keyboard.press("Shift+Tab");
      }
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.type("I want a new shade");
      await page.keyboard.press("Tab");
      expect(await focused(page)).toBe("Reject");
      await page.keyboard.press("Enter");
      expect(await asked(page)).toContainEqual([
        "approval-decide",
        { approvalId: "approval-1", argumentsHash: "hash", decision: "rejected", scope: "once", reason: "I want a new shade" },
      ]);
    }));

  test("after a decision the focus stands on the line that tells of it", () =>
    withPage(async (page) => {
      await showStory(page, "approval");
      await page.getByRole("button", { name: "Approve", exact: true }).focus();
      await page.evaluate(async () => {
        const stage = book.stageOf(document.querySelector("front-desk")!);
        stage.state = {
          ...stage.state,
          turns: stage.state.turns.map((turn) => ({
            ...turn,
            parts: turn.parts.map((part) =>
              part.kind === "call" && part.cards.length > 0
                ? {
                    ...part,
                    cards: part.cards.map(
                      (card) =>
                        ({ ...card, status: "approved", by: { kind: "customer", id: "c" }, decidedAt: book.pieces.NOW }) as typeof card,
                    ),
                  }
                : part,
            ),
          })),
        };
        await book.settled();
      });
      expect(await focused(page)).toContain("Approved by you at");
    }));

  test("Escape in the menu closes only the menu", () =>
    withPage(async (page) => {
      await showStory(page, "menu open");
      await page.getByRole("radio", { name: "Light" }).focus();
      await page.keyboard.press("Escape");
      await expect.poll(() => page.getByRole("radio").count()).toBe(0);
      expect(await focused(page)).toBe("Menu");
      expect(await page.getByRole("dialog").count()).toBe(1);
    }));

  test("a person is offered in the menu where there are people, and not while one answers", () =>
    withPage(async (page) => {
      await showStory(page, "menu open");
      const isOffered = (by?: { kind: "staff"; id: string }) =>
        page.evaluate(async (person) => {
          const stage = book.stageOf(document.querySelector("front-desk")!);
          stage.state = { ...stage.state, person, assistant: { ...stage.state.assistant!, people: { takeContact: false } } };
          await book.settled();
          return document.querySelector("front-desk")!.shadowRoot!.querySelector(".menu")!.textContent.includes("Talk to a person");
        }, by);
      expect([await isOffered(), await isOffered({ kind: "staff", id: "olive" }), await isOffered()]).toEqual([true, false, true]);
    }));

  test("on a phone the focus stays in the panel", () =>
    withPage(
      async (page) => {
        await showStory(page, "answered");
        const names = new Set<string>();
        for (let presses = 0; presses < 24; presses += 1) {
          await page.keyboard.press("Tab");
          names.add(await focused(page));
        }
        expect([...names]).toContain("Message");
        expect([...names]).toContain("Close chat");
        expect(await page.evaluate(() => document.activeElement?.localName)).toBe("front-desk");
      },
      { viewport: { width: 375, height: 667 } },
    ));
});

describe("New conversation", () => {
  test("asks first while a card waits; staying loses nothing, and the focus comes back", () =>
    withPage(async (page) => {
      await showStory(page, "approval");
      const begin = page.getByRole("button", { name: "New conversation", exact: true });
      await begin.click();
      await page.getByText("The open request will expire.").waitFor();
      await expect.poll(() => focused(page)).toBe("Keep this one");
      await page.keyboard.press("Escape");
      expect(await page.getByRole("alertdialog").count()).toBe(0);
      expect(await page.getByRole("dialog").count()).toBe(1);
      expect(await focused(page)).toBe("New conversation");
      await begin.click();
      await page.getByRole("button", { name: "Keep this one" }).click();
      expect(await asked(page)).not.toContainEqual(["newConversation"]);
      await begin.click();
      await page.getByRole("button", { name: "Start new" }).click();
      expect(await asked(page)).toContainEqual(["newConversation"]);
      expect(await page.getByRole("alertdialog").count()).toBe(0);
    }));

  test("asks while an answer is written", () =>
    withPage(async (page) => {
      await showStory(page, "streaming");
      await page.getByRole("button", { name: "New conversation", exact: true }).click();
      await page.getByRole("alertdialog", { name: "Start a new conversation?" }).waitFor();
      expect(await asked(page)).not.toContainEqual(["newConversation"]);
    }));
});

test("a card that waits can be stopped, and a message behind it says what it waits for", () =>
  withPage(async (page) => {
    await showStory(page, "queued behind a card");
    await page.getByText("Will be answered after the decision above").waitFor();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    expect(await asked(page)).toContainEqual(["stop"]);
    await showStory(page, "queued");
    await page.getByText("Next in line").waitFor();
  }));

test("an attribute that means nothing is told to the developer, once", () =>
  withPage(async (page) => {
    const warnings: string[] = [];
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    await showStory(page, "answered", { theme: "drak", accent: "bleu", position: "left" });
    await expect
      .poll(() => warnings)
      .toEqual([
        'Frontdesk: theme="drak" is none of system light dark.',
        'Frontdesk: position="left" is none of end start.',
        'Frontdesk: accent="bleu" is no colour.',
      ]);
  }));

describe("names that people and tests rely on", () => {
  test("launcher, field, buttons, log and sources", () =>
    withPage(async (page) => {
      await showStory(page, "closed");
      await page.getByRole("button", { name: "Open chat", exact: true }).click();
      await page.getByRole("button", { name: "Close chat", exact: true }).waitFor();
      await page.getByRole("textbox", { name: "Message", exact: true }).fill("Hello");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      expect(await asked(page)).toContainEqual(["send", "Hello"]);
      await page.getByRole("button", { name: "New conversation", exact: true }).click();
      expect(await asked(page)).toContainEqual(["newConversation"]);
      await page.getByRole("log").waitFor();

      await showStory(page, "streaming");
      await page.getByRole("button", { name: "Stop", exact: true }).click();
      expect(await asked(page)).toContainEqual(["stop"]);

      await showStory(page, "approval with memory");
      await page.getByRole("button", { name: "Approve for this conversation", exact: true }).click();
      await page.getByRole("button", { name: "Approve", exact: true }).click();
      await page.getByRole("button", { name: "Reject", exact: true }).click();
      const same = { approvalId: "approval-1", argumentsHash: "hash" };
      expect((await asked(page)).filter(([method]) => method === "approval-decide")).toEqual([
        ["approval-decide", { ...same, decision: "approved", scope: "conversation" }],
        ["approval-decide", { ...same, decision: "approved", scope: "once" }],
        ["approval-decide", { ...same, decision: "rejected", scope: "once" }],
      ]);

      await showStory(page, "answered");
      const sources = page.getByRole("button", { name: /^Sources/ });
      expect(await sources.getAttribute("aria-expanded")).toBe("false");
      await sources.click();
      expect(await sources.getAttribute("aria-expanded")).toBe("true");
    }));

  test("are said in German on a German page", () =>
    withPage(async (page) => {
      await showStory(page, "approval", { lang: "de" });
      await page.getByRole("button", { name: "Freigeben", exact: true }).waitFor();
      await page.getByText("49,00 €").waitFor();
      await page.getByText("Noch 14 Min. zum Entscheiden").waitFor();
      await page.getByRole("textbox", { name: "Nachricht", exact: true }).waitFor();
    }));
});

describe("several elements on a page", () => {
  test("keep to themselves, and one that is taken out and put back is whole", () =>
    withPage(async (page) => {
      await showStory(page, "answered");
      const told = await page.evaluate(async () => {
        const first = document.querySelector("front-desk")!;
        const second = document.createElement("front-desk");
        second.setAttribute("mode", "inline");
        document.body.append(second);
        book.stageOf(second).state = book.pieces.threadOf();
        await book.settled();
        second.shadowRoot!.querySelector("textarea")!.value = "only here";
        first.remove();
        document.body.append(first);
        await book.settled();
        return {
          first: first.shadowRoot!.querySelector("textarea")!.value,
          turns: first.shadowRoot!.querySelector("front-desk-thread")!.shadowRoot!.querySelectorAll("front-desk-turn").length,
          open: first.hasAttribute("open"),
          second: second.shadowRoot!.querySelector("textarea")!.value,
        };
      });
      expect(told).toEqual({ first: "", turns: 1, open: true, second: "only here" });
    }));

  test("tell the page what happens by events", () =>
    withPage(async (page) => {
      await showStory(page, "approval");
      const heard = await page.evaluate(() => {
        const element = document.querySelector("front-desk")!;
        const names: string[] = [];
        for (const name of ["open", "close", "message", "answer", "approval", "error"])
          document.addEventListener(`frontdesk-${name}`, (event) => names.push(event.type));
        document.addEventListener("front-desk-intent", () => names.push("an intent got out"));
        const stage = book.stageOf(element);
        const [turn] = stage.state.turns;
        stage.tell({ kind: "message", messageId: "m", text: "Hi" });
        stage.tell({ kind: "answer", turn: turn! });
        const call = stage.state.turns[1]!.parts.find((part) => part.kind === "call")!;
        stage.tell({ kind: "card", call, card: call.cards[0]! });
        stage.tell({ kind: "error", error: { code: "busy", message: "Busy." } });
        element.close();
        element.open();
        element.shadowRoot!.querySelector<HTMLElement>("[part=send]")!.click();
        return names;
      });
      expect(heard).toEqual([
        "frontdesk-message",
        "frontdesk-answer",
        "frontdesk-approval",
        "frontdesk-error",
        "frontdesk-close",
        "frontdesk-open",
      ]);
    }));
});
