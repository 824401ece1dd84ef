/** The API key of an assistant's model: sealed in the database, opened only for conversations, never shown. */
import type { Log } from "../../foundation/log.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { AssistantPatch, AssistantRecord, AssistantSettings } from "./assistant-record.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";

interface KeyPorts {
  readonly box: SecretBox;
  readonly log: Log;
}

export function sealKey(assistant: string, record: AssistantRecord, box: SecretBox): AssistantRecord {
  return { ...record, settings: sealKeyAt(placeOf(assistant), record.settings, box) };
}

/**
 * A key that cannot be opened is left out and logged. That assistant then reports that it is not set up; all others go
 * on.
 */
export function openKey(assistant: string, settings: AssistantSettings, { box, log }: KeyPorts): AssistantSettings {
  return openKeyAt(placeOf(assistant), settings, { box, log, assistant });
}

export function sealKeyAt(place: string, settings: AssistantSettings, box: SecretBox): AssistantSettings {
  const { apiKey } = settings.model;
  return apiKey === undefined ? settings : withKey(settings, box.seal(apiKey, place));
}

export function openKeyAt(
  place: string,
  settings: AssistantSettings,
  { box, log, assistant }: KeyPorts & { readonly assistant: string },
): AssistantSettings {
  const { apiKey } = settings.model;
  if (apiKey === undefined) return settings;
  try {
    return withKey(settings, box.open(apiKey, place));
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
  if (isSameAddress(before, after)) return;
  throw new InvalidError([
    {
      path: "/model/apiKey",
      message: "Send the key again (or null): it would go to another provider or address than before.",
      code: "key-again",
    },
  ]);
}

/** Whether a key of one may go where the other's goes. */
export function isSameAddress(left: AssistantSettings, right: AssistantSettings): boolean {
  return left.model.provider === right.model.provider && left.model.baseUrl === right.model.baseUrl;
}

export function givesKey(patch: AssistantPatch): boolean {
  return typeof keyIn(patch) === "string";
}

export function takesKeyAway(patch: AssistantPatch): boolean {
  return keyIn(patch) === null;
}

function keyIn(patch: AssistantPatch): unknown {
  const model = patch["model"];
  return typeof model === "object" && model !== null && "apiKey" in model ? model.apiKey : undefined;
}

export function withKey(settings: AssistantSettings, key: string | undefined): AssistantSettings {
  const { apiKey: _apiKey, ...model } = settings.model;
  return { ...settings, model: { ...model, ...(key === undefined ? {} : { apiKey: key }) } };
}

function placeOf(assistant: string): string {
  return `assistant/${assistant}/settings/model/apiKey`;
}
