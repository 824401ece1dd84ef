/** Thousands of everything that the console lists, written straight into a store: over the API they would take hours. */
import type { AuditDraft, DocumentChange, DocumentKind } from "../../server/documents/ports.ts";
import { openEncryptionKeys } from "../../server/guard/secrets/encryption-keys.ts";
import { createSecretBox, type SecretBox } from "../../server/guard/secrets/secret-box.ts";
import { newRecord } from "../../server/setup/mcp-servers/server-changes.ts";
import { serverInputSchema } from "../../server/setup/mcp-servers/server-input.ts";
import { sealRecord } from "../../server/setup/mcp-servers/server-secrets.ts";
import { firstPin } from "../../server/setup/mcp-servers/tool-pin.ts";
import { openStore } from "../../server/start/open-store.ts";
import type { Settings } from "../../server/start/settings.ts";
import { readDefinition } from "../../server/tools/definitions/tool-definition.ts";

const AT_ONCE = 1_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** While no server runs on it. `audited` is how many entries the audit log gets. */
export async function writeMany(settings: Settings, make: (box: SecretBox) => readonly DocumentChange[], audited: number): Promise<void> {
  const { dataDir, encryptionKey: given } = settings;
  const box = createSecretBox({ keys: await openEncryptionKeys({ dataDir, given, previous: [], log: silent }) });
  const store = await openStore(settings, silent);
  const changes = make(box);
  for (let from = 0; from < changes.length; from += AT_ONCE) await store.documents.write(changes.slice(from, from + AT_ONCE), { at: 1 });
  for (let written = 0; written < audited; written += AT_ONCE)
    await store.documents.write([], { at: 1 + written, audit: times(AT_ONCE, () => AUDITED) });
  await store.close();
}

const AUDITED: AuditDraft = {
  by: { kind: "person", id: "ada", name: "Ada" },
  action: "assistant.update",
  target: { kind: "assistant", id: "shop_00000" },
  before: { name: "Shop", prompt: "You help. ".repeat(50) },
  after: { name: "Shop 2", prompt: "You help. ".repeat(50) },
};

function times<One>(count: number, make: (number: number) => One): One[] {
  return Array.from({ length: count }, (_, number) => make(number));
}

function padded(number: number): string {
  return String(number).padStart(5, "0");
}

/** Servers' keys have letters only. */
export function serverKey(number: number): string {
  let letters = "";
  for (let left = number; left >= 0; left = Math.floor(left / 26) - 1) letters += String.fromCharCode(97 + (left % 26));
  return `server_${letters}`;
}

export function assistants(count: number, prompt: string, serversOf: (number: number) => readonly string[]): DocumentChange[] {
  const owner = { kind: "person", id: "person-00001", name: "Person 1" };
  const model = { provider: "openai-compatible", model: "small", baseUrl: "http://127.0.0.1:9/v1" };
  return times(count, (number): DocumentChange[] => {
    const id = `shop_${padded(number)}`;
    const settings = { name: `Shop ${number}`, prompt, model, allowedOrigins: ["https://shop.example"] };
    const connectors = serversOf(number).map((server): DocumentChange => {
      const body = { server, addedBy: owner, settings: { connection: "shared", permissions: { "*": "needs_approval" } } };
      return { do: "create", kind: "connector", id: `${id}/${server}`, parent: id, body };
    });
    return [{ do: "create", kind: "assistant", id, body: { owner, settings } }, ...connectors];
  }).flat();
}

export function servers(count: number, toolsOf: (number: number) => number, box: SecretBox): DocumentChange[] {
  return times(count, (number): DocumentChange[] => {
    const key = serverKey(number);
    const input = serverInputSchema.parse({ key, name: `Server ${number}`, url: `http://127.0.0.1:9/${key}/mcp`, access: "everyone" });
    return [{ do: "create", kind: "mcp-server", id: key, body: sealRecord(key, newRecord(input), box) }, ...tools(key, toolsOf(number))];
  }).flat();
}

/** As if each had just been looked at, so that a server that starts does not ask all of them. Every fifth cannot be used. */
export function statuses(count: number, now: number): DocumentChange[] {
  return times(count, (number): DocumentChange => {
    const lost = { status: "disconnected", reason: "server-not-found", detail: `Server ${number} cannot be reached.`, advice: "Start it." };
    const body = { ...(number % 5 === 4 ? lost : { status: "connected" }), since: now, checkedAt: now };
    return { do: "create", kind: "server-status", id: serverKey(number), body };
  });
}

export function tools(server: string, count: number): DocumentChange[] {
  const inputSchema = { type: "object", properties: Object.fromEntries(times(6, (at) => [`argument_${at}`, { type: "string" }])) };
  return times(count, (at): DocumentChange => {
    const definition = readDefinition({ name: `tool_${padded(at)}`, description: "Looks something up. ".repeat(20), inputSchema });
    if (typeof definition === "string") throw new Error(definition);
    const body = firstPin(definition, { at: 1, reviewed: true, enabled: true });
    return { do: "create", kind: "server-tool", id: `${server}/tool_${padded(at)}`, parent: server, body };
  });
}

export function staff(counts: { readonly people: number; readonly groups: number; readonly keys: number }): DocumentChange[] {
  const create = (kind: DocumentKind, id: string, body: object): DocumentChange => ({ do: "create", kind, id, body });
  return [
    ...times(counts.people, (at) =>
      create("person", `person-${padded(at)}`, { name: `Person ${at}`, email: `person-${at}@desk.example`, roles: ["owner"], groups: [] }),
    ),
    ...times(counts.groups, (at) => create("group", `group-${padded(at)}`, { name: `Group ${at}`, description: "" })),
    ...times(counts.keys, (at) =>
      create("api-key", `key-${padded(at)}`, { name: `Key ${at}`, beginning: "fd_abc", roles: ["owner"], createdBy: "Ada" }),
    ),
  ];
}

export function httpTools(count: number): DocumentChange[] {
  return times(count, (at): DocumentChange => {
    const body = {
      description: "Looks an order up. ".repeat(20),
      method: "GET",
      url: "https://shop.example/orders/{order}",
      parameters: { type: "object", properties: { order: { type: "string" } }, required: ["order"] },
      query: {},
      headers: {},
      timeoutMs: 30_000,
      answerBytes: 65_536,
      safeToRepeat: false,
      idempotencyKey: false,
      trusted: false,
      results: "full",
    };
    return { do: "create", kind: "http-tool", id: `tool_${padded(at)}`, body };
  });
}
