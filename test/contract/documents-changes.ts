import { describe, expect, test } from "vitest";
import type { ChangedDocuments, DocumentKind, DocumentStore } from "../../server/documents/ports.ts";

/** `logged`: what was logged as an error. */
export function documentsTellOfChanges(documents: () => DocumentStore, logged: () => readonly string[]): void {
  const make = (kind: DocumentKind, id: string) => ({ do: "create", kind, id, body: id, parent: "parent" }) as const;
  const remove = (kind: DocumentKind, id: string) => ({ do: "delete", kind, id }) as const;
  /** What a listener heard, call by call. */
  const hear = (...kinds: readonly DocumentKind[]): { readonly heard: (readonly ChangedDocuments[])[]; readonly end: () => void } => {
    const heard: (readonly ChangedDocuments[])[] = [];
    return { heard, end: documents().onChange(kinds, (changed) => void heard.push(changed)) };
  };

  describe("whoever follows changes", () => {
    test("hears of them when they are written, and before the write is answered", async () => {
      const order: string[] = [];
      documents().onChange(["group"], async () => {
        order.push("heard");
        order.push(`read ${JSON.stringify((await documents().get("group", "g", 1))?.body)}`);
      });
      await documents().write([make("group", "g")], { at: 1 });
      order.push("answered");
      expect(order).toEqual(["heard", 'read "g"', "answered"]);
    });

    test("hears once for each write, of the kinds that it named alone", async () => {
      const { heard } = hear("group", "share");
      await documents().write([make("group", "g"), make("person", "p"), make("share", "s")], { at: 1 });
      await documents().write([make("person", "q")], { at: 1 });
      await documents().write([{ do: "replace", kind: "group", id: "g", body: 2 }], { at: 1 });
      await documents().write([remove("group", "g")], { at: 1 });
      expect(heard).toEqual([
        [
          { kind: "group", id: "g" },
          { kind: "share", id: "s" },
        ],
        [{ kind: "group", id: "g" }],
        [{ kind: "group", id: "g" }],
      ]);
    });

    test("hears of what is deleted with its parent, and of what is taken", async () => {
      const { heard } = hear("group-member", "sign-in");
      await documents().write([make("group-member", "g/p"), make("sign-in", "one")], { at: 1 });
      heard.length = 0;
      await documents().write([{ do: "delete-children", kind: "group-member", parent: "parent" }], { at: 1 });
      await documents().take("sign-in", "one", 1);
      await documents().take("sign-in", "one", 1);
      expect(heard).toEqual([[{ kind: "group-member", parent: "parent" }], [{ kind: "sign-in", id: "one" }]]);
    });

    test("hears nothing of a write that is refused, of an audit entry, and of what has expired", async () => {
      await documents().write([{ ...make("group", "g"), expiresAt: 5 }], { at: 1 });
      const { heard } = hear("group");
      await expect(documents().write([remove("group", "other"), make("group", "g")], { at: 1 })).rejects.toThrow();
      const by = { kind: "system", id: "system", name: "Frontdesk" } as const;
      await documents().write([], { at: 1, audit: [{ by, action: "group.look", target: { kind: "group", id: "g" } }] });
      await documents().purge(10);
      expect(heard).toEqual([]);
    });

    test("may fail: the write stands, others hear of it, and the log says so", async () => {
      documents().onChange(["group"], () => {
        throw new Error("the first cannot follow");
      });
      documents().onChange(["group"], async () => Promise.reject(new Error("nor can the second")));
      const { heard } = hear("group");
      await documents().write([make("group", "g")], { at: 1 });
      expect(await documents().get("group", "g", 1)).toBeDefined();
      expect(heard).toHaveLength(1);
      expect(logged().join()).toContain("the first cannot follow");
      expect(logged().join()).toContain("nor can the second");
    });

    test("hears until it ends, as often as it was added", async () => {
      const [first, second] = [hear("group"), hear("group")];
      await documents().write([make("group", "a")], { at: 1 });
      first.end();
      first.end();
      await documents().write([make("group", "b")], { at: 1 });
      expect([first.heard.length, second.heard.length]).toEqual([1, 2]);
    });
  });
}
