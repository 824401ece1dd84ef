import { describe, expect, test } from "vitest";
import { DocumentConflictError, type DocumentStore } from "../../server/documents/ports.ts";

export function documentsKeepBodies(documents: () => DocumentStore): void {
  const conflict = async (writing: Promise<unknown>): Promise<string> => {
    const cause: unknown = await writing.then(
      () => "written",
      (thrown: unknown) => thrown,
    );
    return cause instanceof DocumentConflictError ? `${cause.reason} ${cause.kind} ${cause.id}` : String(cause);
  };
  const ids = async (options: Partial<Parameters<DocumentStore["list"]>[1]> = {}): Promise<readonly string[]> =>
    (await documents().list("server-tool", { limit: 100, now: 1, ...options })).map((document) => document.id);

  describe("documents", () => {
    test("are given back as they were made, each kind for itself", async () => {
      const body = { name: "Orders", nested: { list: [1, null, "\0 \ud800 ok"], empty: {} } };
      await documents().write([{ do: "create", kind: "mcp-server", id: "orders", body, parent: "shop" }], { at: 5 });
      expect(await documents().get("mcp-server", "orders", 6)).toEqual({
        kind: "mcp-server",
        id: "orders",
        version: 1,
        parent: "shop",
        body,
        createdAt: 5,
        updatedAt: 5,
        expiresAt: undefined,
      });
      expect(await documents().get("assistant", "orders", 6)).toBeUndefined();
    });

    test("keep keys that JavaScript treats specially", async () => {
      const body: unknown = JSON.parse('{"__proto__":{"admin":true},"constructor":1}');
      await documents().write([{ do: "create", kind: "http-tool", id: "odd", body }], { at: 1 });
      expect(JSON.stringify((await documents().get("http-tool", "odd", 1))?.body)).toBe(JSON.stringify(body));
    });

    test("belong to the store: what is done to a body later changes nothing", async () => {
      const body = { names: ["one"] };
      await documents().write([{ do: "create", kind: "group", id: "g", body }], { at: 1 });
      body.names.push("two");
      const read = (await documents().get("group", "g", 1))?.body as typeof body;
      read.names.push("three");
      expect((await documents().get("group", "g", 1))?.body).toEqual({ names: ["one"] });
    });

    test("count their changes, and keep parent and beginning", async () => {
      await documents().write([{ do: "create", kind: "group", id: "g", body: 1, parent: "p", expiresAt: 90 }], { at: 1 });
      await documents().write([{ do: "replace", kind: "group", id: "g", body: 2, ifVersion: 1 }], { at: 2 });
      expect(await documents().get("group", "g", 2)).toMatchObject({
        body: 2,
        version: 2,
        parent: "p",
        createdAt: 1,
        updatedAt: 2,
        expiresAt: 90,
      });
      await documents().write([{ do: "replace", kind: "group", id: "g", body: 3, parent: "q", expiresAt: 95 }], { at: 3 });
      expect(await documents().get("group", "g", 3)).toMatchObject({ body: 3, version: 3, parent: "q", expiresAt: 95 });
    });

    test("are not made twice, and not changed from an older version", async () => {
      const make = { do: "create", kind: "group", id: "g", body: 1 } as const;
      await documents().write([make], { at: 1 });
      expect(await conflict(documents().write([make], { at: 2 }))).toBe("exists group g");
      const change = { do: "replace", kind: "group", id: "g", body: 2, ifVersion: 1 } as const;
      const both = await Promise.all([
        conflict(documents().write([change], { at: 2 })),
        conflict(documents().write([{ ...change, body: 3 }], { at: 2 })),
      ]);
      expect(both.toSorted()).toEqual(["changed group g", "written"]);
      expect(await conflict(documents().write([{ do: "delete", kind: "group", id: "g", ifVersion: 1 }], { at: 2 }))).toBe(
        "changed group g",
      );
      expect((await documents().get("group", "g", 2))?.version).toBe(2);
    });

    test("that are not there: a change is refused, unless it may make them; a delete without a version is content", async () => {
      const change = { do: "replace", kind: "group", id: "g", body: 1 } as const;
      expect(await conflict(documents().write([change], { at: 1 }))).toBe("missing group g");
      expect(await conflict(documents().write([{ ...change, ifVersion: 1, orCreate: true }], { at: 1 }))).toBe("missing group g");
      expect(await conflict(documents().write([{ do: "delete", kind: "group", id: "g", ifVersion: 1 }], { at: 1 }))).toBe(
        "missing group g",
      );
      await documents().write([{ do: "delete", kind: "group", id: "g" }], { at: 1 });
      await documents().write([{ ...change, orCreate: true }], { at: 1 });
      await documents().write([{ ...change, orCreate: true, body: 2 }], { at: 2 });
      expect(await documents().get("group", "g", 2)).toMatchObject({ body: 2, version: 2, createdAt: 1 });
    });

    test("are written all or none, and begin anew after a delete", async () => {
      await documents().write([{ do: "create", kind: "group", id: "there", body: 1 }], { at: 1 });
      const refused = documents().write(
        [
          { do: "create", kind: "group", id: "new", body: 1 },
          { do: "delete", kind: "group", id: "there" },
          { do: "replace", kind: "group", id: "absent", body: 1 },
        ],
        {
          at: 2,
          audit: [
            { by: { kind: "system", id: "system", name: "Frontdesk" }, action: "group.update", target: { kind: "group", id: "new" } },
          ],
        },
      );
      expect(await conflict(refused)).toBe("missing group absent");
      expect(await documents().get("group", "new", 2)).toBeUndefined();
      expect(await documents().get("group", "there", 2)).toBeDefined();
      expect(await documents().listAudit({ limit: 10, filter: {} })).toEqual([]);

      await documents().write(
        [
          { do: "delete", kind: "group", id: "there", ifVersion: 1 },
          { do: "create", kind: "group", id: "there", body: 2 },
        ],
        { at: 3 },
      );
      expect(await documents().get("group", "there", 3)).toMatchObject({ body: 2, version: 1, createdAt: 3 });
    });

    test("are listed in order of id, in pages, under a parent or all", async () => {
      const made = ["b/2", "a/1", "b/1", "b/\u{1f600}", "b/\uffef", "B/0"];
      await documents().write(
        made.map((id) => ({ do: "create", kind: "server-tool", id, body: id, parent: id[0]! }) as const),
        { at: 1 },
      );
      await documents().write([{ do: "create", kind: "mcp-server", id: "b/3", body: 1, parent: "b" }], { at: 1 });
      expect(await ids()).toEqual(["B/0", "a/1", "b/1", "b/2", "b/\uffef", "b/\u{1f600}"]);
      expect(await ids({ parent: "b" })).toEqual(["b/1", "b/2", "b/\uffef", "b/\u{1f600}"]);
      expect(await ids({ parent: "b", after: "b/1", limit: 2 })).toEqual(["b/2", "b/\uffef"]);
      expect(await ids({ after: "b/\u{1f600}" })).toEqual([]);
    });

    test("of one kind under one parent go at once", async () => {
      const child = (id: string, parent: string) => ({ do: "create", kind: "server-tool", id, body: 1, parent }) as const;
      await documents().write([child("a/1", "a"), child("a/2", "a"), child("b/1", "b")], { at: 1 });
      await documents().write([{ do: "create", kind: "share", id: "s", body: 1, parent: "a" }], { at: 1 });
      await documents().write([{ do: "delete-children", kind: "server-tool", parent: "a" }], { at: 2 });
      expect(await ids()).toEqual(["b/1"]);
      expect(await documents().get("share", "s", 2)).toBeDefined();
    });

    test("have ids that every database keeps apart", async () => {
      for (const id of ["a\ud800", "a\0"])
        await expect(documents().write([{ do: "create", kind: "group", id, body: 1 }], { at: 1 })).rejects.toThrow(TypeError);
    });
  });
}
