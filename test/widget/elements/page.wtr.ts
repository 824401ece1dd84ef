import "../../../widget/elements/cards/question/question-parts.ts";
import type { InputCard } from "../../../widget/thread/state.ts";
import { askingOf, pageOf } from "../../story-book/pieces.ts";
import { contextOf, drawn, press, read, wantedBy } from "./drawn.ts";
import { same } from "./same.ts";

function draw(more: Partial<InputCard> = {}): ReturnType<typeof drawn> {
  const card = pageOf(more);
  return drawn("front-desk-page", { call: askingOf([card]), card, context: contextOf() });
}

const parts = (card: Element): readonly (string | null | undefined)[] => [
  card.querySelector(".address")?.textContent,
  card.querySelector(".address strong")?.textContent,
];

/** What was opened, and what was said, when this was pressed. */
async function opened(card: Element, name: string): Promise<readonly unknown[]> {
  const before = window.open;
  const given: unknown[] = [];
  window.open = (...all) => (given.push(...all), null);
  const wanted = await wantedBy(card, () => press(card, name));
  window.open = before;
  return [...given, ...wanted.map((intent) => (intent as { decision?: { frame: object } }).decision?.frame)];
}

describe("a page that a server wants the customer to visit", () => {
  it("shows the whole address with its true host in bold", async () => {
    same(parts(await draw({ url: "https://pay.example/a?b=c#d" })), ["https://pay.example/a?b=c#d", "pay.example"]);
    const tricky = await draw({ url: "https://bank.example@evil.example:8443/bank.example?bank.example" });
    same(parts(tricky), ["https://bank.example@evil.example:8443/bank.example?bank.example", "evil.example:8443"]);
    const user = await draw({ url: "https://evil.example:x@evil.example/" });
    same(user.querySelector(".address strong")?.previousSibling?.textContent?.endsWith("@"), true);
    same((await draw({ url: "https://p\u0430ypal.example/" })).querySelector("strong")?.textContent, "xn--pypal-4ve.example");
    same((await draw({ url: "https://a.example/\u202Egpj.exe" })).querySelector(".address")?.textContent?.includes("\u202E"), false);
  });

  it("opens it only when pressed, in a window that knows nothing of this one, and then says so", async () => {
    const card = await draw();
    const { url } = pageOf();
    same(await opened(card, "Open page"), [url, "_blank", "noopener,noreferrer", { requestId: "request-1", action: "accept" }]);
    same(await opened(card, "Decline"), [{ requestId: "request-1", action: "decline" }]);
    same(await opened(card, "Cancel"), [{ requestId: "request-1", action: "cancel" }]);
    same(await opened(await draw({ deciding: "accept" }), "Sending"), []);
  });

  it("opens nothing that is no web page", async () => {
    for (const url of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "not an address"]) {
      const card = await draw({ url });
      same(await opened(card, "Open page"), []);
      same(read(card).includes("This address cannot be opened from here."), true);
      same(card.querySelector(".address")?.textContent, url);
    }
  });
});
