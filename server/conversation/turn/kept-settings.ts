import type { Assistant, ModelSettings, SettingsPlace } from "../ports/assistant.ts";

export function isSamePlace(left: SettingsPlace, right: SettingsPlace): boolean {
  return left.version === right.version && left.draft === right.draft;
}

/**
 * An assistant with the settings of an earlier moment. Its connectors are those of now, so that what somebody took away
 * is gone at once; and its model's key, where it is still the key of the same provider and address.
 */
export function settingsKept(earlier: Assistant, present: Assistant): Assistant {
  if (earlier === present) return present;
  return { ...earlier, connectors: present.connectors, model: keptModel(earlier.model, present.model) };
}

function keptModel({ apiKey: earlierKey, ...earlier }: ModelSettings, present: ModelSettings): ModelSettings {
  const isSame = earlier.provider === present.provider && earlier.baseUrl === present.baseUrl;
  const apiKey = isSame ? present.apiKey : earlierKey;
  return apiKey === undefined ? earlier : { ...earlier, apiKey };
}
