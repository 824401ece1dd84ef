import "../../../widget/elements/cards/approval/approval-card.ts";
import { cardOf, NOW, refundOf } from "../../story-book/pieces.ts";
import { contextOf, drawn, press, read, wantedBy } from "./drawn.ts";
import { same } from "./same.ts";

const draw = (card: Parameters<typeof refundOf>[0], call: Parameters<typeof refundOf>[1] = {}, context = contextOf()) =>
  drawn("front-desk-approval", { call: refundOf(card, call), card: cardOf(card), context });

describe("a request for approval", () => {
  it("asks in one sentence and shows the arguments as people write them", async () => {
    const card = await draw({});
    same(card.querySelector(".title")?.textContent, "Refund order 1042?");
    const fields = [...card.querySelectorAll("dl > div")].map((field) => [
      field.querySelector("dt")?.textContent,
      field.querySelector("dd")?.textContent,
    ]);
    same(fields.slice(0, 4), [
      ["Order", "1042"],
      ["Amount", "€49.00"],
      ["Refund on", "March 14, 2026"],
      ["Tell me by mail", "Yes"],
    ]);
  });

  it("says through whom it would be done, and of a tool of the page that it is one", async () => {
    const [call] = [refundOf({})];
    const through = async (more: object): Promise<string> =>
      read((await draw({}, { tool: { ...call.tool, serverName: "Orders", ...more } })).querySelector(".quiet")!);
    same(await through({}), "Through Orders");
    same(await through({ source: "page", serverName: "The page" }), "On this page");
  });

  it("says which value the website has said, and nobody else", async () => {
    const fields = [
      { name: "customer_id", title: "Customer", value: "42", filled: true as const },
      { name: "order", title: "Order", value: "1042" },
    ];
    const values = [...(await draw({ fields })).querySelectorAll("dd")].map((value) => value.textContent);
    same(values, ["42 (from your account)", "1042"]);
  });

  it("shows every exact argument, also one without a field", async () => {
    const card = await draw({ fields: [], arguments: { order_id: "1042", hidden: { deep: true } } });
    same(JSON.parse(card.querySelector("pre")?.textContent ?? ""), { order_id: "1042", hidden: { deep: true } });
  });

  it("shows text that looks like markup as text", async () => {
    const card = await draw({ fields: [{ name: "note", title: "<b>Note</b>", value: "<img src=x onerror=alert(1)>" }] });
    same(card.querySelector("dd")?.textContent, "<img src=x onerror=alert(1)>");
    same(card.querySelectorAll("img, b").length, 0);
  });

  it("spells out what cannot be seen, so that nothing reads other than it is", async () => {
    const hidden = "DE89\u202E4321\u200B\u{E0041}";
    const card = await draw({ fields: [{ name: "iban", title: "To\u2066", value: hidden }], arguments: { iban: hidden } });
    same(card.querySelector("dd")?.textContent, "DE89⟨U+202E⟩4321⟨U+200B⟩⟨U+E0041⟩");
    same(card.querySelector("dt")?.textContent, "To⟨U+2066⟩");
    same(/[\u202E\u200B]/.test(read(card)), false);
  });

  it("warns before what may not be undone, and only then", async () => {
    same((await draw({})).querySelector(".warning") !== null, true);
    const call = refundOf();
    const harmless = await draw({}, { tool: { ...call.tool, destructive: false } });
    same(harmless.querySelector(".warning"), null);
    const ofTheTeam = await draw({ approver: "staff" });
    same(ofTheTeam.querySelector(".warning"), null);
  });

  it("cannot be decided twice while a decision is on its way", async () => {
    const card = await draw({ deciding: "approved" });
    same(await wantedBy(card, () => press(card, "Reject")), []);
    same(await wantedBy(card, () => press(card, "Approving")), []);
  });

  it("leaves the team's decisions to the team", async () => {
    const card = await draw({ approver: "staff" });
    same(card.querySelectorAll(".choices button").length, 0);
    same(read(card).includes("A team member is checking this."), true);
  });

  it("says in its last minute how many seconds are left, and then that it is over", async () => {
    let now = NOW;
    const card = await draw({ expiresAt: NOW + 1900 }, {}, contextOf({ now: () => now }));
    same(card.querySelector(".time")?.textContent, "2 sec left to decide");
    now += 2000;
    card.requestUpdate();
    await card.updateComplete;
    same(card.querySelector(".time")?.textContent, "The time to decide is over. Nothing was done.");
    same(card.querySelectorAll(".choices").length, 0);
  });

  it("tells who decided, and that another was faster", async () => {
    const mine = await draw({ status: "approved", by: { kind: "customer", id: "c" }, decidedAt: NOW }, { status: "ended" });
    same(read(mine).startsWith("Refund order 1042 · Approved by you at "), true);
    const theirs = await draw(
      { status: "rejected", by: { kind: "staff", id: "s", name: "Mira" }, decidedAt: NOW, error: { code: "already-decided", message: "" } },
      { status: "ended" },
    );
    same(/Rejected by Mira at .* Someone else decided first\.$/.test(read(theirs)), true);
  });

  it("tells what ran where the team changed the values", async () => {
    const order = { name: "order_id", title: "Order", value: "1042" };
    const note = { name: "note", title: "Note", value: "Cracked" };
    const amount = { name: "amount", title: "Amount", value: 4800, format: "money", currency: "EUR" };
    const decision = { status: "approved", by: { kind: "staff", id: "s", name: "Mira" }, decidedAt: NOW } as const;
    const card = await draw(
      { ...decision, before: [order, { ...amount, value: 4900 }, note], fields: [order, amount] },
      { status: "ended" },
    );
    same(/Approved by Mira at .* Changed by the team before: Amount: €48\.00, Note: –$/.test(read(card)), true);
  });

  it("shows an amount in a currency nobody knows, and one without, as it came", async () => {
    const card = await draw({
      fields: [
        { name: "a", title: "A", value: 4900, format: "money", currency: "??" },
        { name: "b", title: "B", value: 4900, format: "money" },
        { name: "c", title: "C", value: 1500, format: "money", currency: "JPY" },
        { name: "d", title: "D", value: "soon", format: "date" },
        { name: "e", title: "E", value: { x: 1 } },
        { name: "f", title: "F", value: ["one", "two"] },
      ],
    });
    same(
      [...card.querySelectorAll("dd")].map((value) => value.textContent),
      ["4900 ??", "4900", "¥1,500", "soon", '{"x":1}', "one, two"],
    );
  });
});
