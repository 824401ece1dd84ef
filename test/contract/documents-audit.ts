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
  });
}
