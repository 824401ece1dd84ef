/** The API key of an assistant's model: sealed in the database, opened only for conversations, never shown. */
import type { Log } from "../../foundation/log.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { AssistantPatch, AssistantRecord, AssistantSettings } from "./assistant-record.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";

export function sealKey(assistant: string, record: AssistantRecord, box: SecretBox): AssistantRecord {
  const { apiKey } = record.settings.model;
  return apiKey === undefined ? record : { ...record, settings: withKey(record.settings, box.seal(apiKey, placeOf(assistant))) };
}

/**
 * A key that cannot be opened is left out and logged. That assistant then reports that it is not set up; all others go
 * on.
 */
export function openKey(assistant: string, settings: AssistantSettings, { box, log }: { box: SecretBox; log: Log }): AssistantSettings {
  const { apiKey } = settings.model;
  if (apiKey === undefined) return settings;
  try {
    return withKey(settings, box.open(apiKey, placeOf(assistant)));
  } catch (error) {
    log.error({ assistant, error: String(error) }, "The API key of an assistant's model cannot be opened. Set it again over the API.");
    return withKey(settings, undefined);
  }
}

/**
 * Throws `InvalidError` if a stored key would go to another provider or address than the one it was given for.
 * Otherwise whoever may change the address could read the key.
 */
export function refuseKeyElsewhere(before: AssistantSettings, after: AssistantSettings, patch: AssistantPatch): void {
  if (before.model.apiKey === undefined || after.model.apiKey === undefined || givesKey(patch)) return;
  if (before.model.provider === after.model.provider && before.model.baseUrl === after.model.baseUrl) return;
  throw new InvalidError([
    { path: "/model/apiKey", message: "Send the key again (or null): it would go to another provider or address than before." },
  ]);
}

export function givesKey(patch: AssistantPatch): boolean {
  const model = patch["model"];
  return typeof model === "object" && model !== null && "apiKey" in model && typeof model.apiKey === "string";
}

function placeOf(assistant: string): string {
  return `assistant/${assistant}/settings/model/apiKey`;
}

function withKey(settings: AssistantSettings, key: string | undefined): AssistantSettings {
  const { apiKey: _apiKey, ...model } = settings.model;
  return { ...settings, model: { ...model, ...(key === undefined ? {} : { apiKey: key }) } };
}
