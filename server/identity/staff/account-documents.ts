import { createAdapterFactory } from "better-auth/adapters";
import { AccountRows, type LibraryRows } from "./account-rows.ts";
import { rowSchema } from "./account-row.ts";
import type { DocumentStore } from "../../documents/ports.ts";

/**
 * The sign-in library's database, kept in `DocumentStore`. Each of its statements is one transaction; none stays open
 * across awaits. A user is a `person` and is never made here: people are invited. Only the hash of a session's token
 * is kept, so that whoever reads the database cannot take over a session.
 */
export function accountDocuments(ports: {
  readonly documents: DocumentStore;
  readonly now: () => number;
}): ReturnType<typeof createAdapterFactory> {
  return libraryDatabase(new AccountRows(ports));
}

/** A database of the sign-in library over rows of ours. */
export function libraryDatabase(rows: LibraryRows): ReturnType<typeof createAdapterFactory> {
  return createAdapterFactory({
    config: {
      adapterId: "frontdesk-documents",
      supportsDates: false,
      supportsJSON: true,
      supportsArrays: true,
      supportsNumericIds: false,
      transaction: false,
    },
    adapter: () => ({
      async create({ model, data }) {
        return (await rows.create(model, rowSchema.parse(data))) as typeof data;
      },
      async findOne({ model, where }) {
        return ((await rows.find(model, where))[0] ?? null) as never;
      },
      async findMany({ model, where = [], limit, offset = 0, sortBy }) {
        const found = await rows.find(model, where);
        if (sortBy !== undefined) {
          const direction = sortBy.direction === "asc" ? 1 : -1;
          found.sort((one, other) => direction * String(one[sortBy.field]).localeCompare(String(other[sortBy.field])));
        }
        return found.slice(offset, offset + limit) as never[];
      },
      async count({ model, where = [] }) {
        return (await rows.find(model, where)).length;
      },
      async update({ model, where, update }) {
        return ((await rows.change(model, where, rowSchema.parse(update), 1))[0] ?? null) as never;
      },
      async updateMany({ model, where, update }) {
        return (await rows.change(model, where, rowSchema.parse(update), Infinity)).length;
      },
      async delete({ model, where }) {
        await rows.remove(model, where, 1);
      },
      async deleteMany({ model, where }) {
        return rows.remove(model, where, Infinity);
      },
      async consumeOne({ model, where }) {
        return ((await rows.consume(model, where)) ?? null) as never;
      },
    }),
  });
}
