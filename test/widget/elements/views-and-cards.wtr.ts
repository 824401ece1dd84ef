import "../../../widget/elements/cards/approval/approval-card.ts";
import type { LitElement } from "lit";
import { cardOf, refundOf } from "../../story-book/pieces.ts";
import { comes } from "./comes.ts";
import { contextOf, press, wantedBy } from "./drawn.ts";
import { same } from "./same.ts";
import { StagedView } from "./staged-view.ts";

type Approval = Parameters<typeof cardOf>[0];

/** A card that waits below the view, as in the thread. */
async function cardBelow(view: StagedView, approval: Approval = {}): Promise<LitElement & { card: unknown }> {
  const card = Object.assign(document.createElement("front-desk-approval") as LitElement & { card: unknown }, {
    call: refundOf(approval, { isByView: true }),
    card: cardOf(approval),
    context: contextOf(),
  });
  view.root.append(card);
  await card.updateComplete;
  return card;
}

async function grown(view: StagedView, height: number): Promise<void> {
  view.tell("ui/notifications/size-changed", { height });
  await comes(`a height of ${height}`, () => view.frame!.offsetHeight === height);
}

/** A press with a pointer, or with a key, so long after. */
function pressed(card: Element, name: string, { at, detail = 1 }: { readonly at: number; readonly detail?: number }): void {
  const button = [...card.querySelectorAll("button")].find((one) => one.innerText.trim() === name)!;
  const event = new MouseEvent("click", { detail, bubbles: true, cancelable: true });
  button.dispatchEvent(Object.defineProperty(event, "timeStamp", { value: at }));
}

/** When the view last moved something, in the time of events. */
async function movedSince(view: StagedView, before: number): Promise<number> {
  return comes("the note that it moved", () => {
    const at = Number(view.element.dataset["moved"] ?? 0);
    return at > before && at;
  });
}

describe("a card that waits beside a view", () => {
  it("does not move under a finger: the view keeps its height until the card is decided", async () => {
    const view = new StagedView();
    await view.shakeHands();
    await grown(view, 300);
    const card = await cardBelow(view);
    view.tell("ui/notifications/size-changed", { height: 60 });
    await view.ask("ping")();
    same(view.frame!.offsetHeight, 300);
    card.card = cardOf({ status: "approved", by: { kind: "customer", id: "c" } });
    await comes("the height that it said", () => view.frame!.offsetHeight === 60);
  });

  it("lets the view change while only the team may decide", async () => {
    const view = new StagedView();
    await view.shakeHands();
    await cardBelow(view, { approver: "staff" });
    await grown(view, 300);
  });

  for (const name of ["Approve", "Approve for this conversation"])
    it(`takes no press on "${name}" that was meant for what was there before the card`, async () => {
      const view = new StagedView();
      await view.shakeHands();
      const before = await movedSince(view, 0);
      const card = await cardBelow(view, { rememberable: true });
      const came = performance.now();
      same(await wantedBy(card, () => pressed(card, name, { at: Math.max(came, before) })), []);
      same((await wantedBy(card, () => pressed(card, name, { at: came + 601 }))).length, 1);
    });

  it("takes none that was meant for what was there before a view moved it", async () => {
    const view = new StagedView();
    await view.shakeHands();
    const card = await cardBelow(view);
    const before = await movedSince(view, 0);
    // What it asks itself takes room, too.
    view.ask("ui/message", { role: "user", content: [{ type: "text", text: "Book it" }] });
    await comes("its question", () => view.element.querySelector(".card") !== null);
    const moved = await movedSince(view, before);
    same(await wantedBy(card, () => pressed(card, "Approve", { at: moved + 599 })), []);
    same((await wantedBy(card, () => pressed(card, "Approve", { at: moved + 601 }))).length, 1);
  });

  it("takes keys at any time, and No as well", async () => {
    const view = new StagedView();
    await view.shakeHands();
    await movedSince(view, 0);
    const card = await cardBelow(view);
    const at = performance.now();
    same((await wantedBy(card, () => pressed(card, "Approve", { at, detail: 0 }))).length, 1);
    same((await wantedBy(card, () => pressed(card, "Reject", { at }))).length, 1);
  });

  it("takes every press where there is no view", async () => {
    const view = new StagedView();
    view.element.remove();
    const card = await cardBelow(view);
    same((await wantedBy(card, () => pressed(card, "Approve", { at: performance.now() }))).length, 1);
    same((await wantedBy(card, () => press(card, "Approve"))).length, 1);
  });
});
