/** What was published of an assistant: who, when, and the settings without the model's key. */
import * as z from "zod";
import type { SettingsPlace } from "../../conversation/ports/assistant.ts";
import type { DocumentChange, DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { type AssistantSettings, assistantSettingsSchema } from "./assistant-record.ts";
import { KEY_PATH, withoutKey } from "./settings-difference.ts";

export const NOTE_CHARACTERS = 500;

const actorSchema = z.object({ kind: z.enum(["person", "key", "system"]), id: z.string(), name: z.string() });

/** A version in a list, without its settings. */
export const versionSchema = z.object({
  number: z.int(),
  at: z.number().describe("When it was published."),
  by: actorSchema.exactOptional().describe("Absent: nobody wrote down who it was yet."),
  note: z.string().exactOptional(),
  restored: z.int().exactOptional().describe("The version whose settings these are again."),
  changed: z
    .array(z.string())
    .describe(`JSON pointers into the settings: what differs from the version before. ${KEY_PATH}: another key, or none.`),
});
export type Version = z.output<typeof versionSchema>;

const keptSettingsSchema = z.object({ settings: assistantSettingsSchema.strip(), apiKeySet: z.boolean() });
export type VersionSettings = z.output<typeof keptSettingsSchema>;

interface StoredVersionsPorts {
  readonly documents: DocumentStore;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** Versions as the database holds them. */
export class StoredVersions {
  readonly #ports: StoredVersionsPorts;

  constructor(ports: StoredVersionsPorts) {
    this.#ports = ports;
  }

  /** Newest first, those before `before`. */
  async list(key: string, { before, limit }: { before: number | undefined; limit: number }): Promise<readonly Version[]> {
    const { documents, clock } = this.#ports;
    const after = before === undefined ? {} : { after: versionId(key, before) };
    const found = await documents.list("assistant-version", { parent: key, ...after, limit, now: clock.now() });
    return found.flatMap(({ id, body }) => this.#parsed(id, versionSchema.safeParse(body)) ?? []);
  }

  async get(key: string, number: number): Promise<Version | undefined> {
    const id = versionId(key, number);
    const found = await this.#ports.documents.get("assistant-version", id, this.#ports.clock.now());
    return found === undefined ? undefined : this.#parsed(id, versionSchema.safeParse(found.body));
  }

  /** The settings of a version, or of an earlier state of a draft. Undefined: they are not kept. */
  async settings(key: string, place: SettingsPlace): Promise<VersionSettings | undefined> {
    const id = settingsId(key, place);
    const found = id === undefined ? undefined : await this.#ports.documents.get("assistant-settings", id, this.#ports.clock.now());
    return found === undefined ? undefined : this.#parsed(found.id, keptSettingsSchema.safeParse(found.body));
  }

  #parsed<Value>(id: string, parsed: z.ZodSafeParseResult<Value>): Value | undefined {
    if (parsed.success) return parsed.data;
    this.#ports.log.error({ version: id }, "A version of an assistant in the database cannot be read and is left out.");
    return undefined;
  }
}

/** Keeps a version, and apart from it its settings, which are not read for a list. */
export function keepVersion(key: string, version: Version, settings: AssistantSettings): DocumentChange[] {
  return [
    { do: "create", kind: "assistant-version", id: versionId(key, version.number), parent: key, body: version },
    keepSettings(key, { version: version.number }, { settings }),
  ];
}

/** Keeps settings for the turns that began with them. */
export function keepSettings(
  key: string,
  place: SettingsPlace,
  { settings, expiresAt }: { settings: AssistantSettings; expiresAt?: number },
): DocumentChange {
  const body: VersionSettings = { settings: withoutKey(settings), apiKeySet: settings.model.apiKey !== undefined };
  const end = expiresAt === undefined ? {} : { expiresAt };
  return { do: "replace", orCreate: true, kind: "assistant-settings", id: settingsId(key, place) ?? key, parent: key, body, ...end };
}

/** The newest version sorts first. */
function versionId(key: string, number: number): string {
  return `${key}/${String(999_999_999 - number).padStart(9, "0")}`;
}

function settingsId(key: string, { version, draft }: SettingsPlace): string | undefined {
  const of = draft ?? version;
  return of === undefined ? undefined : `${key}/${of}`;
}
