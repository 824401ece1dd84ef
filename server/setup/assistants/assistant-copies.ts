/** Assistants that are made from others. */
import { InvalidError } from "../../foundation/invalid-error.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { withKey } from "./assistant-key.ts";
import { type AssistantSettings, assistantSettingsSchema, isOwner } from "./assistant-record.ts";
import type { AssistantView } from "./assistant-view.ts";
import type { AssistantRegistry, Versioned } from "./assistants.ts";
import type { ConnectorRegistry, LeftOutConnector } from "./connectors.ts";

export interface CopyWish {
  readonly key: string;
  readonly name: string;
  /** The model's key; absent: see `duplicate`. */
  readonly apiKey?: string | undefined;
  readonly reuseKey?: true | undefined;
}

export interface Copy extends Versioned<AssistantView> {
  readonly leftOut: readonly LeftOutConnector[];
}

export interface AssistantCopiesPorts {
  readonly assistants: AssistantRegistry;
  readonly connectors: ConnectorRegistry;
}

export class AssistantCopies {
  readonly #ports: AssistantCopiesPorts;

  constructor(ports: AssistantCopiesPorts) {
    this.#ports = ports;
  }

  /**
   * A new assistant of this person with the published settings of one that they may see, and its connectors as far as
   * they may use the servers. The model's key goes with it only from an assistant of their own: anybody else's stays
   * where its owner can change it, and the file's in the file. Throws `RequestError` `not-found` or `already-exists`, or
   * `InvalidError`.
   */
  async duplicate(staff: Staff, source: string, { key, name, apiKey, reuseKey }: CopyWish): Promise<Copy> {
    const { assistants, connectors } = this.#ports;
    const settings = await this.#settingsOf(staff, source);
    const given = withKey({ ...settings, name }, apiKey ?? settings.model.apiKey);
    const { changes, audit, leftOut } = await connectors.copies(staff, { from: source, to: key });
    const wish = { key, ...given, ...(reuseKey === undefined ? {} : { reuseKey }) };
    try {
      return { ...(await assistants.create(staff, wish, { action: "assistant.duplicate", changes, audit })), leftOut };
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      // Only the key is not as it is in the source.
      throw new InvalidError(error.faults.map((fault) => (fault.path === "/model/apiKey" ? { ...fault, path: "/apiKey" } : fault)));
    }
  }

  async #settingsOf(staff: Staff, source: string): Promise<AssistantSettings> {
    const { assistants } = this.#ports;
    const declared = assistants.declared().find((assistant) => assistant.key === source);
    if (declared !== undefined) {
      const { key: _key, connectors: _connectors, ...section } = declared;
      return withKey(assistantSettingsSchema.strip().parse(withoutUndefined(section)), undefined);
    }
    const found = await assistants.visible(staff, source);
    return isOwner(staff, found) ? assistants.opened(found) : withKey(found.settings, undefined);
  }
}

function withoutUndefined(section: object): unknown {
  return JSON.parse(JSON.stringify(section));
}
