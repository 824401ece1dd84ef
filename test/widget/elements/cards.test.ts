import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asked, openPage, openShelf, showStory, type Shelf } from "./front-desk-page.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
});
afterAll(() => shelf.close());

async function withPage(run: (page: Page) => Promise<void>, options: Parameters<typeof openPage>[1] = {}): Promise<void> {
  const { page } = await openPage(shelf, options);
  try {
    await run(page);
  } finally {
    await page.context().close();
  }
}

/** The accessible name of what has the focus, at any depth. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.ariaLabel ?? element?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  });
}

describe("sign-ins and questions", () => {
  test("are heard once when they come and once when they end, and told to the page", () =>
    withPage(async (page) => {
      await showStory(page, "answered");
      const tell = (kind: "connectionOf" | "formOf", more: object): Promise<readonly string[]> =>
        page.evaluate(
          ([piece, change]) => {
            const heard: string[] = [];
            const listen = (event: Event): void => {
              const { type, requestId, status, title } = event as Event & Record<"requestId" | "status" | "title", string>;
              heard.push(`${type} ${requestId} ${status} ${title}`);
            };
            for (const type of ["frontdesk-connection", "frontdesk-question"]) document.addEventListener(type, listen, { once: true });
            const card = book.pieces[piece](change as object);
            book.stageOf(document.querySelector("front-desk")!).tell({ kind: "card", call: book.pieces.askingOf([card]), card });
            return heard;
          },
          [kind, more] as const,
        );
      const says = (text: string): Promise<void> => page.getByRole("status").filter({ hasText: text }).waitFor({ state: "attached" });
      const me = { by: { kind: "customer", id: "c" }, decidedAt: 0 };
      expect(await tell("connectionOf", {})).toEqual(["frontdesk-connection request-1 waiting Calendar"]);
      await says("Your sign-in is needed: Connect to Calendar?");
      expect(await tell("connectionOf", { status: "connected", ...me })).toEqual(["frontdesk-connection request-1 connected Calendar"]);
      await says("Calendar · Connected by you at");
      expect(await tell("formOf", {})).toEqual(["frontdesk-question request-1 waiting Workshop"]);
      await says("Workshop asks: Tell us about the lamp");
      expect(await tell("formOf", { status: "decline", ...me })).toEqual(["frontdesk-question request-1 decline Workshop"]);
      await says("Form from Workshop · Declined by you at");
    }));

  test("do not take the focus when they come", () =>
    withPage(async (page) => {
      await showStory(page, "answered");
      await page.getByRole("textbox", { name: "Message", exact: true }).focus();
      await page.evaluate(async () => {
        const stage = book.stageOf(document.querySelector("front-desk")!);
        const call = book.pieces.askingOf([book.pieces.formOf()]);
        stage.state = { ...stage.state, turns: [...stage.state.turns, book.pieces.turnOf("Again", [call], { status: "waiting" })] };
        await book.settled();
      });
      await page.getByRole("group", { name: "Workshop asks" }).waitFor();
      expect(await focused(page)).toBe("Message");
    }));

  test("are filled in and sent by keyboard alone; a form that is taller than the panel is seen from its beginning", () =>
    withPage(async (page) => {
      await showStory(page, "form");
      const scroller = (await page.getByRole("log").boundingBox())!;
      await expect.poll(async () => (await page.getByText("Workshop asks").boundingBox())!.y > scroller.y).toBe(true);
      await page.getByRole("textbox", { name: "Your name" }).focus();
      await page.keyboard.type("Ada");
      await page.keyboard.press("Tab");
      await page.keyboard.type("ada@example.com");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      await page.keyboard.press("Enter");
      const content = { name: "Ada", email: "ada@example.com", colour: "ash", warranty: true };
      expect(await asked(page)).toContainEqual(["input-decide", { requestId: "request-1", action: "accept", content }]);
    }));

  test("show the first field that is wrong with its label, wherever Submit was pressed", () =>
    withPage(async (page) => {
      await showStory(page, "form");
      const log = page.getByRole("log");
      await log.evaluate(async (scroller) => {
        scroller.scrollTop = scroller.scrollHeight;
        await book.settled();
      });
      await page.getByRole("button", { name: "Submit" }).click();
      await expect.poll(() => page.getByText("Fill this in.").count()).toBe(2);
      const scroller = (await log.boundingBox())!;
      await expect.poll(async () => (await page.getByText("Your name").boundingBox())!.y >= scroller.y).toBe(true);
      await page.evaluate(() => book.settled());
      expect((await page.getByText("Your name").boundingBox())!.y).toBeGreaterThanOrEqual(scroller.y);
      expect(await page.getByRole("textbox", { name: "Your name" }).evaluate((field) => field.matches(":focus"))).toBe(true);
    }));

  test("Escape leaves a form for the page, and what was typed is there when it is opened again", () =>
    withPage(async (page) => {
      await showStory(page, "form");
      await page.getByRole("textbox", { name: "Your name" }).fill("Ada");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Open chat" }).click();
      expect(await page.getByRole("textbox", { name: "Your name" }).inputValue()).toBe("Ada");
      expect((await asked(page)).some(([name]) => name === "input-decide")).toBe(false);
    }));

  test("keep what was typed when older turns come in above", () =>
    withPage(async (page) => {
      await showStory(page, "form");
      await page.getByRole("textbox", { name: "Your name" }).fill("Ada");
      await page.evaluate(async () => {
        const stage = book.stageOf(document.querySelector("front-desk")!);
        const turns = stage.state.turns.map((turn) => ({ ...turn, parts: [book.pieces.textOf("Earlier.", { step: -1 }), ...turn.parts] }));
        stage.state = { ...stage.state, turns: [book.pieces.turnOf("Before", [book.pieces.textOf("Before.")]), ...turns] };
        await book.settled();
      });
      await page.getByText("Earlier.").first().waitFor();
      expect(await page.getByRole("textbox", { name: "Your name" }).inputValue()).toBe("Ada");
    }));

  test("are said in German on a German page", () =>
    withPage(async (page) => {
      await showStory(page, "connect", { lang: "de" });
      await page.getByRole("button", { name: "Verbinden", exact: true }).waitFor();
      await page.getByText("Lesen: calendar events").waitFor();
      await showStory(page, "form", { lang: "de" });
      await page.getByRole("button", { name: "Absenden", exact: true }).waitFor();
      await page.getByRole("button", { name: "Ablehnen", exact: true }).waitFor();
    }));
});

describe("connections", () => {
  test("are listed, and one is disconnected after one question", () =>
    withPage(async (page) => {
      await showStory(page, "connections");
      await page.getByRole("dialog", { name: "Connections" }).waitFor();
      await page.getByText("Sign-in expired · Connected since February 5, 2025").waitFor();
      await page.getByRole("button", { name: "Disconnect Calendar" }).click();
      await expect.poll(() => focused(page)).toBe("Keep");
      await page.keyboard.press("Escape");
      await expect.poll(() => focused(page)).toBe("Disconnect Calendar");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Disconnect", exact: true }).click();
      await page.getByRole("status").filter({ hasText: "Calendar is disconnected." }).waitFor({ state: "attached" });
      expect((await asked(page)).filter(([name]) => name === "connection-remove")).toEqual([
        ["connection-remove", { connectionId: "connection-1" }],
      ]);
      await expect.poll(() => page.getByRole("button", { name: "Disconnect Calendar" }).count()).toBe(0);
      await page.getByRole("button", { name: "Disconnect Parcel North" }).waitFor();
    }));

  test("keep the focus until Escape goes back to the menu's button", () =>
    withPage(async (page) => {
      await showStory(page, "connections");
      await expect.poll(() => focused(page)).toBe("Back to the chat");
      await page.keyboard.press("Shift+Tab");
      expect(await focused(page)).toBe("Disconnect Parcel North");
      await page.keyboard.press("Tab");
      expect(await focused(page)).toBe("Back to the chat");
      await page.keyboard.press("Escape");
      await expect.poll(() => focused(page)).toBe("Menu");
      expect(await page.getByRole("dialog").count()).toBe(1);
    }));

  test("that cannot be had can be asked for again", () =>
    withPage(async (page) => {
      await showStory(page, "answered");
      await page.evaluate(() => {
        const stage = book.stageOf(document.querySelector("front-desk")!);
        const request = stage.request.bind(stage);
        let tries = 0;
        stage.request = (...given) => ((tries += 1) === 1 ? Promise.reject(new Error("lost")) : request(...given));
      });
      await page.getByRole("button", { name: "Menu" }).click();
      await page.getByRole("button", { name: "Connections" }).click();
      await page.getByText("Your connections could not be loaded.").waitFor();
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("You have not connected any accounts.").waitFor();
    }));
});
