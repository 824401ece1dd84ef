import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Turn } from "../../../widget/thread/state.ts";
import { openPage, openShelf, showStory, type Shelf } from "./front-desk-page.ts";

let shelf: Shelf;
let page: Page;
beforeAll(async () => {
  shelf = await openShelf();
  ({ page } = await openPage(shelf));
  await showStory(page, "answered");
});
afterAll(() => shelf.close());

/** How the turn's answer is cut into parts, and how it ended. */
interface Ended extends Partial<Pick<Turn, "status" | "error">> {
  readonly cut?: "stopped" | "broken";
  /** The answer stands this many turns before the newest. */
  readonly before?: number;
  /** It is not in the thread at all. */
  readonly isAway?: boolean;
}

/** Shows an answer and tells the announcer of it; gives what is said, and what is drawn. */
async function answer(texts: readonly string[], ended: Ended = {}): Promise<{ heard: string; drawn: string }> {
  return page.evaluate(
    async ([pieces, { cut, before = 0, isAway = false, ...more }]) => {
      const { threadOf, turnOf, textOf } = book.pieces;
      const element = document.querySelector("front-desk")!;
      const stage = book.stageOf(element);
      const parts = pieces.map((text, step) => textOf(text, { step, ...(cut === undefined || step < pieces.length - 1 ? {} : { cut }) }));
      const turn = turnOf(`Asked ${Math.random()}`, parts, more);
      const after = Array.from({ length: before }, (_, index) => turnOf(`Later ${index}`, [textOf("Yes.\n\n".repeat(9))]));
      const said = element.shadowRoot!.querySelector("[role=status]")!;
      const old = said.textContent;
      stage.state = threadOf({ turns: [...(isAway ? [] : [turn]), ...after] });
      stage.tell({ kind: "answer", turn });
      while (said.textContent === old) await book.settled();
      const answers = element.shadowRoot!.querySelector("front-desk-thread")!.shadowRoot!.querySelectorAll("front-desk-answer");
      return { heard: said.textContent.trim(), drawn: [...answers].map(({ textContent }) => textContent.trim()).join(" ") };
    },
    [texts, ended] as const,
  );
}

const heard = async (text: string): Promise<string> => (await answer([text])).heard;

describe("nothing of what is shown is lost to the ear", () => {
  const LINES = [
    "-12.50 € were booked",
    "+49 30 1234567",
    "#1042 is packed",
    "It takes ~5 days",
    "10~20 °C",
    "order_id",
    "2 * 3",
    "[x](https://a.example/(b)c) end",
    // Siblings of those.
    "The balance is -3 € today",
    "+1 for blue",
    "#tag, C# and F#",
    "Set MAX_SIZE_MB to 5 > 4 and a|b",
    "Card 4242 *ends* with __two__ and `a_b*c`.",
    "It is **on its way**. The parcel HP 4471 **0938 22**, and `more`.",
  ];
  test.each(LINES)("%s", async (line) => {
    const { heard, drawn } = await answer([line]);
    expect(heard).toBe(drawn);
  });

  test("marks that mark nothing are said", async () => {
    expect(await heard("-12.50 € were booked")).toBe("-12.50 € were booked");
    expect(await heard("Total\n-5 € refund")).toMatch(/^Total,? -5 € refund$/);
    expect(await heard("+49 30 1234567")).toBe("+49 30 1234567");
    expect(await heard("It takes ~5 days, 10~20 °C")).toBe("It takes ~5 days, 10~20 °C");
  });
});

describe("what is seen as a shape is heard as words", () => {
  test("blocks are apart, and items numbered", async () => {
    expect(await heard("## Returns\n\nIt goes *like* this:\n\n3. Pack it\n4. Print the label\n\nThanks!\n\n- one\n- two?\n- three")).toBe(
      "Returns. It goes like this: 3. Pack it. 4. Print the label. Thanks! one. two? three",
    );
  });

  test("each cell is said with its head", async () => {
    expect(await heard("In stock:\n\n| Size | Price | |\n|---|---:|---|\n| S | 12 € | now |\n| **M** | | soon |\n\nAnything else?")).toBe(
      "In stock: Size: S, Price: 12 €, now. Size: M, soon. Anything else?",
    );
  });

  test("boxes are named", async () => {
    expect(await heard("- [x] Label printed\n- [ ] Parcel handed in")).toBe("Done: Label printed. Not done: Parcel handed in");
  });

  test("code is said without its bar, a picture by its description and without its button", async () => {
    expect(await heard("Run:\n\n```sh\nnpm start\n```\n\n![A blue teapot](https://elsewhere.example/pot.png) It is blue.")).toBe(
      "Run: npm start. A blue teapot It is blue.",
    );
  });

  test("in German as well", async () => {
    await showStory(page, "answered", { lang: "de" });
    expect(await heard("- [x] Etikett\n- [ ] Paket")).toBe("Erledigt: Etikett. Offen: Paket");
    await showStory(page, "answered");
  });
});

describe("every answer that ends is heard", () => {
  test("of several parts, that breaks off, was stopped or failed", async () => {
    expect((await answer(["I look it up", "**Found** it."])).heard).toBe("I look it up. Found it.");
    expect((await answer(["The lamp is"], { cut: "broken" })).heard).toBe("The lamp is. The answer breaks off here.");
    expect((await answer(["The lamp is"], { cut: "stopped", status: "stopped" })).heard).toBe("The lamp is. Stopped");
    expect((await answer([], { status: "failed", error: "time-limit" })).heard).toBe("This took longer than allowed, so it was stopped.");
  });

  test("far above what is on the screen, and not in the thread at all", async () => {
    expect((await answer(["**Order** _1042_"], { before: 12 })).heard).toBe("Order 1042");
    expect((await answer(["**Order** _1043_", "- [x] sent"], { isAway: true })).heard).toBe("Order 1043. Done: sent");
  });
});
