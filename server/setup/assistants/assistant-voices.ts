import { SettingBeside, type SettingBesidePorts } from "./setting-beside.ts";
import { NO_VOICE, type VoiceInput, type VoiceRecord, voiceRecordSchema, type VoiceView, voiceView, withKeptKeys } from "./voice-record.ts";

/** What assistants hear and speak with. One whose voice cannot be read is only written with. */
export class AssistantVoices extends SettingBeside<VoiceRecord, VoiceInput, VoiceView> {
  constructor(ports: SettingBesidePorts) {
    super(ports, {
      kind: "assistant-voice",
      action: "assistant.voice",
      schema: voiceRecordSchema,
      none: NO_VOICE,
      unread: NO_VOICE,
      unreadText: "What an assistant speaks with cannot be read. Set it again.",
      declared: ({ voice }) => (voice === undefined ? undefined : voiceRecordSchema.parse(voice)),
      view: voiceView,
      merged: withKeptKeys,
      mapSecrets: mapKeys,
    });
  }
}

function mapKeys(record: VoiceRecord, map: (key: string, place: string) => string): VoiceRecord {
  const mapped = <Engine extends { apiKey?: string }>(engines: Engine[], list: string): Engine[] =>
    engines.map((engine, index) =>
      engine.apiKey === undefined ? engine : { ...engine, apiKey: map(engine.apiKey, `${list}/${index}/apiKey`) },
    );
  const { realtime } = record;
  const own = realtime?.apiKey === undefined ? {} : { realtime: { ...realtime, apiKey: map(realtime.apiKey, "realtime/apiKey") } };
  return { ...record, hearing: mapped(record.hearing, "hearing"), speaking: mapped(record.speaking, "speaking"), ...own };
}
