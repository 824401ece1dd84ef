import type { Clock } from "../foundation/clock.ts";
import { isSealed, type SecretBox, SecretBoxError, sealedKeyId } from "../guard/secrets/secret-box.ts";
import { DocumentConflictError, type DocumentKind, type DocumentStore, type StoredDocument } from "../documents/ports.ts";

export interface Resealed {
  /** Values that are now sealed with the present key. */
  readonly resealed: number;
  /** Places of secrets that no key can open. They were left as they are. */
  readonly failed: readonly string[];
}

export interface ResealPorts {
  readonly documents: DocumentStore;
  /** Seals with the present key, and also opens with the earlier ones. */
  readonly box: SecretBox;
  /** The present key's id. */
  readonly keyId: string;
  readonly clock: Clock;
}

/**
 * Where each kind of document keeps secrets; `*` stands for one name. A value elsewhere that can be opened is resealed
 * too. A value elsewhere that cannot is not a secret but a text of that shape: a server chooses the descriptions of its
 * tools, and must not be able to keep the old key alive. A kind that is missing here does not compile, because its
 * secrets would be lost with the old key.
 */
const SECRETS: Readonly<Record<DocumentKind, readonly string[]>> = {
  "mcp-server": ["url", "headers/*", "auth/oauth/clientSecret"],
  "server-status": [],
  "server-tool": [],
  "proposed-tool": [],
  "http-tool": ["headers/*"],
  assistant: ["settings/model/apiKey"],
  "assistant-draft": ["draft/settings/model/apiKey"],
  "assistant-version": [],
  "assistant-settings": [],
  "assistant-preview": [],
  "assistant-key": [],
  "assistant-retention": [],
  connector: [],
  person: [],
  group: [],
  "group-member": [],
  "inbox-view": [],
  share: [],
  "api-key": [],
  connection: ["secrets"],
  "oauth-client": ["sealed"],
  "sign-in": ["sealed"],
  "setup-link": [],
  invitation: [],
  "staff-account": [],
  "staff-session": [],
  "staff-verification": [],
  "published-server": [],
  "published-key": [],
  program: [],
  grant: [],
  "access-token": [],
  "refresh-token": [],
  "deleted-published-server": [],
  "canned-reply": [],
  "staff-picture": [],
  sighting: [],
  "assistant-identity": ["keys/*/secret"],
  "assistant-voice": ["hearing/*/apiKey", "speaking/*/apiKey", "realtime/apiKey"],
  "assistant-endpoint": [],
  "endpoint-token": [],
  customer: [],
  "identity-token": [],
  webhook: ["secret", "previous/secret"],
  "push-subscription": ["sealed"],
  "push-keys": ["privateKey"],
  erasure: [],
  "voice-call": [],
  idempotency: ["sealed"],
};
const PAGE = 200;

/**
 * Reseals every sealed value of every document with the present key. Sealed values are recognised by their shape. Their
 * associated data is their place: `<document kind>/<document id>/<field path>`. The job may stop at any moment and be
 * started again: finished values are skipped.
 */
export async function resealDocuments(options: ResealPorts): Promise<Resealed> {
  let resealed = 0;
  const failed: string[] = [];
  for (const kind of Object.keys(SECRETS) as DocumentKind[]) {
    for (let after: string | undefined; ;) {
      const page = await options.documents.list(kind, { limit: PAGE, now: options.clock.now(), ...(after === undefined ? {} : { after }) });
      for (const document of page) {
        const done = await resealDocument(options, document);
        resealed += done.resealed;
        failed.push(...done.failed);
      }
      after = page.at(-1)?.id;
      if (page.length < PAGE) break;
    }
  }
  return { resealed, failed };
}

async function resealDocument(options: ResealPorts, document: StoredDocument): Promise<Resealed> {
  const { documents, clock } = options;
  let resealed = 0;
  const failed: string[] = [];
  const walk = (value: unknown, path: readonly string[]): unknown => {
    if (typeof value === "string") {
      if (!isSealed(value) || sealedKeyId(value) === options.keyId) return value;
      const place = `${document.kind}/${document.id}/${path.join("/")}`;
      const anew = sealAnew(options.box, value, place);
      if (anew !== undefined) resealed += 1;
      else if (keepsSecret(document.kind, path)) failed.push(place);
      return anew ?? value;
    }
    if (Array.isArray(value)) return value.map((entry, index) => walk(entry, [...path, String(index)]));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, walk(entry, [...path, key])]));
    }
    return value;
  };
  const body = walk(document.body, []);
  if (resealed === 0) return { resealed, failed };
  try {
    await documents.write([{ do: "replace", kind: document.kind, id: document.id, body, ifVersion: document.version }], {
      at: clock.now(),
    });
    return { resealed, failed };
  } catch (error) {
    if (!(error instanceof DocumentConflictError)) throw error;
    const now = await documents.get(document.kind, document.id, clock.now());
    return now === undefined ? { resealed: 0, failed: [] } : resealDocument(options, now);
  }
}

function keepsSecret(kind: DocumentKind, path: readonly string[]): boolean {
  return SECRETS[kind].some((pattern) => {
    const names = pattern.split("/");
    return names.length === path.length && names.every((name, index) => name === "*" || name === path[index]);
  });
}

function sealAnew(box: SecretBox, sealed: string, place: string): string | undefined {
  try {
    return box.seal(box.open(sealed, place), place);
  } catch (error) {
    if (error instanceof SecretBoxError) return undefined;
    throw error;
  }
}
