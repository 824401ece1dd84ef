import * as z from "zod";
import { ProblemError } from "../problem.ts";

export const DEFAULT_PAGE = 50;
export const LONGEST_PAGE = 200;

/** The query of a list. Spread `pageQuery.shape` into a list's own query. */
export const pageQuery = z.object({
  cursor: z.string().max(2000).optional().describe("`next` of the page before; opaque."),
  limit: z.coerce.number<string>().int().min(1).max(LONGEST_PAGE).default(DEFAULT_PAGE),
});

/** The query of a list that can be searched. */
export const searchQuery = pageQuery.extend({
  q: z.string().max(200).optional().describe("Part of a name or key, in capitals or small letters."),
});

/** Where a list goes on, and what it is searched for, as lists take it. */
export function listed(after: string | undefined, limit: number, q: string | undefined) {
  return { limit, ...(after === undefined ? {} : { after }), ...(q === undefined ? {} : { q }) };
}

/** The answer of a list: `next` is there when there is more. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().optional().describe("The `cursor` of the next page; absent on the last.") });
}

/** What a cursor carries: where the page before ended. Opaque to the client that sends it back; it grants nothing. */
export function writeCursor(position: string | number): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

export function readTextCursor(cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : readPosition(cursor, z.string());
}

export function readNumberCursor(cursor: string | undefined): number | undefined {
  return cursor === undefined ? undefined : readPosition(cursor, z.number());
}

/**
 * One page of what `read` finds from a position on. One more than the page is read, so that the last page is known to
 * be the last.
 *
 *     page(query, readTextCursor, (after, limit) => documents.list("group", { after, limit, now }), ({ id }) => id)
 */
export async function page<Row, Position extends string | number>(
  query: { readonly cursor?: string | undefined; readonly limit: number },
  readCursor: (cursor: string | undefined) => Position | undefined,
  read: (from: Position | undefined, limit: number) => Promise<readonly Row[]>,
  position: (row: Row) => Position,
): Promise<{ items: Row[]; next?: string }> {
  const rows = await read(readCursor(query.cursor), query.limit + 1);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return rows.length > query.limit && last !== undefined ? { items, next: writeCursor(position(last)) } : { items };
}

function readPosition<Position>(cursor: string, schema: z.ZodType<Position>): Position {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch {
    throw new ProblemError("invalid", {
      errors: [{ in: "query", path: "/cursor", message: "This is not a cursor of this list. Start again without one." }],
    });
  }
}
