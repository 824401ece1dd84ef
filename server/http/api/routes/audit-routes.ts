import * as z from "zod";
import { withNames } from "../../../documents/audit-names.ts";
import type { AuditEntry, AuditFilter, DocumentStore } from "../../../documents/ports.ts";
import type { Clock } from "../../../foundation/clock.ts";
import { page, pageOf, pageQuery, readNumberCursor } from "../cursor.ts";
import { EXPORT_TYPES, exportFile, formatSchema } from "../export-file.ts";
import { type Route, route } from "../route.ts";
import { iso, given, timeQuery } from "./filter-query.ts";

export interface AuditRoutesPorts {
  readonly documents: Pick<DocumentStore, "get" | "listAudit">;
  readonly clock: Clock;
}

const entrySchema = z
  .object({
    id: z.int(),
    at: z.number(),
    by: z.object({ kind: z.enum(["person", "key", "system"]), id: z.string(), name: z.string() }),
    action: z.string().describe("Such as `mcp-server.update`."),
    target: z.object({ kind: z.string(), id: z.string() }),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    names: z
      .record(z.string(), z.string())
      .optional()
      .describe("Names of whom and what the entry speaks of, by `<kind>/<id>`. What is gone and was named nowhere has none."),
  })
  .meta({ id: "AuditEntry" });

const COLUMNS = ["id", "at", "actorKind", "actorId", "actorName", "action", "targetKind", "targetId", "before", "after"] as const;

/** Who changed what, when, from what to what. */
export function auditRoutes({ documents, clock }: AuditRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/audit-log",
      operationId: "listAuditLog",
      tag: "Audit",
      summary: "Changes, newest first",
      action: "audit.read",
      query: z.object({
        ...pageQuery.shape,
        format: formatSchema,
        ...timeQuery,
        actor: z.string().max(200).optional().describe("Id of the person or key."),
        action: z.string().max(100).optional(),
        targetKind: z.string().max(100).optional(),
        targetId: z.string().max(500).optional(),
        words: z
          .string()
          .max(200)
          .optional()
          .describe("Each begins a word of the entry: a name, the action, the thing, or what was there before and after."),
      }),
      response: pageOf(entrySchema),
      streams: EXPORT_TYPES,
      handle: async ({ query: { format, cursor, limit, ...rest }, signal }) => {
        const filter: AuditFilter = given(rest);
        const read = (before: number | undefined, rows: number) =>
          documents.listAudit({ filter, limit: rows, ...(before === undefined ? {} : { before }) });
        if (format !== "json") {
          return exportFile<AuditEntry>({
            format,
            fileName: "audit-log",
            columns: COLUMNS,
            cells: csvCells,
            readPage: (last, rows) => read(last?.id, rows),
            signal,
          });
        }
        const { items, ...more } = await page({ cursor, limit }, readNumberCursor, read, ({ id }) => id);
        return { body: { items: [...(await withNames(documents, items, clock.now()))], ...more } };
      },
    }),
  ];
}

function csvCells({ id, at, by, action, target, before, after }: AuditEntry) {
  return {
    id,
    at: iso(at),
    actorKind: by.kind,
    actorId: by.id,
    actorName: by.name,
    action,
    targetKind: target.kind,
    targetId: target.id,
    before: before ?? undefined,
    after: after ?? undefined,
  };
}
