import { createAdapterFactory } from "better-auth/adapters";
import * as z from "zod";
import { everyDocument } from "../../documents/every-document.ts";
import {
  type DocumentChange,
  DocumentConflictError,
  type DocumentKind,
  type DocumentStore,
  type StoredDocument,
} from "../../documents/ports.ts";
import { type Condition, matches } from "./account-conditions.ts";
import { tokenId } from "./one-time-token.ts";

/** What the sign-in library calls its tables → where their rows lie. */
const KINDS: Readonly<Record<string, DocumentKind>> = {
  user: "person",
  account: "staff-account",
  session: "staff-session",
  verification: "staff-verification",
};

type Row = Record<string, unknown>;
const rowSchema = z.record(z.string(), z.unknown());

/**
 * The sign-in library's database, kept in `DocumentStore`: each of its statements is one transaction, none stays open across awaits. A user is a `person`, and is
 * never made here: people are invited. Of a session's token only the hash is kept, so who reads the database cannot take over a session.
 */
export function accountDocuments(ports: {
  readonly documents: DocumentStore;
  readonly now: () => number;
}): ReturnType<typeof createAdapterFactory> {
  const { documents, now } = ports;

  const find = async (model: string, where: readonly Condition[]): Promise<{ readonly document: StoredDocument; readonly row: Row }[]> => {
    const kind = kindOf(model);
    const token = equalTo(where, "token");
    const known = kind === "staff-session" ? where.map(hashed) : where;
    const id = kind === "staff-account" ? undefined : equalTo(known, kind === "staff-session" ? "token" : "id");
    const parent = kind === "staff-session" || kind === "staff-account" ? equalTo(known, "userId") : undefined;
    const found =
      id === undefined
        ? await everyDocument(documents, kind, { now: now(), ...(parent === undefined ? {} : { parent }) })
        : [await documents.get(kind, id, now())].filter((document) => document !== undefined);
    return found
      .map((document) => ({ document, row: rowOf(document) }))
      .filter(({ row }) => matches(row, known))
      .map(({ document, row }) => ({ document, row: kind === "staff-session" && token !== undefined ? { ...row, token } : row }));
  };

  const change = async (model: string, where: readonly Condition[], update: Row, atMost: number): Promise<Row[]> => {
    const found = (await find(model, where)).slice(0, atMost);
    const changed = found.map(({ document, row }) => ({ document, row: { ...row, ...update } }));
    const changes = changed.map(({ document, row }): DocumentChange => {
      return { do: "replace", kind: document.kind, id: document.id, ...bodyOf(document.kind, row), ifVersion: document.version };
    });
    if (changes.length > 0) await documents.write(changes, { at: now() });
    return changed.map(({ row }) => row);
  };

  const remove = async (model: string, where: readonly Condition[], atMost: number): Promise<number> => {
    const kind = kindOf(model);
    if (kind === "person") throw new Error("People are removed by an admin, not by the sign-in.");
    const found = (await find(model, where)).slice(0, atMost);
    const changes = found.map(({ document }): DocumentChange => ({ do: "delete", kind, id: document.id }));
    if (changes.length > 0) await documents.write(changes, { at: now() });
    return found.length;
  };

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
        const kind = kindOf(model);
        if (kind === "person") throw new Error("Nobody registers here: people are invited by an admin.");
        const row = rowSchema.parse(data);
        const id = kind === "staff-session" ? tokenId(String(row["token"])) : String(row["id"]);
        await documents.write([{ do: "create", kind, id, ...bodyOf(kind, row) }], { at: now() });
        return data;
      },
      async findOne({ model, where }) {
        return ((await find(model, where))[0]?.row ?? null) as never;
      },
      async findMany({ model, where = [], limit, offset = 0, sortBy }) {
        const rows = (await find(model, where)).map(({ row }) => row);
        if (sortBy !== undefined) {
          const direction = sortBy.direction === "asc" ? 1 : -1;
          rows.sort((one, other) => direction * String(one[sortBy.field]).localeCompare(String(other[sortBy.field])));
        }
        return rows.slice(offset, offset + limit) as never[];
      },
      async count({ model, where = [] }) {
        return (await find(model, where)).length;
      },
      async update({ model, where, update }) {
        return ((await change(model, where, rowSchema.parse(update), 1))[0] ?? null) as never;
      },
      async updateMany({ model, where, update }) {
        return (await change(model, where, rowSchema.parse(update), Infinity)).length;
      },
      async delete({ model, where }) {
        await remove(model, where, 1);
      },
      async deleteMany({ model, where }) {
        return remove(model, where, Infinity);
      },
      async consumeOne({ model, where }) {
        const [first] = await find(model, where);
        if (first === undefined || first.document.kind === "person") return null;
        const { kind, id, version } = first.document;
        try {
          await documents.write([{ do: "delete", kind, id, ifVersion: version }], { at: now() });
        } catch (error) {
          if (error instanceof DocumentConflictError) return null;
          throw error;
        }
        return first.row as never;
      },
    }),
  });
}

function kindOf(model: string): DocumentKind {
  const kind = KINDS[model];
  if (kind === undefined) throw new Error(`The sign-in library asks for "${model}", which is not kept here.`);
  return kind;
}

/** A session is found by its token's hash. */
function hashed(condition: Condition): Condition {
  const { field, value } = condition;
  if (field !== "token") return condition;
  return { ...condition, value: Array.isArray(value) ? value.map((one) => tokenId(String(one))) : tokenId(String(value)) };
}

function equalTo(where: readonly Condition[], field: string): string | undefined {
  if (where.some(({ connector }) => connector === "OR")) return undefined;
  const value = where.find((condition) => condition.field === field && (condition.operator ?? "eq") === "eq")?.value;
  return typeof value === "string" ? value : undefined;
}

function rowOf(document: StoredDocument): Row {
  return {
    id: document.id,
    createdAt: new Date(document.createdAt).toISOString(),
    updatedAt: new Date(document.updatedAt).toISOString(),
    ...rowSchema.parse(document.body),
    ...(document.kind === "staff-session" ? { token: document.id } : {}),
  };
}

/**
 * A row as it is kept. What the document itself knows is not kept twice, a session's token not at all, and neither are the identity provider's tokens: nobody
 * asks it anything after the sign-in.
 */
function bodyOf(kind: DocumentKind, row: Row): { body: Row; parent?: string; expiresAt?: number } {
  const left = new Set(NOT_KEPT[kind]);
  const { userId, expiresAt } = row;
  return {
    body: Object.fromEntries(Object.entries(row).filter(([name]) => !left.has(name))),
    ...(typeof userId === "string" ? { parent: userId } : {}),
    ...(typeof expiresAt === "string" ? { expiresAt: Date.parse(expiresAt) } : {}),
  };
}

const NOT_KEPT: Readonly<Partial<Record<DocumentKind, readonly string[]>>> = {
  person: ["id", "createdAt", "updatedAt"],
  "staff-session": ["token", "createdAt", "updatedAt"],
  "staff-account": ["accessToken", "refreshToken", "idToken", "createdAt", "updatedAt"],
};
