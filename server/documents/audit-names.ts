import type { AuditEntry, DocumentKind, DocumentStore } from "./ports.ts";

/** An entry with the names of what it speaks of, by `<kind>/<id>`. What is gone and was named nowhere has none. */
export interface NamedAuditEntry extends AuditEntry {
  readonly names?: Readonly<Record<string, string>>;
}

interface Reference {
  readonly kind: string;
  readonly id: string;
}

/** What has a name in its document. */
const NAMED: Readonly<Record<string, DocumentKind>> = {
  person: "person",
  group: "group",
  "api-key": "api-key",
  key: "api-key",
  assistant: "assistant",
  "mcp-server": "mcp-server",
  webhook: "webhook",
};
/** Where bodies and entries have it. */
const PLACES = [["name"], ["settings", "name"], ["title"]] as const;
/** One entry may speak of hundreds of people. */
const MOST = 40;
const DEEPEST = 4;

/** Looks up who and what the entries of a page speak of: each name once, by its id. */
export async function withNames(
  documents: Pick<DocumentStore, "get">,
  entries: readonly AuditEntry[],
  now: number,
): Promise<readonly NamedAuditEntry[]> {
  const asked = new Map<string, Promise<string | undefined>>();
  const nameOf = async ({ kind, id }: Reference): Promise<string | undefined> => {
    const stored = NAMED[kind];
    if (stored === undefined) return undefined;
    const key = `${stored}/${id}`;
    const found = asked.get(key) ?? documents.get(stored, id, now).then((document) => nameIn(document?.body));
    asked.set(key, found);
    return found;
  };
  return Promise.all(
    entries.map(async (entry) => {
      const own = nameIn(entry.after) ?? nameIn(entry.before);
      const names: Record<string, string> = {};
      for (const reference of referencesOf(entry)) {
        const isTarget = reference.kind === entry.target.kind && reference.id === entry.target.id;
        const name = (isTarget ? own : undefined) ?? (await nameOf(reference));
        if (name !== undefined) names[`${reference.kind}/${reference.id}`] = name;
      }
      return Object.keys(names).length === 0 ? entry : { ...entry, names };
    }),
  );
}

function referencesOf({ target, before, after }: AuditEntry): readonly Reference[] {
  const [first = "", second = ""] = target.id.split("/");
  const parts: Readonly<Record<string, readonly Reference[]>> = {
    connector: [
      { kind: "assistant", id: first },
      { kind: "mcp-server", id: second },
    ],
    "server-tool": [{ kind: "mcp-server", id: first }],
  };
  const found = [...(parts[target.kind] ?? [target]), ...referencesIn(before, 0), ...referencesIn(after, 0)];
  return [...new Map(found.map((one) => [`${one.kind}/${one.id}`, one])).values()].slice(0, MOST);
}

/** Whom and what the values name by id: `{ kind, id }`, a member's `person`, a sign-in's `server`. */
function referencesIn(value: unknown, depth: number): readonly Reference[] {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.slice(0, MOST).flatMap((inner) => referencesIn(inner, depth + 1));
  const { kind, id, person, server } = value as Readonly<Record<string, unknown>>;
  return [
    ...(typeof kind === "string" && typeof id === "string" ? [{ kind, id }] : []),
    ...(typeof person === "string" ? [{ kind: "person", id: person }] : []),
    ...(typeof server === "string" ? [{ kind: "mcp-server", id: server }] : []),
    ...Object.values(value).flatMap((inner) => referencesIn(inner, depth + 1)),
  ];
}

function nameIn(value: unknown): string | undefined {
  for (const place of PLACES) {
    const found = place.reduce<unknown>(
      (inner, name) =>
        typeof inner === "object" && inner !== null && Object.hasOwn(inner, name) ? (inner as Record<string, unknown>)[name] : undefined,
      value,
    );
    if (typeof found === "string" && found !== "") return found;
  }
  return undefined;
}
