import { ChangeListeners, touchedBy } from "../../server/documents/change-listeners.ts";
import { listedBy, namePosition, searchText } from "../../server/documents/listed-by.ts";
import {
  type AuditDraft,
  type AuditEntry,
  type AuditFilter,
  type DocumentChange,
  DocumentConflictError,
  type DocumentStore,
  type StoredDocument,
} from "../../server/documents/ports.ts";
import type { Log } from "../../server/foundation/log.ts";
import type { CallFilter, CallList, CallRecord } from "../../server/inbox/calls.ts";

/**
 * A `DocumentStore` and a `CallList` that forget everything with the test. Bodies go through JSON, as in a database.
 */
export interface MemoryDocuments extends DocumentStore, CallList {
  /** Puts a conversation's call into the list of calls, as the journal would. */
  addCall(call: Omit<CallRecord, "cursor">): void;
}

type Rows = Map<string, StoredDocument>;

export function createMemoryDocuments(log?: Pick<Log, "error">): MemoryDocuments {
  const listeners = new ChangeListeners(log);
  let rows: Rows = new Map();
  const audit: AuditEntry[] = [];
  const calls: CallRecord[] = [];

  const addCall = (call: Omit<CallRecord, "cursor">): void => {
    const cursor = `${String(Math.trunc(call.at)).padStart(16, "0")}-${String(calls.length + 1).padStart(12, "0")}`;
    calls.push(copy({ ...call, cursor }));
    calls.sort((left, right) => (left.cursor < right.cursor ? 1 : -1));
  };

  return {
    async get(kind, id, now) {
      return copy(live(rows.get(keyOf(kind, id)), now));
    },
    async listIds(kind, { parents, now }) {
      return [...rows.values()]
        .filter((row) => row.kind === kind && row.parent !== undefined && parents.includes(row.parent) && live(row, now) !== undefined)
        .map(({ id }) => id)
        .toSorted(byBytes);
    },
    async list(kind, { parent, after, limit, now, q = "", owner, by }) {
      const placeOf = (row: StoredDocument): string => (by === "name" ? namePosition(row.kind, row.id, row.body) : row.id);
      const isFound = ({ id, body }: StoredDocument): boolean => {
        const by = listedBy(kind, id, body);
        return (q === "" || by.search?.includes(searchText(q)) === true) && (owner === undefined || by.owner === owner);
      };
      return [...rows.values()]
        .filter((row) => row.kind === kind && (parent === undefined || row.parent === parent) && live(row, now) !== undefined)
        .filter((row) => isFound(row))
        .filter((row) => after === undefined || byBytes(placeOf(row), after) > 0)
        .toSorted((left, right) => byBytes(placeOf(left), placeOf(right)))
        .slice(0, limit)
        .map((row) => copy(row));
    },
    async write(changes, { at, audit: drafts = [] }) {
      const changed: Rows = new Map(rows);
      for (const change of changes) apply(changed, change, at);
      rows = changed;
      for (const draft of drafts) audit.push(entryOf(draft, audit.length + 1, at));
      await listeners.tell(touchedBy(changes));
    },
    async take(kind, id, now) {
      const found = live(rows.get(keyOf(kind, id)), now);
      rows.delete(keyOf(kind, id));
      if (found !== undefined) await listeners.tell([{ kind, id }]);
      return copy(found);
    },
    onChange: (kinds, listener) => listeners.add(kinds, listener),
    async purge(now) {
      const gone = [...rows].filter(([, row]) => live(row, now) === undefined);
      for (const [key] of gone) rows.delete(key);
      return gone.length;
    },
    async listAudit({ before, limit, filter }) {
      const newestFirst = audit.toSorted((left, right) => right.at - left.at || right.id - left.id);
      const place = newestFirst.findIndex(({ id }) => id === before);
      return newestFirst
        .slice(place + 1)
        .filter((entry) => auditFits(entry, filter))
        .slice(0, limit)
        .map((entry) => copy(entry));
    },
    async listCalls({ before, limit, filter }) {
      return calls
        .filter((call) => (before === undefined || call.cursor < before) && callFits(call, filter))
        .slice(0, limit)
        .map((call) => copy(call));
    },
    async recordTest(call, drafts = []) {
      addCall(call);
      for (const draft of drafts) audit.push(entryOf(draft, audit.length + 1, call.endedAt ?? call.at));
    },
    addCall,
  };
}

function apply(rows: Rows, change: DocumentChange, at: number): void {
  if (change.do === "delete-children") {
    for (const [key, row] of rows) if (row.kind === change.kind && row.parent === change.parent) rows.delete(key);
    return;
  }
  const { kind, id } = change;
  if (!id.isWellFormed() || id.includes("\0")) throw new TypeError(`${JSON.stringify(id)} cannot be the id of a document.`);
  const key = keyOf(kind, id);
  const found = live(rows.get(key), at);
  refuseConflict(change, found);
  if (change.do === "delete") {
    rows.delete(key);
    return;
  }
  rows.set(key, {
    kind,
    id,
    version: (found?.version ?? 0) + 1,
    parent: change.parent ?? found?.parent,
    body: copy(change.body),
    createdAt: found?.createdAt ?? at,
    updatedAt: at,
    expiresAt: change.expiresAt ?? found?.expiresAt,
  });
}

type OneChange = Exclude<DocumentChange, { readonly do: "delete-children" }>;

function refuseConflict(change: OneChange, found: StoredDocument | undefined): void {
  const { kind, id } = change;
  const ifVersion = change.do === "create" ? undefined : change.ifVersion;
  if (change.do === "create" && found !== undefined) throw new DocumentConflictError("exists", kind, id);
  if (found === undefined && (ifVersion !== undefined || (change.do === "replace" && change.orCreate !== true)))
    throw new DocumentConflictError("missing", kind, id);
  if (ifVersion !== undefined && found?.version !== ifVersion) throw new DocumentConflictError("changed", kind, id);
}

const keyOf = (kind: string, id: string): string => `${kind} ${id}`;

function live(row: StoredDocument | undefined, now: number): StoredDocument | undefined {
  return row !== undefined && (row.expiresAt === undefined || row.expiresAt > now) ? row : undefined;
}

function entryOf(draft: AuditDraft, id: number, at: number): AuditEntry {
  return copy({ ...draft, id, at });
}

function auditFits({ by, action, target, at, before, after }: AuditEntry, filter: AuditFilter): boolean {
  return (
    (filter.actor === undefined || by.id === filter.actor) &&
    (filter.action === undefined || action === filter.action) &&
    (filter.targetKind === undefined || target.kind === filter.targetKind) &&
    (filter.targetId === undefined || target.id === filter.targetId) &&
    (filter.words === undefined || hasWords({ by, action, target, before, after }, filter.words)) &&
    within(at, filter)
  );
}

function hasWords({ by, action, target, before, after }: Omit<AuditEntry, "id" | "at">, words: string): boolean {
  const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const inText = (text: string): string[] => folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const said = [by.name, action, target.kind, target.id, before, after].map((one) => (typeof one === "string" ? one : valuesOf(one)));
  const there = ` ${inText(said.join(" ")).join(" ")}`;
  const asked = words.split(/\s+/).flatMap((word) => inText(word).join(" ") || []);
  return asked.length > 0 && asked.every((word) => there.includes(` ${word}`));
}

function valuesOf(value: unknown): string {
  return JSON.stringify(value)?.replaceAll(/\\[nrt]/g, " ") ?? "";
}

function callFits(call: CallRecord, { from, to, ...equal }: CallFilter): boolean {
  const matches = Object.entries(equal).every(
    ([name, value]) => value === undefined || call[name as keyof CallFilter & keyof CallRecord] === value,
  );
  return matches && within(call.at, { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
}

function within(at: number, { from = -Infinity, to = Infinity }: { from?: number; to?: number }): boolean {
  return at >= from && at < to;
}

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function copy<Value>(value: Value): Value {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value);
}
