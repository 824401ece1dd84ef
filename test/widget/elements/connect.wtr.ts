import type { Replies } from "../../../protocol/frames.ts";
import { RequestRefusedError } from "../../../widget/line/line.ts";
import { parts } from "../../../widget/elements/cards/connect/connect-parts.ts";
import { scopeText } from "../../../widget/elements/cards/connect/scope-text.ts";
import type { ThreadContext } from "../../../widget/elements/foundation/thread-context.ts";
import type { ConnectionCard } from "../../../widget/thread/state.ts";
import { connectWords } from "../../../widget/words/connect-words.ts";
import { english } from "../../../widget/words/english/words.ts";
import { askingOf, connectionOf, NOW } from "../../story-book/pieces.ts";
import { contextOf, drawn, press, read, wantedBy } from "./drawn.ts";
import { same } from "./same.ts";

type Start = () => Promise<Replies["connection-start"]>;
const never: Start = () => new Promise(() => {});

function draw(more: Partial<ConnectionCard> = {}, start: Start = never): ReturnType<typeof drawn> {
  const card = connectionOf(more);
  const context = contextOf({ request: start as unknown as ThreadContext["request"] });
  return drawn("front-desk-connect", { call: askingOf([card]), card, context });
}

/** Presses Connect with another `window.open`; resolves when the card shows the result. */
async function connect(card: Awaited<ReturnType<typeof draw>>, open: typeof window.open): Promise<void> {
  const before = window.open;
  window.open = open;
  try {
    press(card, "Connect");
  } finally {
    window.open = before;
  }
  await new Promise((resolve) => setTimeout(resolve));
  await card.updateComplete;
}

const blocked = (): null => null;

describe("a request to sign in", () => {
  it("names the server, why, and what it asks for, plainly and exactly", async () => {
    const card = await draw();
    same(read(card.querySelector(".title")!), "Connect to Calendar?");
    same(read(card).includes("“Find a free time” needs your own account at Calendar."), true);
    same(
      [...card.querySelectorAll("li")].map((scope) => scope.textContent),
      ["See who you are", "See your email address", "Read calendar events", "Change calendar events"],
    );
    same(card.querySelector("pre")?.textContent, "openid\nemail\ncalendar.events:read\ncalendar.events:write");
    same(read(await draw({ reason: "expired" })).includes("Your sign-in at Calendar has expired."), true);
    same(read(await draw({ reason: "scope" })).includes("needs more than you have allowed at Calendar so far."), true);
  });

  it("reads scopes as people do", () => {
    const words = connectWords.in(english);
    const read_ = (scope: string): string => scopeText(scope, words);
    same(read_("https://api.example/auth/calendar.readonly"), "Read calendar");
    same(read_("orders"), "orders");
    same(read_("read"), "read");
    same(read_("constructor"), "constructor");
    same(read_("a\u202Eb:read").includes("\u202E"), false);
  });

  it("opens the window in the press itself, before anything is asked", async () => {
    const card = await draw();
    let opened: unknown;
    void connect(card, (...given) => ((opened = given), null));
    same(Array.isArray(opened), true);
    same((opened as unknown[]).slice(0, 2), ["", "_blank"]);
    same(/noopener/.test(String((opened as unknown[])[2])), false);
  });

  it("gives a link to press where the window was not allowed to open", async () => {
    const card = await draw({}, () => Promise.resolve({ url: "https://desk.example/connect/t", proof: "p" }));
    await connect(card, blocked);
    const link = card.querySelector("a")!;
    same([link.href, link.rel, link.target], ["https://desk.example/connect/t", "opener", "_blank"]);
    press(card, "Connect");
  });

  it("says why no sign-in can begin, and can be tried again", async () => {
    const refused = await draw({}, () =>
      Promise.reject(new RequestRefusedError({ code: "sign-in-unavailable", message: "It cannot be reached." })),
    );
    await connect(refused, blocked);
    same(refused.querySelector(".danger")?.textContent, "It cannot be reached.");
    const lost = await draw({}, () => Promise.reject(new Error("lost")));
    await connect(lost, blocked);
    same(lost.querySelector(".danger")?.textContent, "There is no connection right now. Try again in a moment.");
    press(lost, "Connect");
  });

  it("goes to no address that is not a web page's", async () => {
    const card = await draw({}, () => Promise.resolve({ url: "javascript:alert(1)", proof: "p" }));
    await connect(card, blocked);
    same(card.querySelectorAll("a").length, 0);
    same(card.querySelectorAll(".danger").length, 1);
  });

  it("can be skipped, once", async () => {
    const card = await draw();
    const wanted = await wantedBy(card, () => press(card, "Skip for now"));
    same(wanted, [
      {
        kind: "decide",
        decision: { name: "connection-decide", frame: { requestId: "request-1", decision: "skipped" }, deciding: "skipped" },
      },
    ]);
    const sent = await draw({ deciding: "skipped" });
    same(await wantedBy(sent, () => press(sent, "Skip for now")), []);
  });

  it("tells what became of it, and that time ran out", async () => {
    const me = { by: { kind: "customer", id: "c" }, decidedAt: NOW } as const;
    same(read(await draw({ status: "connected", ...me })).startsWith("Calendar · Connected by you at "), true);
    same(read(await draw({ status: "skipped", ...me })).startsWith("Calendar · Sign-in skipped by you at "), true);
    same(read(await draw({ status: "expired" })), "Calendar · The time to sign in ran out.");
    const late = await draw({ expiresAt: NOW - 1 });
    same([late.querySelectorAll("button").length, late.querySelector(".time")?.textContent], [0, "The time to connect is over."]);
  });

  it("is told to those who listen", () => {
    same(parts.announce(connectionOf(), askingOf([]), contextOf()), "Your sign-in is needed: Connect to Calendar?");
  });
});
