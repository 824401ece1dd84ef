import { InvalidError } from "../../foundation/invalid-error.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { ApiServer } from "./server-access.ts";
import type { ServerPatch } from "./server-input.ts";
import { openRecord, type OpenRecord } from "./server-secrets.ts";

/** Secrets that cannot be opened can still be replaced, all of them at once. Throws `InvalidError`. */
export function openForChange(server: ApiServer, patch: ServerPatch, box: SecretBox): OpenRecord {
  const { key, record, entry, fault = "" } = server;
  if (entry !== undefined) return openRecord(key, record, box);
  if (patch.url === undefined)
    throw new InvalidError([
      {
        path: "/url",
        message: `Its secrets cannot be opened. ${fault} Send the address together with each header and the client's secret.`,
      },
    ]);
  const { oauth } = record.auth;
  const unreadable = "unreadable";
  return {
    ...record,
    url: unreadable,
    headers: Object.fromEntries(Object.keys(record.headers).map((name) => [name, unreadable])),
    auth: { ...record.auth, ...(oauth?.clientSecret === undefined ? {} : { oauth: { ...oauth, clientSecret: unreadable } }) },
  };
}
