import { InvalidError, type Fault } from "../../foundation/invalid-error.ts";
import { mergePatch, pointerTo } from "../../documents/merge-patch.ts";
import { authFaults, authOf } from "../../tools/mcp/servers/server-auth.ts";
import { protocolFault } from "../../tools/mcp/servers/protocol-fault.ts";
import { wireFields } from "../../tools/mcp/servers/server-fields.ts";
import type { ServerInput, ServerPatch } from "./server-input.ts";
import type { OpenRecord } from "./server-secrets.ts";

type Auth = OpenRecord["auth"];
type OAuth = NonNullable<Auth["oauth"]>;

/** The record of a new server, with its secrets unsealed. Throws `InvalidError`. */
export function newRecord(input: ServerInput): OpenRecord {
  const { key, name = key, auth, command: _command, args: _args, env: _env, ...said } = input;
  refuseImpossible(auth);
  refuseImpossibleProtocol(said);
  return { ...said, name, auth: authOf(auth, said.headers), revision: 1 };
}

export interface PatchedRecord {
  readonly record: OpenRecord;
  /** Whether earlier links and lists are no longer valid. */
  readonly reconnects: boolean;
  /** The server is at another address, so the secrets it was given must go. */
  readonly moved: boolean;
}

/**
 * The record after a change. A server that moves keeps none of its secrets: each one that the change neither sends
 * again nor removes is a fault. Otherwise whoever may change the address could have the secrets sent anywhere. Throws
 * `InvalidError`.
 */
export function patchedRecord(before: OpenRecord, patch: ServerPatch): PatchedRecord {
  const moved = patch.url !== undefined && patch.url !== before.url;
  if (moved) refuseKeptSecrets(before, patch);
  const { key: _key, headers = {}, auth, command: _command, args: _args, env: _env, ...plain } = patch;
  const nextHeaders = patchedHeaders(before.headers, headers);
  const record: OpenRecord = {
    ...(mergePatch(before, plain) as OpenRecord),
    headers: nextHeaders,
    auth: patchedAuth(before.auth, auth, Object.keys(nextHeaders).length > 0),
  };
  refuseImpossibleProtocol(record);
  const reconnects = wiring(record) !== wiring(before);
  return { record: reconnects ? { ...record, revision: before.revision + 1 } : record, reconnects, moved };
}

function refuseKeptSecrets(before: OpenRecord, patch: ServerPatch): void {
  const given = new Set(Object.keys(patch.headers ?? {}).map((name) => name.toLowerCase()));
  const faults: Fault[] = Object.keys(before.headers)
    .filter((name) => !given.has(name.toLowerCase()))
    .map((name) => ({
      path: pointerTo(["headers", name]),
      message: `The address changed, so the value of ${name} is needed again. Send it, or null to remove it.`,
      code: "secret-again",
    }));
  const stays = (patch.auth?.kind ?? before.auth.kind) === "oauth";
  if (stays && before.auth.oauth?.clientSecret !== undefined && patch.auth?.oauth?.clientSecret === undefined)
    faults.push({
      path: "/auth/oauth/clientSecret",
      message: "The address changed, so the client's secret is needed again. Send it, or null to remove it.",
      code: "secret-again",
    });
  if (faults.length > 0) throw new InvalidError(faults);
}

function patchedHeaders(before: Readonly<Record<string, string>>, patch: Readonly<Record<string, string | null>>): Record<string, string> {
  const named = new Set(Object.keys(patch).map((name) => name.toLowerCase()));
  return Object.fromEntries([
    ...Object.entries(before).filter(([name]) => !named.has(name.toLowerCase())),
    ...Object.entries(patch).flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]])),
  ]);
}

function patchedAuth(before: Auth, patch: ServerPatch["auth"], hasHeaders: boolean): Auth {
  const asked = patch?.kind ?? before.kind;
  // Headers count as a kind of authentication.
  const kind = asked === "none" && hasHeaders ? "headers" : asked;
  if (kind !== "oauth") {
    refuseImpossible({ kind, oauth: patch?.oauth });
    return { kind };
  }
  const oauth = mergePatch(before.oauth ?? { grant: "authorization_code" }, patch?.oauth ?? {}) as OAuth;
  if (patch !== undefined) refuseImpossible({ kind, oauth });
  return { kind, oauth };
}

function refuseImpossible(auth: Parameters<typeof authFaults>[0] = {}): void {
  const faults = authFaults(auth).map(({ path, expected }): Fault => ({
    path: pointerTo(["auth", ...path]),
    message: `Expected ${expected}.`,
  }));
  if (faults.length > 0) throw new InvalidError(faults);
}

function refuseImpossibleProtocol(settings: Parameters<typeof protocolFault>[0]): void {
  const found = protocolFault(settings);
  if (found !== undefined) throw new InvalidError([{ path: pointerTo(found.path), message: `Expected ${found.expected}.` }]);
}

const WIRE_FIELDS = [
  "url",
  "transport",
  "protocol",
  "headers",
  "customerHeaders",
  "auth",
  ...Object.keys(wireFields),
] as readonly (keyof OpenRecord)[];

/** Everything that determines how to talk to the server, as one text. Contains secrets. */
function wiring(record: OpenRecord): string {
  return JSON.stringify(WIRE_FIELDS.map((field) => (field === "headers" ? Object.entries(record.headers) : record[field])));
}

/** The secrets whose values changed, as the audit log names them. */
export function secretsReplaced(before: OpenRecord, after: OpenRecord): readonly string[] {
  const headers = Object.entries(after.headers).filter(
    ([name, value]) => Object.hasOwn(before.headers, name) && before.headers[name] !== value,
  );
  const { clientSecret } = after.auth.oauth ?? {};
  return [
    ...(before.url === after.url ? [] : ["url"]),
    ...headers.map(([name]) => `headers.${name}`),
    ...(clientSecret === undefined || clientSecret === before.auth.oauth?.clientSecret ? [] : ["auth.oauth.clientSecret"]),
  ];
}
