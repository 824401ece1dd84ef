import { describe, expect, test } from "vitest";
import type { AuditDraft, AuditFilter, DocumentStore } from "../../server/documents/ports.ts";

export function documentsKeepAudit(documents: () => DocumentStore): void {
  describe("the audit log", () => {
    const draft = (action: string, person: string, target = "orders"): AuditDraft => ({
      by: { kind: "person", id: person, name: person.toUpperCase() },
      action,
      target: { kind: "mcp-server", id: target },
    });
    const note = (at: number, ...audit: readonly AuditDraft[]) => documents().write([], { at, audit });
    const actions = async (filter: AuditFilter): Promise<readonly string[]> =>
      (await documents().listAudit({ limit: 10, filter })).map((entry) => entry.action);

    test("keeps who, when, what before and after, newest first, in pages", async () => {
      await note(5, { ...draft("mcp-server.update", "ada"), before: { name: "a" }, after: { name: "b" } }, draft("mcp-server.test", "ada"));
      await note(6, draft("mcp-server.delete", "bo"));
      const entries = await documents().listAudit({ limit: 10, filter: {} });
      expect(entries.map((entry) => entry.action)).toEqual(["mcp-server.delete", "mcp-server.test", "mcp-server.update"]);
      expect(entries[2]).toEqual({
        id: entries[2]!.id,
        at: 5,
        by: { kind: "person", id: "ada", name: "ADA" },
        action: "mcp-server.update",
        target: { kind: "mcp-server", id: "orders" },
        before: { name: "a" },
        after: { name: "b" },
      });
      expect(entries[0]).not.toHaveProperty("before");
      const next = await documents().listAudit({ before: entries[0]!.id, limit: 1, filter: {} });
      expect(next).toEqual([entries[1]]);
    });

    test("is filtered by every field", async () => {
      await note(5, draft("mcp-server.update", "ada"));
      await note(6, draft("mcp-server.delete", "ada", "stock"));
      await note(7, {
        by: { kind: "system", id: "system", name: "Frontdesk" },
        action: "group.create",
        target: { kind: "group", id: "orders" },
      });
      expect(await actions({ actor: "ada" })).toEqual(["mcp-server.delete", "mcp-server.update"]);
      expect(await actions({ action: "group.create" })).toEqual(["group.create"]);
      expect(await actions({ targetKind: "mcp-server", targetId: "orders" })).toEqual(["mcp-server.update"]);
      expect(await actions({ targetId: "orders" })).toEqual(["group.create", "mcp-server.update"]);
      expect(await actions({ from: 6, to: 7 })).toEqual(["mcp-server.delete"]);
      expect(await actions({ actor: "nobody" })).toEqual([]);
    });

    test("is searched by the beginnings of words, in any order, whatever is typed", async () => {
      await note(5, {
        ...draft("assistant.update", "ada", "shop"),
        before: { prompt: "Be kind.\nNo refunds" },
        after: { prompt: "Rückerstattung bis 14 Tage" },
      });
      await note(6, { ...draft("mcp-server.create", "bo"), after: { url: "https://orders.example/mcp" } });
      const found = (words: string) => actions({ words });
      expect(await found("refunds")).toEqual(["assistant.update"]);
      expect(await found("ruckerst TAGE")).toEqual(["assistant.update"]);
      expect(await found("ada shop")).toEqual(["assistant.update"]);
      expect(await found("mcp-server.create")).toEqual(["mcp-server.create"]);
      expect(await found("orders.example")).toEqual(["mcp-server.create"]);
      expect(await found("bo refunds")).toEqual([]);
      expect(await found("funds")).toEqual([]);
      for (const typed of ['"', "--", "NOT", "a OR b", "it's", "X++", "(", "text:ada", "*", "#1042", "  "])
        expect([typed, await found(typed)]).toEqual([typed, []]);
      expect(await found("refunds --")).toEqual(["assistant.update"]);
      expect(await actions({ words: "refunds", actor: "bo" })).toEqual([]);
    });

    test("is paged by time, also where a clock went back", async () => {
      for (const at of [5, 9, 7, 7, 3]) await note(at, draft(`test.at-${at}`, "ada"));
      const found: string[] = [];
      for (let before: number | undefined; ;) {
        const [entry] = await documents().listAudit({ limit: 1, filter: { actor: "ada" }, ...(before === undefined ? {} : { before }) });
        if (entry === undefined) break;
        found.push(entry.action);
        before = entry.id;
      }
      expect(found).toEqual(["test.at-9", "test.at-7", "test.at-7", "test.at-5", "test.at-3"]);
      expect(await actions({ from: 5, to: 9 })).toEqual(["test.at-7", "test.at-7", "test.at-5"]);
    });
  });
}
