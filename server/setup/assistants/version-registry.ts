/** The published versions of assistants, and going back to one. */
import type * as z from "zod";
import { RequestError } from "../../../protocol/errors.ts";
import { DocumentConflictError } from "../../documents/ports.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { isSameAddress, withKey } from "./assistant-key.ts";
import type { AssistantSettings } from "./assistant-record.ts";
import { StoredVersions, type Version, type VersionSettings, versionSchema } from "./assistant-versions.ts";
import { type AssistantView, shownSettings, shownSettingsSchema } from "./assistant-view.ts";
import type { AssistantRegistry, AssistantRegistryPorts, Versioned } from "./assistants.ts";
import type { StoredAssistant } from "./stored-assistants.ts";

/** One version with its settings. */
export const versionDetailSchema = versionSchema.extend({ settings: shownSettingsSchema });
export type VersionDetail = z.output<typeof versionDetailSchema>;

export interface Restoring {
  readonly number: number;
  readonly note?: string | undefined;
  /** The websites that are allowed now stay. */
  readonly keepAllowedOrigins?: boolean;
  /** The model's key, where the present one is for another provider or address. Null: none. */
  readonly apiKey?: string | null | undefined;
}

export interface VersionRegistryPorts extends Pick<AssistantRegistryPorts, "documents" | "clock" | "log"> {
  readonly assistants: AssistantRegistry;
}

/** Whoever may see an assistant may read its versions; whoever may change it may go back to one. */
export class VersionRegistry {
  readonly #ports: VersionRegistryPorts;
  readonly #stored: StoredVersions;

  constructor(ports: VersionRegistryPorts) {
    this.#ports = ports;
    this.#stored = new StoredVersions(ports);
  }

  /** Newest first. The file's assistants have none. Throws `RequestError` `not-found`. */
  async list(staff: Staff, key: string, page: { before: number | undefined; limit: number }): Promise<readonly Version[]> {
    if (this.#ports.assistants.isDeclared(key)) return [];
    const found = await this.#ports.assistants.visible(staff, key);
    if (found.keepsVersions) return this.#stored.list(key, page);
    return page.before === undefined ? [firstVersion(found)] : [];
  }

  /** Throws `RequestError` `not-found`. */
  async get(staff: Staff, key: string, number: number): Promise<VersionDetail> {
    const { version, settings, apiKeySet } = await this.#find(await this.#ports.assistants.visible(staff, key), number);
    const shown = shownSettings(settings);
    return { ...version, settings: { ...shown, model: { ...shown.model, apiKeySet } } };
  }

  /**
   * Publishes exactly the settings of a version as a new one, unless the allowed websites are to stay. The model's key
   * stays as it is where provider and address do; otherwise it has to be given. Throws `RequestError` `not-found`, `read-only` or `forbidden`,
   * `DocumentConflictError`, or `InvalidError`.
   */
  async restore(staff: Staff, key: string, restoring: Restoring, ifVersion: number | undefined): Promise<Versioned<AssistantView>> {
    const { assistants } = this.#ports;
    const found = await assistants.editable(staff, key);
    if (ifVersion !== undefined && ifVersion !== found.version) throw new DocumentConflictError("changed", "assistant", key);
    const { number, note, keepAllowedOrigins = false } = restoring;
    const version = await this.#find(found, number);
    const before = assistants.opened(found);
    const apiKey = keyOf(version, before, restoring);
    const { allowedOrigins } = keepAllowedOrigins ? before : version.settings;
    const settings = withKey({ ...version.settings, allowedOrigins }, apiKey);
    const keyReplaced = apiKey !== before.model.apiKey;
    const { owner } = found;
    return assistants.publish(
      found,
      { owner, settings },
      { action: "assistant.restore", by: actorOf(staff), keyReplaced, note, restored: number },
    );
  }

  async #find(found: StoredAssistant, number: number): Promise<VersionSettings & { readonly version: Version }> {
    const { key, settings } = found;
    if (!found.keepsVersions && number === found.number)
      return { version: firstVersion(found), settings, apiKeySet: settings.model.apiKey !== undefined };
    const [version, kept] = await Promise.all([this.#stored.get(key, number), this.#stored.settings(key, { version: number })]);
    if (version === undefined || kept === undefined)
      throw new RequestError("not-found", { detail: `The assistant ${key} has no version ${number}.` });
    return { version, ...kept };
  }
}

/** What was there before versions were kept. */
function firstVersion({ number, updatedAt }: StoredAssistant): Version {
  return { number, at: updatedAt, changed: [] };
}

/** Throws `InvalidError` if the key has to be given again. */
function keyOf({ settings, apiKeySet }: VersionSettings, present: AssistantSettings, { apiKey }: Restoring): string | undefined {
  if (apiKey === null) return undefined;
  if (apiKey !== undefined) return apiKey;
  if (isSameAddress(settings, present)) return present.model.apiKey;
  if (!apiKeySet) return undefined;
  throw new InvalidError([
    {
      path: "/apiKey",
      message: "Send the key of that version's model again (or null): the present key is for another provider or address.",
      code: "key-again",
    },
  ]);
}
