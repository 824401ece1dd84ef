import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import type { Store, StoredResult } from "../../server/conversation/ports/store.ts";
import type { SearchFilter, TextSearch } from "../../server/inbox/search.ts";
import { message, proposed } from "./store-drafts.ts";

export interface OpenedSearch {
  readonly store: Store;
  readonly search: TextSearch;
  /** Everything that is written by now is found from now on. */
  catchUp(): Promise<void>;
  cleanup(): Promise<void>;
}

const TURN = "turn-0001";
const STAFF = { kind: "staff", id: "anna", name: "Anna" } as const;

/** The law of `TextSearch`, for every maker of it. */
export function searchContract(name: string, open: () => Promise<OpenedSearch>): void {
  describe(`${name} searches`, () => {
    let opened: OpenedSearch;
    let messages = 0;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.cleanup());

    const append = (id: string, at: number, events: readonly EventDraft[], results?: Readonly<Record<string, StoredResult>>) =>
      opened.store.append({
        conversationId: id,
        at,
        create: { assistant: id.startsWith("help") ? "help" : "shop", customerId: "customer-1" },
        events,
        ...(results === undefined ? {} : { results }),
      });
    const says = (id: string, at: number, text: string) => append(id, at, [message(`message-${++messages}`, text)]);
    const find = async (words: string, filter: SearchFilter = {}, more: { before?: number; limit?: number } = {}) => {
      await opened.catchUp();
      return opened.search.search({ words, filter, limit: 50, ...more });
    };
    const ids = async (...query: Parameters<typeof find>) => (await find(...query)).hits.map(({ conversationId }) => conversationId);

    const TEXTS: readonly (readonly [text: string, finds: readonly string[], not: readonly string[]])[] = [
      [
        "Where is my order #1042?",
        ["#1042", "1042", "104", "order", "ORDER", "rder", "my order", "order my", "is"],
        ["#1043", "rders", "h"],
      ],
      [
        "Ich warte auf die Rückerstattung.",
        ["rückerstattung", "ruckerstattung", "RÜCKERSTATTUNG", "erstatt", "auf"],
        ["uf", "ruckerstattungen"],
      ],
      ["Schreibt an anna@b.de, bitte.", ["anna@b.de", "@b.d", "b.de"], ["anna@c.de"]],
      ["It's written in C++ and C#", ["it's", "C++", "c#", "it's c++"], ["c+++", "c-"]],
      ["退款单在哪里，订单号1042", ["退", "退款", "退款单", "哪里", "订单号1042", "退款 1042"], ["款退", "里哪"]],
      ["返金してください、がんばって", ["返金", "して", "がんば"], ["かんば"]],
      ["환불해 주세요", ["환불", "환"], ["불환"]],
      ["NOT found OR lost AND gone NEAR home", ["NOT", "not found", "OR", "AND gone", "NEAR"], ["NOT lostx"]],
      ['He said "hello" (twice) * and 50% off_', ['"hello"', "(twice)", "*", "50%", "off_", '"hello', "said *"], ["5_%"]],
      ["straße Łódź naïve", ["strasse", "lodz", "naive"], ["strase"]],
      ["عَرَبِيّ", ["عربي"], []],
    ];
    for (const [text, finds, not] of TEXTS)
      test(`finds what is in ${JSON.stringify(text)}, and nothing else`, async () => {
        await says("talk", 1, text);
        await says("other", 2, "Something else altogether");
        for (const words of finds) {
          // Mere punctuation of less than three characters is looked up nowhere.
          expect(`${words}: ${String(await ids(words))}`).toBe(`${words}: ${words === "*" ? "" : "talk"}`);
        }
        for (const words of not) expect(`${words}: ${String(await ids(words))}`).toBe(`${words}: `);
      });

    test("no words are a command, and none fail", async () => {
      await says("talk", 1, "plain");
      for (const words of [
        "",
        " ",
        '"',
        "'",
        "*",
        "()",
        "a:b",
        "folded:plain",
        "^plain",
        "plain -",
        "NEAR(",
        "{marks}",
        "%",
        "_",
        "%%%",
        "[a-z]",
        "\\",
        "\0",
        "\ud800",
        "a".repeat(200),
      ])
        expect(`${JSON.stringify(words)}: ${String(await ids(words))}`).toBe(`${JSON.stringify(words)}: ${words === "plain -" ? "" : ""}`);
      expect(await ids("plain")).toEqual(["talk"]);
    });

    test("all words have to be in one text", async () => {
      await says("one", 1, "The kettle leaks");
      await says("two", 2, "The kettle");
      await says("two", 3, "It leaks");
      expect(await ids("kettle leaks")).toEqual(["one"]);
    });

    test("messages, answers, replies, notes and results, each by its kind", async () => {
      await says("a", 1, "pumpkin in a message");
      await append("b", 2, [{ type: "step-ended", turnId: TURN, step: 1, text: "pumpkin in an answer" }]);
      await append("c", 3, [{ type: "reply-sent", messageId: "reply-001", text: "pumpkin in a reply", by: STAFF }]);
      await append("d", 4, [{ type: "note-written", noteId: "note-0001", text: "pumpkin in a note", by: STAFF }]);
      await append("e", 5, [
        proposed("call-0001"),
        { type: "tool-call-ended", turnId: TURN, callId: "call-0001", outcome: "ok", text: "pumpkin in a result" },
      ]);
      expect(await ids("pumpkin")).toEqual(["e", "d", "c", "b", "a"]);
      for (const [kind, id] of [
        ["message", "a"],
        ["answer", "b"],
        ["reply", "c"],
        ["note", "d"],
        ["result", "e"],
      ] as const) {
        expect(await ids("pumpkin", { kind })).toEqual([id]);
        expect(await ids("in", { kind })).toEqual([id]);
      }
      expect((await find("pumpkin")).hits[0]).toMatchObject({ conversationId: "e", seq: 2, at: 5 });
    });

    test("a result that was shortened for the model is searched whole; one that is not kept, not at all", async () => {
      const ended = (callId: string, more: object): EventDraft => ({
        type: "tool-call-ended",
        turnId: TURN,
        callId,
        outcome: "ok",
        text: "Beginning",
        ...more,
      });
      const result: StoredResult = { content: [{ kind: "text", text: `Beginning ${"x ".repeat(5000)} turnip` }] };
      await append("long", 1, [proposed("call-0001"), ended("call-0001", { shortened: true })], { "call-0001": result });
      await append("none", 2, [proposed("call-0001"), ended("call-0001", { keep: "none", text: "turnip" })]);
      await append("shape", 3, [proposed("call-0001"), ended("call-0001", { keep: "redacted", text: "turnip" })]);
      expect(await ids("turnip")).toEqual(["long"]);
      expect(await ids("beginning")).toEqual(["long"]);
    });

    test("what our own tools answer, and what is said in previews, is not searched", async () => {
      const own = proposed("call-0001", { tool: { source: "host", server: "host", serverName: "", tool: "find_tools", title: "" } });
      await append("own", 1, [own, { type: "tool-call-ended", turnId: TURN, callId: "call-0001", outcome: "ok", text: "radish" }]);
      await opened.store.append({
        conversationId: "preview",
        at: 2,
        create: { assistant: "shop", customerId: "customer-1", preview: "preview-1" },
        events: [message("message-p", "radish")],
      });
      expect(await ids("radish")).toEqual([]);
    });

    test("each conversation once, by its newest text, page by page", async () => {
      for (let at = 1; at <= 30; at += 1) await says(`talk-${at % 7}`, at, `parsnip number ${at}`);
      const all = (await find("parsnip")).hits;
      expect(all.map(({ at }) => at)).toEqual([30, 29, 28, 27, 26, 25, 24]);
      for (const words of ["parsnip", "pa"]) {
        const paged: string[] = [];
        let before: number | undefined;
        do {
          const { hits, next } = await find(words, {}, { limit: 2, ...(before === undefined ? {} : { before }) });
          paged.push(...hits.map(({ conversationId, at }) => `${conversationId} ${at}`));
          before = next;
        } while (before !== undefined);
        expect(paged).toEqual(all.map(({ conversationId, at }) => `${conversationId} ${at}`));
      }
    });

    test("by assistant, time and conversation", async () => {
      await says("shop-1", 10, "leek soup");
      await says("help-1", 20, "leek soup");
      await says("shop-2", 30, "leek soup");
      for (const words of ["leek", "le"]) {
        expect(await ids(words, { assistant: "shop" })).toEqual(["shop-2", "shop-1"]);
        expect(await ids(words, { assistant: "hel" })).toEqual([]);
        expect(await ids(words, { from: 20 })).toEqual(["shop-2", "help-1"]);
        expect(await ids(words, { from: 10, to: 30 })).toEqual(["help-1", "shop-1"]);
        expect(await ids(words, { conversations: ["shop-1", "help-1", "gone"] })).toEqual(["help-1", "shop-1"]);
        expect(await ids(words, { conversations: ["shop-1", "help-1"], assistant: "shop" })).toEqual(["shop-1"]);
        expect(await ids(words, { conversations: [] })).toEqual([]);
      }
    });

    test("what is removed is not found, and its neighbours are", async () => {
      await says("gone", 1, "secret cabbage");
      for (let at = 2; at < 60; at += 1) await says("gone", at, `secret cabbage ${at}`);
      await says("kept", 100, "public cabbage");
      expect(await ids("cabbage")).toEqual(["kept", "gone"]);
      await opened.search.removeFromSearch(["gone", "never-there"]);
      expect(await ids("cabbage")).toEqual(["kept"]);
      expect(await ids("secret")).toEqual([]);
      expect(await ids("ca")).toEqual(["kept"]);
    });
  });
}
