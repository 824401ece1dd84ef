import type { VoiceSettings } from "../../conversation/ports/voice.ts";
import { everyDocument } from "../../documents/every-document.ts";
import type { DocumentStore, StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { mayEdit } from "./assistant-record.ts";
import type { AssistantRegistry, Versioned } from "./assistants.ts";
import { NO_VOICE, type VoiceInput, type VoiceRecord, voiceRecordSchema, type VoiceView, voiceView, withKeptKeys } from "./voice-record.ts";

export interface AssistantVoicesPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/**
 * What assistants hear and speak with: beside their versions, so that a change holds at once, and that going back to an
 * earlier version brings no key back that was taken away (decision 0055).
 */
export class AssistantVoices {
  readonly #ports: AssistantVoicesPorts;

  constructor(ports: AssistantVoicesPorts) {
    this.#ports = ports;
  }

  /** Those of all assistants that have one, by key, with the keys of their engines, as calls need them. */
  async all(): Promise<ReadonlyMap<string, VoiceSettings>> {
    const found = await everyDocument(this.#ports.documents, "assistant-voice", { now: this.#ports.clock.now() });
    return new Map(found.map((document) => [document.id, this.#opened(document)] as const));
  }

  /** Throws `RequestError` `not-found` or `forbidden`. */
  async get(staff: Staff, assistant: string, assistants: AssistantRegistry): Promise<Versioned<VoiceView>> {
    const declared = assistants.declared().find(({ key }) => key === assistant);
    if (declared !== undefined) {
      await assistants.checkVisible(staff, assistant);
      return { value: voiceView(declared.voice ?? NO_VOICE, "file"), version: undefined };
    }
    const visible = await assistants.visible(staff, assistant);
    if (!mayEdit(staff, visible)) await assistants.editable(staff, assistant);
    const { record, version } = await this.#find(assistant);
    return { value: voiceView(record, "api"), version };
  }

  /** Throws `RequestError` `not-found`, `read-only` or `forbidden`; `InvalidError`; `DocumentConflictError`. */
  async replace(
    staff: Staff,
    { assistant, input, ifVersion }: { readonly assistant: string; readonly input: VoiceInput; readonly ifVersion: number | undefined },
    assistants: AssistantRegistry,
  ): Promise<Versioned<VoiceView>> {
    await assistants.editable(staff, assistant);
    const before = await this.#find(assistant);
    const record = withKeptKeys(input, before.record);
    const version = ifVersion ?? before.version;
    const document = { kind: "assistant-voice", id: assistant, body: this.#sealed(assistant, record) } as const;
    await this.#ports.documents.write(
      [before.version === 0 && version === 0 ? { do: "create", ...document } : { do: "replace", ...document, ifVersion: version }],
      {
        at: this.#ports.clock.now(),
        audit: [
          {
            by: actorOf(staff),
            action: "assistant.voice",
            target: { kind: "assistant", id: assistant },
            before: voiceView(before.record, "api"),
            after: voiceView(record, "api"),
          },
        ],
      },
    );
    return { value: voiceView(record, "api"), version: version + 1 };
  }

  async #find(assistant: string): Promise<{ readonly record: VoiceRecord; readonly version: number }> {
    const found = await this.#ports.documents.get("assistant-voice", assistant, this.#ports.clock.now());
    return found === undefined ? { record: NO_VOICE, version: 0 } : { record: this.#opened(found), version: found.version };
  }

  #sealed(assistant: string, record: VoiceRecord): VoiceRecord {
    return mapKeys(record, (key, place) => this.#ports.box.seal(key, placeOf(assistant, place)));
  }

  /** An assistant whose voice cannot be read is only written with. */
  #opened({ id, body }: StoredDocument): VoiceRecord {
    try {
      return mapKeys(voiceRecordSchema.parse(body), (sealed, place) => this.#ports.box.open(sealed, placeOf(id, place)));
    } catch (error) {
      this.#ports.log.error({ assistant: id, error: String(error) }, "What an assistant speaks with cannot be read. Set it again.");
      return NO_VOICE;
    }
  }
}

function mapKeys(record: VoiceRecord, map: (key: string, place: string) => string): VoiceRecord {
  const mapped = <Engine extends { apiKey?: string }>(engines: Engine[], list: string): Engine[] =>
    engines.map((engine, index) => (engine.apiKey === undefined ? engine : { ...engine, apiKey: map(engine.apiKey, `${list}/${index}`) }));
  return { enabled: record.enabled, hearing: mapped(record.hearing, "hearing"), speaking: mapped(record.speaking, "speaking") };
}

function placeOf(assistant: string, place: string): string {
  return `assistant-voice/${assistant}/${place}/apiKey`;
}
