import type { Assistant, ModelSettings, SettingsPlace } from "../ports/assistant.ts";
import type { Assistants } from "../ports/assistants.ts";

/** The settings of the turn that is open in a run. `name` is the one under which its customer speaks with the assistant. */
export class TurnSettings {
  readonly #assistants: Assistants;
  readonly #name: string;
  /** With what the turn began, whatever its owner publishes meanwhile. */
  #began: Assistant | undefined;

  constructor(assistants: Assistants, name: string, began: Assistant | undefined) {
    this.#assistants = assistants;
    this.#name = name;
    this.#began = began;
  }

  get present(): Assistant | undefined {
    return this.#assistants.find(this.#name);
  }

  /** Those of the turn; what its tools may do is read at this moment. */
  get kept(): Assistant | undefined {
    const { present } = this;
    return present === undefined || this.#began === undefined ? present : settingsKept(this.#began, present);
  }

  /** A turn begins, with those of this moment. */
  begin(): Assistant | undefined {
    this.#began = this.present;
    return this.#began;
  }

  /** A turn goes on with those that it began with, also in another process. */
  async find(began: SettingsPlace): Promise<void> {
    const at = [this.#began, this.present].find((one) => one !== undefined && isSamePlace(one, began));
    this.#began = at ?? (await this.#assistants.at?.(this.#name, began));
  }
}

function isSamePlace(left: SettingsPlace, right: SettingsPlace): boolean {
  return left.version === right.version && left.draft === right.draft;
}

/**
 * An assistant with the settings of an earlier moment. Its connectors are those of now, so that what somebody took away
 * is gone at once; and its model's key, where it is still the key of the same provider and address.
 */
function settingsKept(earlier: Assistant, present: Assistant): Assistant {
  if (earlier === present) return present;
  return { ...earlier, connectors: present.connectors, model: keptModel(earlier.model, present.model) };
}

function keptModel({ apiKey: earlierKey, ...earlier }: ModelSettings, present: ModelSettings): ModelSettings {
  const isSame = earlier.provider === present.provider && earlier.baseUrl === present.baseUrl;
  const apiKey = isSame ? present.apiKey : earlierKey;
  return apiKey === undefined ? earlier : { ...earlier, apiKey };
}
