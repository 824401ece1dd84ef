import type { DocumentKind } from "./ports.ts";

/** What lists look for in a document besides its body: kept beside it, so that a list never reads bodies to filter. */
export interface ListedBy {
  /** Small letters: what part of a name, an address or a key is found in. Undefined: kinds that nobody looks for. */
  readonly search: string | undefined;
  /** Whose it is, as `ownerName` writes it. */
  readonly owner: string | undefined;
}

/** Where the names of each kind are; the id counts too where people know it. */
const NAMES: Partial<Record<DocumentKind, { readonly id: boolean; readonly fields: readonly (readonly string[])[] }>> = {
  assistant: { id: true, fields: [["settings", "name"]] },
  "http-tool": { id: true, fields: [["title"]] },
  person: { id: false, fields: [["name"], ["email"]] },
  group: { id: false, fields: [["name"]] },
  "canned-reply": { id: false, fields: [["name"]] },
  "api-key": { id: false, fields: [["name"]] },
  "published-server": { id: false, fields: [["name"]] },
  webhook: { id: false, fields: [["name"]] },
  connector: { id: true, fields: [] },
};

/** Reads bodies loosely: a body of another shape is found by less, and never refused here. */
export function listedBy(kind: DocumentKind, id: string, body: unknown): ListedBy {
  const names = NAMES[kind];
  if (names === undefined) return { search: undefined, owner: undefined };
  const texts = names.fields.map((path) => at(body, path)).filter((value) => typeof value === "string");
  const search = searchText([...(names.id ? [id] : []), ...texts].join("\n"));
  const [ownerKind, ownerId] = [at(body, ["owner", "kind"]), at(body, ["owner", "id"])];
  const isOwned = kind === "assistant" && typeof ownerKind === "string" && typeof ownerId === "string";
  return { search, owner: isOwned ? ownerName({ kind: ownerKind, id: ownerId }) : undefined };
}

/** Where a document stands in a list by name, as such a list goes on from it. */
export function namePosition(kind: DocumentKind, id: string, body: unknown): string {
  return `${listedBy(kind, id, body).search ?? ""}\0${id}`;
}

/** Neither half can have the separator. */
export function readNamePosition(position: string): { readonly search: string; readonly id: string } {
  const [search = "", id = ""] = position.split("\0");
  return { search, id };
}

/** As both sides of a search are compared. */
export function searchText(text: string): string {
  return text.normalize("NFC").toLowerCase().toWellFormed().replaceAll("\0", "\u{FFFD}");
}

export function ownerName({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind}/${id}`.toWellFormed().replaceAll("\0", "\u{FFFD}");
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, name) ? (inner as Record<string, unknown>)[name] : undefined,
    value,
  );
}
