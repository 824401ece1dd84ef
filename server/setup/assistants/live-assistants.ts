/** The assistants as conversations see them now. */
import { assistantOf, connectorOf } from "../../configuration/assistant-of.ts";
import type { Assistant, Connector, SettingsPlace } from "../../conversation/ports/assistant.ts";
import type { Assistants } from "../../conversation/ports/assistants.ts";
import type { Log } from "../../foundation/log.ts";
import type { AssistantPreviews, Preview } from "./assistant-previews.ts";
import { connectorInputSchema } from "./connector-record.ts";
import { StoredEndpoints } from "../endpoints/stored-endpoints.ts";
import { StoredVersions } from "./assistant-versions.ts";
import type { AssistantIdentities } from "./assistant-identities.ts";
import type { AssistantVoices } from "./assistant-voices.ts";
import type { AssistantRegistry } from "./assistants.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { StoredAssistant } from "./stored-assistants.ts";
import { StoredDrafts } from "./stored-drafts.ts";
import { type StandingPorts, suspensionOf } from "./connector-standing.ts";
import { onceEach } from "./once-each.ts";
import type { ConnectorRegistry } from "./connectors.ts";
import type { StoredConnector } from "./stored-connectors.ts";
import type { Follower } from "../../documents/following.ts";
import type { ChangedDocuments, DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { ACCESS_KINDS, concernsAccess } from "./concerns-access.ts";
import type { Sharing } from "../sharing/sharing.ts";

export interface LiveAssistantsPorts extends StandingPorts {
  readonly sharing: Sharing;
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly assistants: AssistantRegistry;
  readonly previews: AssistantPreviews;
  readonly box: SecretBox;
  readonly connectors: ConnectorRegistry;
  readonly identities: AssistantIdentities;
  readonly voices: AssistantVoices;
  readonly log: Log;
}

/**
 * The file's assistants and those of the API, with the connectors that have an effect. Asking costs a look at a map.
 * Every change of what they are made of, and of who may use what, is seen before whoever made it is answered.
 *
 * A running conversation asks before every call, so what a person took away is gone at its next call. Its settings are
 * those that its turn began with (`at`).
 */
export class LiveAssistants implements Assistants, Follower {
  readonly kinds = [
    "assistant",
    "connector",
    "assistant-preview",
    "assistant-draft",
    "assistant-identity",
    "assistant-voice",
    "assistant-endpoint",
    "api-key",
    ...ACCESS_KINDS,
  ] as const;
  readonly #ports: LiveAssistantsPorts;
  readonly #drafts: StoredDrafts;
  readonly #versions: StoredVersions;
  readonly #endpoints: StoredEndpoints;
  #byKey: ReadonlyMap<string, Assistant>;
  #previews: ReadonlyMap<string, LivePreview> = new Map();
  /** The servers of all of them, as long as they stay the same. */
  #servers: { readonly of: ReadonlyMap<string, Assistant>; readonly keys: ReadonlySet<string> } | undefined;
  #reading: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /** Has the file's assistants at once, and the others after `reload`. */
  constructor(ports: LiveAssistantsPorts) {
    this.#ports = ports;
    this.#drafts = new StoredDrafts(ports);
    this.#versions = new StoredVersions(ports);
    this.#endpoints = new StoredEndpoints(ports);
    this.#byKey = byKey(ports.assistants.declared());
  }

  async follow(changed: readonly ChangedDocuments[]): Promise<void> {
    const { documents, clock } = this.#ports;
    for (const one of changed) if (this.#concernsPreviews(one) && (await concernsAccess(one, documents, clock.now()))) return this.reload();
  }

  /** A draft is seen in previews alone; and of the keys, which change with every use, only those that opened one matter. */
  #concernsPreviews({ kind, id }: ChangedDocuments): boolean {
    if (id === undefined || (kind !== "assistant-draft" && kind !== "api-key")) return true;
    const previews = [...this.#previews.values()].map(({ preview }) => preview);
    return previews.some(({ assistant, by }) => id === (kind === "api-key" ? by.id : assistant));
  }

  find(name: string): Assistant | undefined {
    const found = this.#byKey.get(name);
    if (found !== undefined) return found;
    const open = this.#previews.get(name);
    return open === undefined || open.preview.expiresAt <= this.#ports.clock.now() ? undefined : open.assistant;
  }

  async at(name: string, place: SettingsPlace): Promise<Assistant | undefined> {
    const present = this.find(name);
    const kept = present === undefined ? undefined : await this.#versions.settings(present.key, place);
    if (present === undefined || kept === undefined) return undefined;
    const { key, connectors, preview, allowedOrigins, identity, voice } = present;
    const { model } = kept.settings;
    // Its key is not kept, so with another provider or address the turn goes on with the present model.
    const isReached = !kept.apiKeySet || (model.provider === present.model.provider && model.baseUrl === present.model.baseUrl);
    return {
      ...assistantOf(key, { ...kept.settings, connectors: {} }),
      ...place,
      model: isReached ? model : present.model,
      connectors,
      allowedOrigins,
      ...(identity === undefined ? {} : { identity }),
      ...(voice === undefined ? {} : { voice }),
      ...(preview === undefined ? {} : { preview }),
    };
  }

  /** Every one, by key. */
  all(): readonly Assistant[] {
    return [...this.#byKey.values()];
  }

  /** Whether any of them has this MCP server: asked for each server in turn, so looked up and not searched. */
  hasServer(server: string): boolean {
    if (this.#servers?.of !== this.#byKey) {
      const keys = this.all().flatMap(({ connectors }) => connectors.map((connector) => connector.server));
      this.#servers = { of: this.#byKey, keys: new Set(keys) };
    }
    return this.#servers.keys.has(server);
  }

  /** Every website that any assistant may be used on. */
  origins(): string[] {
    return this.all().flatMap(({ allowedOrigins }) => allowedOrigins);
  }

  /**
   * Resolves when every change from before the call is visible. Throws if the database cannot be read; then everything
   * stays as it was.
   */
  reload(): Promise<void> {
    // A reload that is waiting and has not started to read includes this change.
    this.#next ??= this.#reading.then(async () => {
      this.#next = undefined;
      const reading = this.#read();
      this.#reading = reading.catch(() => {});
      await reading;
    });
    return this.#next;
  }

  async #read(): Promise<void> {
    const { assistants, connectors, log } = this.#ports;
    const stored = await assistants.stored();
    const besideOf = await this.#readBeside();
    const given = await connectors.stored();
    const standing = await this.#standing(given);
    const withDevices = await this.#readEndpoints(given);
    const made = stored.map((one) => {
      if (assistants.isDeclared(one.key))
        log.warn(
          { assistant: one.key },
          "The configuration file declares an assistant that was also made over the API. The file's is used.",
        );
      const connected = withDevices(one.key, standing.get(one.key) ?? []);
      return {
        ...assistantOf(one.key, { ...assistants.opened(one), connectors: {} }),
        connectors: connected,
        ...besideOf(one.key),
        version: one.number,
      };
    });
    const previews = await this.#openPreviews(stored.filter(({ key }) => !assistants.isDeclared(key)));
    const declared = assistants.declared().map((one) => ({ ...one, connectors: withDevices(one.key, one.connectors) }));
    this.#byKey = byKey([...made, ...declared]);
    this.#previews = new Map(
      previews.map(({ preview, assistant }) => {
        const connected = withDevices(assistant.key, standing.get(assistant.key) ?? []);
        return [preview.name, { preview, assistant: { ...assistant, connectors: connected, ...besideOf(assistant.key) } }];
      }),
    );
  }

  /** What is set beside the versions. */
  async #readBeside(): Promise<(key: string) => Pick<Assistant, "identity" | "voice">> {
    const [identities, voices] = [await this.#ports.identities.all(), await this.#ports.voices.all()];
    return (key) => {
      const [identity, voice] = [identities.get(key), voices.get(key)];
      return { ...(identity === undefined ? {} : { identity }), ...(voice === undefined ? {} : { voice }) };
    };
  }

  /** Devices may be used where the endpoint is on; without a connector that says otherwise, each of their tools asks. */
  async #readEndpoints(
    given: readonly StoredConnector[],
  ): Promise<(key: string, connectors: readonly Connector[]) => readonly Connector[]> {
    const enabled = await this.#endpoints.enabled();
    const chosen = new Set(given.filter(({ server }) => server === DEVICES.server).map(({ assistant }) => assistant));
    return (key, connectors) => {
      const isChosen = chosen.has(key) || connectors.some(({ server }) => server === DEVICES.server);
      return enabled.has(key) && !isChosen ? [...connectors, DEVICES] : connectors;
    };
  }

  /** Each with its draft, or with what is published. */
  async #openPreviews(stored: readonly StoredAssistant[]): Promise<readonly LivePreview[]> {
    const byAssistant = new Map(stored.map((one) => [one.key, one]));
    const standing = await this.#ports.previews.standing(byAssistant);
    const made = standing.map(async (preview): Promise<LivePreview[]> => {
      const found = byAssistant.get(preview.assistant);
      return found === undefined ? [] : [{ preview, assistant: await this.#previewed(found) }];
    });
    return (await Promise.all(made)).flat();
  }

  async #previewed(found: StoredAssistant): Promise<Assistant> {
    const published = this.#ports.assistants.opened(found);
    const { draft } = await this.#drafts.get(found);
    const settings = draft === undefined ? published : this.#drafts.opened(found.key, draft, published);
    const place = draft === undefined ? { version: found.number } : { version: draft.basedOn, draft: draft.id };
    // Only pages of our own, which no list has to name.
    return { ...assistantOf(found.key, { ...settings, connectors: {} }), ...place, allowedOrigins: [], preview: true };
  }

  async #standing(stored: readonly StoredConnector[]): Promise<ReadonlyMap<string, readonly Connector[]>> {
    const ports = { ...this.#ports, people: onceEach(this.#ports.people) };
    const suspensions = await Promise.all(stored.map((one) => suspensionOf(one, ports)));
    const byAssistant = new Map<string, Connector[]>();
    for (const [index, one] of stored.entries()) {
      if (suspensions[index] !== undefined) continue;
      byAssistant.set(one.assistant, [...(byAssistant.get(one.assistant) ?? []), connectorOf(one.server, one.settings)]);
    }
    return byAssistant;
  }
}

const DEVICES: Connector = connectorOf("device", connectorInputSchema.parse({ permissions: { "*": "needs_approval" } }));

interface LivePreview {
  readonly preview: Preview;
  readonly assistant: Assistant;
}

function byKey(assistants: readonly Assistant[]): ReadonlyMap<string, Assistant> {
  return new Map(assistants.map((assistant) => [assistant.key, assistant]));
}
