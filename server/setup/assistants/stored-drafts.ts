import * as z from "zod";
import type { AuditDraft, DocumentChange, DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import { openKeyAt, sealKeyAt, withKey } from "./assistant-key.ts";
import { type AssistantSettings, assistantSettingsSchema, ownerSchema } from "./assistant-record.ts";
import { withoutKey } from "./settings-difference.ts";
import type { StoredAssistant } from "./stored-assistants.ts";

/**
 * `kept`: the model's key is the published one, as it is when it is needed. `own`: the draft has another. `none`: it
 * takes the key away.
 */
const draftSchema = z.object({
  id: z.string(),
  settings: assistantSettingsSchema.strip(),
  key: z.enum(["kept", "own", "none"]),
  basedOn: z.int(),
  changedAt: z.number(),
  changedBy: ownerSchema,
});
export type Draft = z.output<typeof draftSchema>;

/** Without a draft, the document stays, so that no ETag comes twice. */
const bodySchema = z.object({ draft: draftSchema.exactOptional() });

export interface StoredDraftsPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
}

export interface StoredDraft {
  /** The `ETag`. */
  readonly tag: number;
  readonly draft: Draft | undefined;
  /** Of the document; 0: there is none. */
  readonly version: number;
}

/** Drafts as the database holds them. The model's key of one is there only if the draft has a key of its own, sealed. */
export class StoredDrafts {
  readonly #ports: StoredDraftsPorts;

  constructor(ports: StoredDraftsPorts) {
    this.#ports = ports;
  }

  async get({ key, number }: Pick<StoredAssistant, "key" | "number">): Promise<StoredDraft> {
    const { documents, clock, log } = this.#ports;
    const found = await documents.get("assistant-draft", key, clock.now());
    const parsed = bodySchema.safeParse(found?.body ?? {});
    if (!parsed.success) log.error({ assistant: key }, "The draft of an assistant in the database cannot be read and counts as discarded.");
    const draft = parsed.data?.draft;
    const version = found?.version ?? 0;
    return { draft, version, tag: draft === undefined ? 2 * (number * 1_000_000 + version) + 1 : 2 * version };
  }

  /** Those of these assistants that have one. */
  async among(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const { documents, clock } = this.#ports;
    const now = clock.now();
    // Few have ever had one.
    const ids = await documents.listIds("assistant-draft", { parents: keys, now });
    const found = await Promise.all(ids.map((id) => documents.get("assistant-draft", id, now)));
    return new Set(found.flatMap((one) => (bodySchema.safeParse(one?.body).data?.draft === undefined ? [] : [one!.id])));
  }

  /** Its settings with the model's key, as conversations need them. `published` are opened, too. */
  opened(key: string, { settings, key: choice }: Draft, published: AssistantSettings): AssistantSettings {
    if (choice === "own") return openKeyAt(placeOf(key), settings, { ...this.#ports, assistant: key });
    const { apiKey, provider, baseUrl } = published.model;
    const goesThere = provider === settings.model.provider && baseUrl === settings.model.baseUrl;
    return withKey(settings, choice === "kept" && goesThere ? apiKey : undefined);
  }

  /** Undefined `draft`: it ends. */
  change(key: string, before: Pick<StoredDraft, "version">, draft: Draft | undefined): DocumentChange {
    const body = draft === undefined ? {} : { draft: { ...draft, settings: this.#sealed(key, draft) } };
    const document = { kind: "assistant-draft", id: key, parent: key, body } as const;
    return before.version === 0 ? { do: "create", ...document } : { do: "replace", ...document, ifVersion: before.version };
  }

  /** Throws `DocumentConflictError`. */
  async write(changes: readonly DocumentChange[], audit: AuditDraft): Promise<void> {
    await this.#ports.documents.write(changes, { at: this.#ports.clock.now(), audit: [audit] });
  }

  #sealed(key: string, { key: choice, settings }: Draft): AssistantSettings {
    return choice === "own" ? sealKeyAt(placeOf(key), settings, this.#ports.box) : withoutKey(settings);
  }
}

function placeOf(key: string): string {
  return `assistant-draft/${key}/draft/settings/model/apiKey`;
}
