import { describe, expect, test } from "vitest";
import type { DocumentStore } from "../../server/documents/ports.ts";

export function documentsExpire(documents: () => DocumentStore): void {
  const make = (id: string, expiresAt?: number) =>
    documents().write(
      [{ do: "create", kind: "sign-in", id, body: id, parent: "server", ...(expiresAt === undefined ? {} : { expiresAt }) }],
      { at: 1 },
    );

  describe("documents with an end", () => {
    test("are as good as gone from that moment on", async () => {
      await make("short", 10);
      await make("long");
      expect(await documents().get("sign-in", "short", 9)).toBeDefined();
      expect(await documents().get("sign-in", "short", 10)).toBeUndefined();
      expect(await documents().take("sign-in", "short", 10)).toBeUndefined();
      const listed = await documents().list("sign-in", { parent: "server", limit: 10, now: 10 });
      expect(listed.map((document) => document.id)).toEqual(["long"]);
      const change = { do: "replace", kind: "sign-in", id: "short", body: 1 } as const;
      await expect(documents().write([change], { at: 10 })).rejects.toMatchObject({ reason: "missing" });
    });

    test("make room for another one of the same id, which has nothing of them", async () => {
      await make("one", 10);
      await make("two", 10);
      await documents().write(
        [
          { do: "create", kind: "sign-in", id: "one", body: "new" },
          { do: "replace", kind: "sign-in", id: "two", body: "new", orCreate: true },
        ],
        { at: 10 },
      );
      for (const id of ["one", "two"])
        expect(await documents().get("sign-in", id, 1_000)).toEqual({
          kind: "sign-in",
          id,
          version: 1,
          parent: undefined,
          body: "new",
          createdAt: 10,
          updatedAt: 10,
          expiresAt: undefined,
        });
    });

    test("are deleted by a purge, which counts them", async () => {
      await make("one", 10);
      await make("two", 11);
      await make("three");
      expect(await documents().purge(10)).toBe(1);
      expect(await documents().get("sign-in", "one", 5)).toBeUndefined();
      expect(await documents().get("sign-in", "two", 5)).toBeDefined();
      expect(await documents().purge(1_000)).toBe(1);
      expect(await documents().purge(1_000)).toBe(0);
      expect(await documents().get("sign-in", "three", 1_000)).toBeDefined();
    });
  });

  describe("a document that is taken", () => {
    test("is given out once, however many ask at once", async () => {
      await make("one", 10);
      const taken = await Promise.all(Array.from({ length: 20 }, () => documents().take("sign-in", "one", 5)));
      expect(taken.filter((document) => document !== undefined)).toMatchObject([{ body: "one", version: 1 }]);
      expect(await documents().get("sign-in", "one", 5)).toBeUndefined();
      expect(await documents().take("sign-in", "never", 5)).toBeUndefined();
    });
  });
}
