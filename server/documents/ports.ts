/**
 * What the owners' rooms (`setup/`, `identity/`, `oauth/`) need of the store: small JSON documents with versions, and
 * the audit log. Made by `store/`; the law is in `test/contract/documents.ts`. What a document is: docs/words.md.
 */

/** A closed list, so that every document has a known kind. Each kind's body is parsed by the room that owns it. */
export type DocumentKind =
  | "mcp-server"
  | "server-status"
  /** id `<server>/<tool>`, parent the server. */
  | "server-tool"
  /** What customers' own lists have of a tool. id `<server>/<tool>`, parent the server. */
  | "proposed-tool"
  | "http-tool"
  | "assistant"
  /** id is the assistant's. It stays, empty, when a draft ends. */
  | "assistant-draft"
  /** id `<assistant>/<999999999 - number>`: the newest comes first. Parent the assistant. */
  | "assistant-version"
  /** id `<assistant>/<number>`, or `<assistant>/<state of the draft>`; parent the assistant. */
  | "assistant-settings"
  /** id is the name that a page uses, parent the assistant. */
  | "assistant-preview"
  /** The key of an assistant that was deleted. */
  | "assistant-key"
  /** What an assistant said of retention, for the conversations that outlive it. id is the assistant's. */
  | "assistant-retention"
  /** id `<assistant>/<server>`, parent the assistant. */
  | "connector"
  | "person"
  | "group"
  /** id `<group>/<person>`, parent the group. */
  | "group-member"
  /** id `<resource kind>/<resource id>/<grantee kind>/<grantee id>`, parent `<resource kind>/<resource id>`. */
  | "share"
  /** How a person signs in: a password's hash, or who they are at the identity provider. Parent the person. */
  | "staff-account"
  /** id is the SHA-256 of the session's token, parent the person. */
  | "staff-session"
  /** What the staff's sign-in keeps for a moment. */
  | "staff-verification"
  /** id is the SHA-256 of the link's token, parent the person. Single use. */
  | "invitation"
  /** A view of the inbox that one member keeps. id `<member>/<view>`, parent the member. */
  | "inbox-view"
  /** id is the SHA-256 of the key. */
  | "api-key"
  /** parent the server. */
  | "connection"
  /** id `<connection method's redirect>/<server>/<issuer hash>`. */
  | "oauth-client"
  /** A sign-in that was started. Single use. */
  | "sign-in"
  /** The first admin's one-time link; id is the SHA-256 of its token. Single use. */
  | "setup-link"
  /** An MCP server that is offered to other assistants. */
  | "published-server"
  /** A key of a published server. Parent the server. */
  | "published-key"
  /** That a published server was deleted, so that its address says so. id is the server's. */
  | "deleted-published-server"
  /** A program that signs people in to published servers. id is the SHA-256 of its client id. */
  | "program"
  /** That a person lets a program use a published server. Parent the person. */
  | "grant"
  /** What a program shows for a grant. id is the SHA-256 of the token, parent the person. */
  | "access-token"
  /** What a program gets new tokens for. id is the SHA-256 of the token, parent the person. */
  | "refresh-token"
  /** A reply that staff wrote once, to send it often. */
  | "canned-reply"
  /** id is an unguessable name, parent the person. */
  | "staff-picture"
  /** That a customer's data were erased, or are being erased. */
  | "erasure"
  /** Which pages came. id is the assistant's key, or `/server` for pages whose assistant is not known. */
  | "sighting"
  /** How an assistant's site says who its customers are. id is the assistant's key. */
  | "assistant-identity"
  /** What an assistant hears and speaks with. id is the assistant's key. */
  | "assistant-voice"
  /** Whether devices may bring an assistant tools. id is the assistant's key. */
  | "assistant-endpoint"
  /** A token that devices connect with. id `<assistant>/<token>`, parent the assistant. */
  | "endpoint-token"
  /** What a site said of a customer. id is the customer's, parent the assistant's key or the preview's name. */
  | "customer"
  /** A customer's token that was used, until it is over. id is a hash of it. */
  | "identity-token"
  /** Where notices are sent to. */
  | "webhook"
  /** A browser that is notified by its push service. Parent the person. */
  | "push-subscription"
  /** The keys that push services know this server by; id `server`. */
  | "push-keys"
  /** A voice call that was begun, so that its end is written also where the process dies. id is the call's. */
  | "voice-call"
  /** id `<actor>/<key>`: the answer to a create that already happened. */
  | "idempotency";

export interface StoredDocument {
  readonly kind: DocumentKind;
  readonly id: string;
  /** 1 at first, one higher with each change: the `ETag`. */
  readonly version: number;
  readonly parent: string | undefined;
  readonly body: unknown;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number | undefined;
}

export type DocumentChange =
  | {
      readonly do: "create";
      readonly kind: DocumentKind;
      readonly id: string;
      readonly body: unknown;
      readonly parent?: string;
      readonly expiresAt?: number;
    }
  /**
   * Without `ifVersion`, replaces any version; with `orCreate` the document may also be missing. Without `parent` or
   * `expiresAt`, these stay as they were.
   */
  | {
      readonly do: "replace";
      readonly kind: DocumentKind;
      readonly id: string;
      readonly body: unknown;
      readonly ifVersion?: number;
      readonly orCreate?: boolean;
      readonly parent?: string;
      readonly expiresAt?: number;
    }
  /** Without `ifVersion`, the document may already be gone. */
  | { readonly do: "delete"; readonly kind: DocumentKind; readonly id: string; readonly ifVersion?: number }
  /** Every document of a kind under a parent. */
  | { readonly do: "delete-children"; readonly kind: DocumentKind; readonly parent: string };

/**
 * Who changed something. `key`: an API key, named by its own name. `system`: the server itself, at start or in a check.
 */
export interface AuditActor {
  readonly kind: "person" | "key" | "system";
  readonly id: string;
  readonly name: string;
}

export interface AuditDraft {
  readonly by: AuditActor;
  /** Such as `mcp-server.update`. */
  readonly action: string;
  readonly target: { readonly kind: string; readonly id: string };
  /** Without secrets: what people see masked is masked here as well. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface AuditEntry extends AuditDraft {
  /** Grows with each entry; serves as the cursor. */
  readonly id: number;
  readonly at: number;
}

/** A document was changed in the meantime, already exists, or is missing. Nothing was written. */
export class DocumentConflictError extends Error {
  override readonly name = "DocumentConflictError";
  readonly reason: "changed" | "exists" | "missing";
  readonly kind: DocumentKind;
  readonly id: string;
  constructor(reason: "changed" | "exists" | "missing", kind: DocumentKind, id: string) {
    super(
      `The ${kind} ${id} ${reason === "missing" ? "does not exist" : reason === "exists" ? "already exists" : "was changed in the meantime"}.`,
    );
    this.reason = reason;
    this.kind = kind;
    this.id = id;
  }
}

/**
 * The documents that a write touched, without their contents. Without `id`: every document of the kind under `parent`.
 * Without both: possibly any document of the kind.
 */
export interface ChangedDocuments {
  readonly kind: DocumentKind;
  readonly id?: string;
  readonly parent?: string;
}

export type ChangeListener = (changed: readonly ChangedDocuments[]) => void | Promise<void>;

/** `q` and `owner` are of the kinds in `listed-by.ts`; each is found by an index or in the index's order. */
export interface ListOptions {
  readonly parent?: string;
  /** The id that the page before ended with; with `by: "name"` its `namePosition`. */
  readonly after?: string;
  /** Names in the order of their letters instead of ids, for kinds that have one. Not together with `parent` or `owner`. */
  readonly by?: "name";
  readonly limit: number;
  readonly now: number;
  /** Part of a name or key, in capitals or small letters. Not together with `parent`. */
  readonly q?: string;
  /** Those of one person or key, as `ownerName` writes it. Not together with `parent`. */
  readonly owner?: string;
}

/** Documents past their `expiresAt` count as gone. `at` and `now` are milliseconds since 1970. */
export interface DocumentStore {
  get(kind: DocumentKind, id: string, now: number): Promise<StoredDocument | undefined>;
  /** Ascending by id, or by name in small letters and then id (as their UTF-8 bytes sort), after `after`. */
  list(kind: DocumentKind, options: ListOptions): Promise<readonly StoredDocument[]>;
  /** The ids of the documents of a kind under each of these parents, without their bodies. Ascending by id. */
  listIds(kind: DocumentKind, options: { parents: readonly string[]; now: number }): Promise<readonly string[]>;
  /**
   * Makes all changes, one after the other, and adds the audit entries in one transaction. Throws
   * `DocumentConflictError`; then nothing is written.
   */
  write(changes: readonly DocumentChange[], options: { at: number; audit?: readonly AuditDraft[] }): Promise<void>;
  /** Returns a document and deletes it, once: a second caller gets undefined. */
  take(kind: DocumentKind, id: string, now: number): Promise<StoredDocument | undefined>;
  /** Deletes what has expired. */
  purge(now: number): Promise<number>;
  /**
   * Calls `listener` after each write, and after each `take` that found something: once, with what it touched of these
   * kinds. The write is answered when all listeners have followed. One that fails is logged; the write stands, and the
   * others hear of it. An expiry is no change. Listeners of one write run at the same time: those who need an order
   * share one (`Following`). They must not wait for a write of their own. The returned function ends it.
   *
   * Whoever writes through this object is heard. A maker may also report what other processes wrote, later and less
   * exactly; so a listener reads anew what it is told of, and makes nothing of hearing too much.
   */
  onChange(kinds: readonly DocumentKind[], listener: ChangeListener): () => void;
  /** Newest first, starting before the entry with the id `before`. */
  listAudit(options: { before?: number; limit: number; filter: AuditFilter }): Promise<readonly AuditEntry[]>;
}

/** `from <= at < to`. */
export interface AuditFilter {
  /** The actor's id. */
  readonly actor?: string;
  readonly action?: string;
  readonly targetKind?: string;
  readonly targetId?: string;
  readonly from?: number;
  readonly to?: number;
  /**
   * Each of them begins a word of the entry: of the actor's name, the action, the target, or what was there before and
   * after. Small and large letters and accents make no difference.
   */
  readonly words?: string;
}
