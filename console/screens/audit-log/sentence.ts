import type { AuditEntry } from "../../api/types.ts";
import { formatList } from "../../foundation/format.ts";
import { auditLogWords } from "./audit-log-words.ts";
import { sentenceWords } from "./sentence-words.ts";

/** So much of an id tells two of them apart. */
const ID_SHOWN = 8;

/** What happened, in a sentence; an action that is not known here is said by its code. */
export function sentenceOf(entry: AuditEntry): string {
  const { action, target } = entry;
  const said = {
    by: actorName(entry.by),
    thing: thingOf(entry),
    other: otherOf(entry),
    isOwn: target.kind === "person" && target.id === entry.by.id,
  };
  if (!Object.hasOwn(sentenceWords, action)) return `${said.by}: ${action} ${said.thing}`;
  return sentenceWords[action]!(said);
}

export function actorName({ kind, name }: AuditEntry["by"]): string {
  return kind === "system" ? auditLogWords.system : name;
}

/** The name of what it is about, or enough of its id. */
export function thingOf(entry: AuditEntry): string {
  const { kind, id } = entry.target;
  const [first = id] = id.split("/");
  if (kind === "connector") return nameOf(entry, "assistant", first);
  if (kind === "server-tool") return nameOf(entry, "mcp-server", first);
  return nameOf(entry, kind, id);
}

/** Keys of assistants, servers and tools are words; the ids of others say nothing, so a few letters are enough. */
export function nameOf({ names }: AuditEntry, kind: string, id: string): string {
  const name = names?.[`${kind}/${id}`];
  if (name !== undefined) return name;
  const isWord = kind === "assistant" || kind === "mcp-server" || kind === "http-tool";
  return isWord || id.length <= ID_SHOWN ? id : auditLogWords.unnamed(`${id.slice(0, ID_SHOWN)}…`);
}

function otherOf(entry: AuditEntry): string {
  const { target, before, after } = entry;
  if (target.kind === "connector") return serverOf(entry, target.id.slice(target.id.indexOf("/") + 1));
  if (target.kind === "server-tool") return target.id.slice(target.id.indexOf("/") + 1);
  const [was, is] = [before, after].map((value) => (typeof value === "object" && value !== null ? value : {})) as [Values, Values];
  const { person, tools, server, decision } = { ...was, ...is };
  if (entry.action.endsWith(".share")) return sharedWith(entry, was, is);
  if (typeof person === "string") return nameOf(entry, "person", person);
  if (Array.isArray(tools)) return formatList(tools.map(String));
  if (typeof server === "string") return nameOf(entry, "mcp-server", server);
  return decision === "approved" ? auditLogWords.approved : decision === "rejected" ? auditLogWords.rejected : "";
}

type Values = Readonly<Record<string, unknown>>;

/** The HTTP tools are the server `http` of every connector, its devices the server `device`. */
function serverOf(entry: AuditEntry, key: string): string {
  if (key === "device") return auditLogWords.devices;
  if (key === "page") return auditLogWords.page;
  return key === "http" ? auditLogWords.httpTools : nameOf(entry, "mcp-server", key);
}

/** Those whom it is shared with since; if nobody came, all whom it is shared with now. */
function sharedWith(entry: AuditEntry, was: Values, is: Values): string {
  const [before, after] = [granteesOf(was), granteesOf(is)];
  const came = after.filter(({ id, level }) => !before.some((one) => one.id === id && one.level === level));
  return formatList((came.length > 0 ? came : after).map(({ kind, id }) => nameOf(entry, kind, id)));
}

function granteesOf({ shares }: Values): readonly { readonly kind: string; readonly id: string; readonly level: string }[] {
  if (!Array.isArray(shares)) return [];
  return shares.flatMap((share: { grantee?: { kind?: unknown; id?: unknown }; level?: unknown }) => {
    const { kind, id } = share.grantee ?? {};
    return typeof kind === "string" && typeof id === "string" ? [{ kind, id, level: String(share.level) }] : [];
  });
}
