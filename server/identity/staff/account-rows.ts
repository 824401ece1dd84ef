import { everyDocument } from "../../documents/every-document.ts";
import { type DocumentChange, DocumentConflictError, type DocumentStore, type StoredDocument } from "../../documents/ports.ts";
import { type Condition, matches } from "./account-conditions.ts";
import { bodyOf, equalTo, hashed, kindOf, type Row, rowOf } from "./account-row.ts";
import { tokenId } from "./one-time-token.ts";

const MOST_TRIES = 5;

interface FoundRow {
  readonly document: StoredDocument;
  readonly row: Row;
}

/** What the sign-in library asks of its tables. */
export interface LibraryRows {
  /** Returns the row as it is kept. */
  create(model: string, row: Row): Promise<Row>;
  find(model: string, where: readonly Condition[]): Promise<Row[]>;
  change(model: string, where: readonly Condition[], update: Row, atMost: number): Promise<Row[]>;
  remove(model: string, where: readonly Condition[], atMost: number): Promise<number>;
  /** Takes the first row that fits; undefined: there is none, or another request took it first. */
  consume(model: string, where: readonly Condition[]): Promise<Row | undefined>;
}

/** The tables of people, their accounts and their sessions, answered from documents. */
export class AccountRows implements LibraryRows {
  readonly #documents: DocumentStore;
  readonly #now: () => number;

  constructor({ documents, now }: { readonly documents: DocumentStore; readonly now: () => number }) {
    this.#documents = documents;
    this.#now = now;
  }

  async create(model: string, row: Row): Promise<Row> {
    const kind = kindOf(model);
    if (kind === "person") throw new Error("Nobody can register here; an admin invites people.");
    const id = kind === "staff-session" ? tokenId(String(row["token"])) : String(row["id"]);
    await this.#documents.write([{ do: "create", kind, id, ...bodyOf(kind, row) }], { at: this.#now() });
    return row;
  }

  async find(model: string, where: readonly Condition[]): Promise<Row[]> {
    return (await this.#find(model, where)).map(({ row }) => row);
  }

  async #find(model: string, where: readonly Condition[]): Promise<FoundRow[]> {
    const kind = kindOf(model);
    const token = equalTo(where, "token");
    const known = kind === "staff-session" ? where.map(hashed) : where;
    const id = kind === "staff-account" ? undefined : equalTo(known, kind === "staff-session" ? "token" : "id");
    const parent = kind === "staff-session" || kind === "staff-account" ? equalTo(known, "userId") : undefined;
    const found =
      id === undefined
        ? await everyDocument(this.#documents, kind, { now: this.#now(), ...(parent === undefined ? {} : { parent }) })
        : [await this.#documents.get(kind, id, this.#now())].filter((document) => document !== undefined);
    return found
      .map((document) => ({ document, row: rowOf(document) }))
      .filter(({ row }) => matches(row, known))
      .map(({ document, row }) => ({ document, row: kind === "staff-session" && token !== undefined ? { ...row, token } : row }));
  }

  async change(model: string, where: readonly Condition[], update: Row, atMost: number): Promise<Row[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#change(model, where, update, atMost);
      } catch (error) {
        // Another request noted that the session is used.
        if (!(error instanceof DocumentConflictError) || tries === MOST_TRIES) throw error;
      }
    }
  }

  async #change(model: string, where: readonly Condition[], update: Row, atMost: number): Promise<Row[]> {
    const found = (await this.#find(model, where)).slice(0, atMost);
    const changed = found.map(({ document, row }) => ({ document, row: { ...row, ...update } }));
    const changes = changed.map(({ document, row }): DocumentChange => {
      return { do: "replace", kind: document.kind, id: document.id, ...bodyOf(document.kind, row), ifVersion: document.version };
    });
    if (changes.length > 0) await this.#documents.write(changes, { at: this.#now() });
    return changed.map(({ row }) => row);
  }

  async remove(model: string, where: readonly Condition[], atMost: number): Promise<number> {
    const kind = kindOf(model);
    if (kind === "person") throw new Error("The sign-in cannot remove people; an admin does.");
    const found = (await this.#find(model, where)).slice(0, atMost);
    const changes = found.map(({ document }): DocumentChange => ({ do: "delete", kind, id: document.id }));
    if (changes.length > 0) await this.#documents.write(changes, { at: this.#now() });
    return found.length;
  }

  async consume(model: string, where: readonly Condition[]): Promise<Row | undefined> {
    const [first] = await this.#find(model, where);
    if (first === undefined || first.document.kind === "person") return undefined;
    const { kind, id, version } = first.document;
    try {
      await this.#documents.write([{ do: "delete", kind, id, ifVersion: version }], { at: this.#now() });
    } catch (error) {
      if (error instanceof DocumentConflictError) return undefined;
      throw error;
    }
    return first.row;
  }
}
