import {
  type IdentityInput,
  type IdentityRecord,
  identityRecordSchema,
  type IdentityView,
  identityView,
  NO_IDENTITY,
  withKeptSecrets,
} from "./identity-record.ts";
import { SettingBeside, type SettingBesidePorts } from "./setting-beside.ts";

/**
 * How assistants' sites say who their customers are. What cannot be read lets nobody in as anybody: of an assistant that
 * is for identified customers only, nobody chats until it is set again.
 */
export class AssistantIdentities extends SettingBeside<IdentityRecord, IdentityInput, IdentityView> {
  constructor(ports: SettingBesidePorts) {
    super(ports, {
      kind: "assistant-identity",
      action: "assistant.identity",
      schema: identityRecordSchema,
      none: NO_IDENTITY,
      unread: { mode: "enforced", keys: [], prompt: [] },
      unreadText: "How an assistant's customers are known cannot be read. Set it again.",
      declared: ({ identity }) => (identity === undefined ? undefined : identityRecordSchema.parse(identity)),
      view: identityView,
      merged: withKeptSecrets,
      mapSecrets,
    });
  }
}

function mapSecrets(record: IdentityRecord, map: (secret: string, place: string) => string): IdentityRecord {
  const keys = record.keys.map((key, index) =>
    key.algorithm === "HS256" ? { ...key, secret: map(key.secret, `keys/${index}/secret`) } : key,
  );
  return { ...record, keys };
}
