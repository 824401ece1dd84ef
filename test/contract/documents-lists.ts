import { describe, expect, test } from "vitest";
import { namePosition } from "../../server/documents/listed-by.ts";
import type { DocumentStore } from "../../server/documents/ports.ts";

export function documentsAreFound(documents: () => DocumentStore): void {
  const assistant = (id: string, name: string, owner: string) => ({
    do: "create" as const,
    kind: "assistant" as const,
    id,
    body: { owner: { kind: "person", id: owner }, settings: { name, prompt: "needle" } },
  });
  const found = async (options: Partial<Parameters<DocumentStore["list"]>[1]>, kind: "assistant" | "person" | "api-key" = "assistant") =>
    (await documents().list(kind, { limit: 10, now: 1, ...options })).map(({ id }) => id);
  const fill = () =>
    documents().write([assistant("a", "Ärzte-Desk", "olive"), assistant("b", "Shop 100%", "otis"), assistant("shop_c", "Third", "olive")], {
      at: 1,
    });

  describe("lists", () => {
    test("find a part of a name or of a key, in capitals or not, and nothing of the rest of a body", async () => {
      await fill();
      expect(await found({ q: "SHOP" })).toEqual(["b", "shop_c"]);
      expect(await found({ q: "ärzte" })).toEqual(["a"]);
      expect(await found({ q: "0%" })).toEqual(["b"]);
      expect(await found({ q: "%" })).toEqual(["b"]);
      expect(await found({ q: "_" })).toEqual(["shop_c"]);
      expect(await found({ q: "needle" })).toEqual([]);
      expect(await found({ q: "" })).toEqual(["a", "b", "shop_c"]);
    });

    test("are one person's, with a part of a name too, page after page", async () => {
      await fill();
      expect(await found({ owner: "person/olive" })).toEqual(["a", "shop_c"]);
      expect(await found({ owner: "person/olive", limit: 1, after: "a" })).toEqual(["shop_c"]);
      expect(await found({ owner: "person/olive", q: "shop" })).toEqual(["shop_c"]);
      expect(await found({ owner: "key/olive" })).toEqual([]);
    });

    test("follow a change of name and owner", async () => {
      await fill();
      const { kind, id, body } = assistant("a", "Renamed", "otis");
      await documents().write([{ do: "replace", kind, id, body }], { at: 2 });
      expect(await found({ q: "ärzte" })).toEqual([]);
      expect(await found({ q: "renamed", owner: "person/otis" })).toEqual(["a"]);
    });

    test("of people go by name and address; a body of another shape is found by less", async () => {
      const person = (id: string, body: unknown) => ({ do: "create" as const, kind: "person" as const, id, body });
      await documents().write([person("1", { name: "Ada", email: "a@desk.example" }), person("2", 5), person("3", null)], { at: 1 });
      expect(await found({ q: "DESK.example" }, "person")).toEqual(["1"]);
      expect(await found({ q: "1" }, "person")).toEqual([]);
    });

    test("go by name where that is asked for, page after page, with a part of a name too", async () => {
      const key = (id: string, name: string, more: object = {}) => ({
        do: "create" as const,
        kind: "api-key" as const,
        id,
        body: { name },
        ...more,
      });
      await documents().write(
        [key("1", "Orders"), key("2", "alerts"), key("3", "Mail"), key("0", "mail"), key("4", "old", { expiresAt: 1 })],
        {
          at: 1,
        },
      );
      const named = (options: object = {}) => found({ by: "name", ...options }, "api-key");
      expect(await named()).toEqual(["2", "0", "3", "1"]);
      expect(await named({ limit: 2 })).toEqual(["2", "0"]);
      expect(await named({ after: namePosition("api-key", "0", { name: "mail" }) })).toEqual(["3", "1"]);
      expect(await named({ after: namePosition("api-key", "9", { name: "Mails, gone since" }) })).toEqual(["1"]);
      expect(await named({ q: "AIL" })).toEqual(["0", "3"]);
      expect(await named({ q: "ail", after: namePosition("api-key", "0", { name: "mail" }) })).toEqual(["3"]);
    });

    test("of ids have what is under each parent, without what is over", async () => {
      const child = (id: string, parent: string, more: object = {}) => ({
        do: "create" as const,
        kind: "connector" as const,
        id,
        parent,
        body: {},
        ...more,
      });
      await documents().write([child("b/2", "b"), child("a/1", "a"), child("a/0", "a", { expiresAt: 5 }), child("c/1", "c")], { at: 1 });
      expect(await documents().listIds("connector", { parents: ["a", "b", "none"], now: 9 })).toEqual(["a/1", "b/2"]);
      expect(await documents().listIds("connector", { parents: [], now: 9 })).toEqual([]);
    });
  });
}
