import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { SearchedKind, SearchFilter, SearchHit } from "../inbox/search.ts";
import { makePrivateFile } from "../foundation/private-file.ts";
import { foldedText } from "./folded-text.ts";
import { canBeFound, hasAll, lookedUp, searchTerms, type Term } from "./search-terms.ts";

/** A text as it is given to the index. */
export interface IndexedText {
  readonly conversationId: string;
  readonly seq: number;
  readonly at: number;
  readonly assistant: string;
  readonly kind: SearchedKind;
  readonly text: string;
}

export interface SearchQuestion {
  readonly words: string;
  readonly before?: number;
  readonly limit: number;
  readonly filter: SearchFilter;
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly next?: number;
}

/** In a higher one of the file, its tables are others: it is made anew, and filled from the journals. */
const FORMAT = 1;
/** A place is a millisecond and a number in it, so that the order of places is that of time. */
const IN_ONE_MS = 1024;
/** So many texts are compared at once, and no longer than this; the answer says where to go on. */
const MOST_COMPARED = 20_000;
const LONGEST_MS = 1_000;
/** How many texts one step of a removal takes out. */
const REMOVED_AT_ONCE = 20;
/** Of one conversation, when it is looked at whether a page before this one had it. */
const MOST_OF_ONE = 5_000;

interface Row {
  readonly id: number;
  readonly conversation_id: string;
  readonly seq: number;
  readonly marks: string;
  readonly folded: string;
}

/**
 * The searched texts in a database file of their own: each as it is compared, an index of its words, and one of all
 * three letters beside each other, for parts of words. Everything in it can be made anew from the journals.
 */
export class SearchIndex {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = open(path);
  }

  /** Up to which conversation those of before the search was there were read; undefined: all were. */
  filledThrough(): string | undefined {
    const row = this.#database.prepare("select value from state where name = 'filled'").get() as { value: string } | undefined;
    return row?.value === ALL ? undefined : (row?.value ?? "");
  }

  /** A text that is there already stays as it is. `filled`: up to which conversation the fill is now; null is all. */
  add(texts: readonly IndexedText[], filled?: string | null): void {
    this.#inTransaction(() => {
      for (const text of texts) this.#add(text);
      if (filled !== undefined)
        this.#database.prepare("insert or replace into state (name, value) values ('filled', ?)").run(filled ?? ALL);
    });
  }

  search({ words, before, limit, filter }: SearchQuestion): SearchAnswer {
    const terms = searchTerms(words);
    if (!canBeFound(terms)) return { hits: [] };
    if (filter.conversations !== undefined)
      return this.#amongFew(terms, { words, limit, filter, ...(before === undefined ? {} : { before }) });
    const hits: SearchHit[] = [];
    const seen = new Set<string>();
    const marks = marksOf(filter);
    const until = performance.now() + LONGEST_MS;
    let compared = 0;
    for (const row of this.#candidates(terms, filter, before)) {
      compared += 1;
      const isHit = !seen.has(row.conversation_id) && marks.every((mark) => row.marks.includes(mark)) && hasAll(row.folded, terms);
      if (isHit && (before === undefined || !this.#wasShown(row, terms, filter, before))) {
        seen.add(row.conversation_id);
        hits.push(hitOf(row));
      }
      if (hits.length === limit || compared >= MOST_COMPARED || performance.now() > until) return { hits, next: row.id };
    }
    return { hits };
  }

  /** Takes some texts of these conversations out; false: none was left. */
  removeSome(conversationIds: readonly string[]): boolean {
    const rows = this.#database
      .prepare(
        "select t.id, t.marks, t.folded from json_each(?) as wanted cross join texts as t on t.conversation_id = wanted.value limit ?",
      )
      .all(JSON.stringify(conversationIds), REMOVED_AT_ONCE) as unknown as readonly Pick<Row, "id" | "marks" | "folded">[];
    if (rows.length === 0) return false;
    this.#inTransaction(() => {
      for (const { id, marks, folded } of rows) {
        for (const table of ["words", "parts"])
          this.#database.prepare(`insert into ${table} (${table}, rowid, folded, marks) values ('delete', ?, ?, ?)`).run(id, folded, marks);
        this.#database.prepare("delete from texts where id = ?").run(id);
      }
    });
    return true;
  }

  /** What was removed leaves the write-ahead log as well. */
  forget(): void {
    this.#database.exec("pragma wal_checkpoint(truncate)");
  }

  /** Whether both indexes agree with the texts, which SQLite itself never looks at. */
  isSound(): boolean {
    try {
      for (const table of ["words", "parts"]) this.#database.exec(`insert into ${table} (${table}, rank) values ('integrity-check', 1)`);
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    this.#database.close();
  }

  #add({ conversationId, seq, at, assistant, kind, text }: IndexedText): void {
    const id = this.#freePlace(Math.trunc(at) * IN_ONE_MS);
    const folded = foldedText(text);
    const marks = `|a:${assistant}|k:${kind}|`;
    const { changes } = this.#prepared(
      "insert into texts (id, conversation_id, seq, marks, folded) values (?, ?, ?, ?, ?) on conflict do nothing",
    ).run(id, conversationId, seq, marks, folded);
    if (changes === 0) return;
    for (const table of ["words", "parts"])
      this.#prepared(`insert into ${table} (rowid, folded, marks) values (?, ?, ?)`).run(id, folded, marks);
  }

  /** The first free one of the moment; of a full one, the first after it. */
  #freePlace(first: number): number {
    for (let from = first; ; from += IN_ONE_MS) {
      const { id } = this.#prepared("select max(id) as id from texts where id between ? and ?").get(from, from + IN_ONE_MS - 1) as {
        id: number | null;
      };
      if (id === null) return from;
      if (id < from + IN_ONE_MS - 1) return id + 1;
    }
  }

  /** Texts that may have all terms, newest first: those that a comparison has to look at. */
  #candidates(terms: readonly Term[], { assistant, kind, from, to }: SearchFilter, before: number | undefined): Iterable<Row> {
    const parts = terms.filter(({ isPart }) => isPart).map(({ text }) => text);
    const upTo = Math.min(before ?? Infinity, to === undefined ? Infinity : Math.ceil(to) * IN_ONE_MS, Number.MAX_SAFE_INTEGER);
    const since = from === undefined ? 0 : Math.ceil(from) * IN_ONE_MS;
    const columns = "t.id, t.conversation_id, t.seq, t.marks, t.folded";
    const looked = parts.flatMap(lookedUp);
    // Nothing that the index could look up: each text is compared, newest first, as far as one step goes.
    if (parts.length > 0 && looked.length === 0)
      return this.#rows(`select ${columns} from texts as t where t.id < ? and t.id >= ? order by t.id desc`, [upTo, since]);
    if (looked.length > 0) {
      const likes = [
        ...looked.map((part) => ["folded", part] as const),
        ...marksOf({ assistant, kind }).map((mark) => ["marks", mark] as const),
      ];
      const where = likes.map(([column]) => `p.${column} like ?`).join(" and ");
      const values = likes.map(([, text]) => `%${text}%`);
      return this.#rows(
        `select ${columns} from parts as p join texts as t on t.id = p.rowid where ${where} and p.rowid < ? and p.rowid >= ? order by p.rowid desc`,
        [...values, upTo, since],
      );
    }
    const match = terms.filter(({ text }) => /[\p{L}\p{N}]/u.test(text)).map(({ text }) => `{folded} : ${quoted(text)} *`);
    if (assistant !== undefined) match.push(`{marks} : ${quoted(`a:${assistant}`)}`);
    if (kind !== undefined) match.push(`{marks} : ${quoted(`k:${kind}`)}`);
    return this.#rows(
      `select ${columns} from words as w join texts as t on t.id = w.rowid where words match ? and w.rowid < ? and w.rowid >= ? order by w.rowid desc`,
      [match.join(" AND "), upTo, since],
    );
  }

  /** The texts of a few conversations are compared one by one. */
  #amongFew(terms: readonly Term[], { before = Infinity, limit, filter }: SearchQuestion): SearchAnswer {
    const marks = marksOf(filter);
    const since = filter.from === undefined ? 0 : Math.ceil(filter.from) * IN_ONE_MS;
    const upTo = filter.to === undefined ? Infinity : Math.ceil(filter.to) * IN_ONE_MS;
    const newest = new Map<string, SearchHit>();
    const rows = this.#rows(
      "select t.id, t.conversation_id, t.seq, t.marks, t.folded from json_each(?) as wanted cross join texts as t on t.conversation_id = wanted.value order by t.id desc",
      [JSON.stringify(filter.conversations)],
    );
    for (const row of rows)
      if (
        row.id >= since &&
        row.id < upTo &&
        !newest.has(row.conversation_id) &&
        marks.every((mark) => row.marks.includes(mark)) &&
        hasAll(row.folded, terms)
      )
        newest.set(row.conversation_id, hitOf(row));
    const hits = [...newest.values()].filter(({ place }) => place < before);
    const last = hits.slice(0, limit).at(-1);
    return { hits: hits.slice(0, limit), ...(hits.length > limit && last !== undefined ? { next: last.place } : {}) };
  }

  /** A page before this one had the conversation already, by a newer text. */
  #wasShown({ conversation_id }: Row, terms: readonly Term[], filter: SearchFilter, before: number): boolean {
    const upTo = filter.to === undefined ? Number.MAX_SAFE_INTEGER : Math.ceil(filter.to) * IN_ONE_MS;
    const newer = this.#rows(
      "select id, conversation_id, seq, marks, folded from texts where conversation_id = ? and id >= ? and id < ? limit ?",
      [conversation_id, before, upTo, MOST_OF_ONE],
    );
    const marks = marksOf(filter);
    for (const { folded, marks: own } of newer) if (marks.every((mark) => own.includes(mark)) && hasAll(folded, terms)) return true;
    return false;
  }

  #rows(sql: string, values: readonly SQLInputValue[]): Iterable<Row> {
    return this.#database.prepare(sql).iterate(...values) as Iterable<unknown> as Iterable<Row>;
  }

  readonly #statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();

  #prepared(sql: string): ReturnType<DatabaseSync["prepare"]> {
    const found = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, found);
    return found;
  }

  #inTransaction(work: () => void): void {
    this.#database.exec("begin immediate");
    try {
      work();
      this.#database.exec("commit");
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec("rollback");
      throw cause;
    }
  }
}

/** In the place of a conversation's id, which is never empty. */
const ALL = "\n";

function hitOf({ id, conversation_id: conversationId, seq }: Row): SearchHit {
  return { conversationId, seq, at: Math.trunc(id / IN_ONE_MS), place: id };
}

function marksOf({
  assistant,
  kind,
}: {
  readonly assistant?: string | undefined;
  readonly kind?: SearchedKind | undefined;
}): readonly string[] {
  return [...(assistant === undefined ? [] : [`|a:${assistant}|`]), ...(kind === undefined ? [] : [`|k:${kind}|`])];
}

/** FTS5's queries are a language; in quotes nothing is. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function open(path: string): DatabaseSync {
  makePrivateFile(path);
  const database = new DatabaseSync(path);
  // For this thread alone: nobody else reads the file, and no second process may.
  database.exec("pragma locking_mode = exclusive");
  database.exec("pragma journal_mode = wal");
  // The queue in the journals' database forgets a text as soon as it is here.
  database.exec("pragma synchronous = full");
  database.exec("pragma secure_delete = on");
  const { user_version: format } = database.prepare("pragma user_version").get() as { user_version: number };
  if (format === FORMAT) return database;
  database.exec(`begin immediate;
    drop table if exists words; drop table if exists parts; drop table if exists texts; drop table if exists state;
    create table state (name text primary key, value text not null);
    create table texts (
      id integer primary key,
      conversation_id text not null,
      seq integer not null,
      marks text not null,
      folded text not null,
      unique (conversation_id, seq)
    );
    create virtual table words using fts5(folded, marks, content = 'texts', content_rowid = 'id', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2');
    create virtual table parts using fts5(folded, marks, content = 'texts', content_rowid = 'id', columnsize = 0, detail = none, tokenize = 'trigram');
    insert into words (words, rank) values ('secure-delete', 1);
    insert into parts (parts, rank) values ('secure-delete', 1);
    pragma user_version = ${FORMAT};
    commit`);
  return database;
}
