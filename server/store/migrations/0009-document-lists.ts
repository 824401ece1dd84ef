import type { Kysely } from "kysely";

interface Tables {
  documents: { kind: string; id: string; body: string; search: string | null; owner: string | null };
}

const AT_ONCE = 500;
/** Where the names of each kind were when this was published. */
const NAMES: Readonly<Record<string, { readonly id: boolean; readonly fields: readonly string[] }>> = {
  assistant: { id: true, fields: ["settings.name"] },
  "http-tool": { id: true, fields: ["title"] },
  person: { id: false, fields: ["name", "email"] },
  group: { id: false, fields: ["name"] },
  "api-key": { id: false, fields: ["name"] },
  connector: { id: true, fields: [] },
};

/** What lists are filtered by, beside the bodies: part of a name, and whose an assistant is. */
export async function listDocuments(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable("documents").addColumn("search", "text").execute();
  await schema.alterTable("documents").addColumn("owner", "text").execute();
  await schema.createIndex("documents_owned").on("documents").columns(["kind", "owner", "id"]).where("owner", "is not", null).execute();
  const tables = database as Kysely<Tables>;
  for (const kind of Object.keys(NAMES)) {
    for (let after = ""; ;) {
      const rows = await tables
        .selectFrom("documents")
        .select(["id", "body"])
        .where("kind", "=", kind)
        .where("id", ">", after)
        .orderBy("id")
        .limit(AT_ONCE)
        .execute();
      for (const { id, body } of rows)
        await tables
          .updateTable("documents")
          .set(found(kind, id, body))
          .where("kind", "=", kind)
          .where("id", "=", id)
          .execute();
      after = rows.at(-1)?.id ?? "";
      if (rows.length < AT_ONCE) break;
    }
  }
}

function found(kind: string, id: string, body: string): { readonly search: string; readonly owner: string | null } {
  const value = parsed(body);
  const names = NAMES[kind] ?? { id: false, fields: [] };
  const texts = names.fields.map((path) => textAt(value, path.split("."))).filter((text) => text !== undefined);
  const [ownerKind, ownerId] = [textAt(value, ["owner", "kind"]), textAt(value, ["owner", "id"])];
  return {
    search: keepable([...(names.id ? [id] : []), ...texts].join("\n").normalize("NFC").toLowerCase()),
    owner: kind === "assistant" && ownerKind !== undefined && ownerId !== undefined ? keepable(`${ownerKind}/${ownerId}`) : null,
  };
}

function keepable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function textAt(value: unknown, path: readonly string[]): string | undefined {
  let inner = value;
  for (const name of path) {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, name)) return undefined;
    inner = (inner as Record<string, unknown>)[name];
  }
  return typeof inner === "string" ? inner : undefined;
}
