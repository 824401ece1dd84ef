import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "../story/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(async ({ task }) => {
  await stage.endVisits(task);
});
afterAll(() => stage.close());

/** What a translator of pages does that goes into shadow roots: each text becomes a `<font>` with another text. */
function translate(): void {
  const root = document.querySelector("front-desk")!.shadowRoot!;
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (texts.nextNode()) found.push(texts.currentNode as Text);
  for (const text of found) {
    if (text.data.trim() === "" || text.parentElement?.localName === "font") continue;
    const font = document.createElement("font");
    font.textContent = text.data;
    text.replaceWith(font);
  }
}

test("a screen reader hears the answers of a page that is being translated", async () => {
  const visit = await stage.visit("/");
  await visit.openPanel();
  const status = visit.scope.locator(".unseen[role=status]");
  await visit.ask("Where is order 1042?");
  await expect.poll(() => status.textContent()).toContain("1042");
  await visit.page.evaluate(translate);
  await visit.ask("What is your returns policy?");
  await expect.poll(() => status.textContent()).toContain("I am a script");
});
