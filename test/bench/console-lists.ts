/**
 * The first page of each list of the console, over the API of a whole server that has much: 1,000 assistants, 200
 * servers and 8,000 tools. The floor is a bare select of as many rows from a copy of the same file. Run alone:
 * `npm run bench -- --only console-lists`.
 */
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { DocumentChange, DocumentKind } from "../../server/documents/ports.ts";
import { createSecretBox, type SecretBox } from "../../server/guard/secrets/secret-box.ts";
import { openEncryptionKeys } from "../../server/guard/secrets/encryption-keys.ts";
import { newRecord } from "../../server/setup/mcp-servers/server-changes.ts";
import { serverInputSchema } from "../../server/setup/mcp-servers/server-input.ts";
import { sealRecord } from "../../server/setup/mcp-servers/server-secrets.ts";
import { firstPin } from "../../server/setup/mcp-servers/tool-pin.ts";
import { readSettings, type Settings } from "../../server/start/settings.ts";
import { startServer } from "../../server/start/start-server.ts";
import { openStore } from "../../server/start/open-store.ts";
import { readDefinition } from "../../server/tools/definitions/tool-definition.ts";
import type { Bench, Figure } from "./figure.ts";
import { bestMedian } from "./samples.ts";

const ASSISTANTS = 1_000;
const SERVERS = 200;
const TOOLS_EACH = 40;
const CONNECTORS_EACH = 10;
const PEOPLE = 1_000;
const OTHERS = 300;
const AUDITED = 50_000;
const AT_ONCE = 1_000;
const ROUNDS = 5;
const REQUESTS = 10;
const BUDGET_MS = 100;
const KEY = "k".repeat(40);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Path → the kind of document whose bare select is its floor. */
const LISTS: readonly (readonly [string, DocumentKind | "audit"])[] = [
  ["/assistants", "assistant"],
  ["/assistants?q=shop%209", "assistant"],
  ["/mcp-servers", "mcp-server"],
  ["/mcp-servers?q=server_q", "mcp-server"],
  ["/mcp-servers/server_a/tools", "server-tool"],
  ["/mcp-tools", "server-tool"],
  ["/mcp-tools?q=tool_0039", "server-tool"],
  ["/http-tools", "http-tool"],
  ["/http-tools?q=tool_029", "http-tool"],
  ["/people", "person"],
  ["/people?q=person%2099", "person"],
  ["/groups", "group"],
  ["/api-keys", "api-key"],
  ["/audit-log", "audit"],
  ["/assistants/shop_0000/connectors", "connector"],
];

export const benchConsoleLists: Bench = async ({ fast }) => {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-bench-"));
  const settings = await settingsIn(folder);
  await fill(settings);
  const path = join(settings.dataDir, "frontdesk.sqlite");
  await copyFile(path, join(folder, "copy.sqlite"));
  const bare = new DatabaseSync(join(folder, "copy.sqlite"), { readOnly: true });
  const server = await startServer(settings, { logDestination: { write: () => undefined }, widgetFolder: folder });
  try {
    const figures: Figure[] = [];
    const rounds = fast ? 1 : ROUNDS;
    for (const [list, kind] of LISTS) {
      const [ours, floors]: [number[][], number[][]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        ours.push(await timed(() => read(`http://127.0.0.1:${server.port}/api/v1${list}`)));
        floors.push(await timed(async () => select(bare, kind)));
      }
      const [value, floor] = [bestMedian(ours), bestMedian(floors)];
      figures.push({ name: `first page of GET ${decodeURIComponent(list)}, with HTTP`, value, unit: "ms", floor, budget: BUDGET_MS });
    }
    return figures;
  } finally {
    bare.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
};

async function timed(work: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let request = 0; request < REQUESTS; request += 1) {
    const begun = performance.now();
    await work();
    samples.push(performance.now() - begun);
  }
  return samples;
}

async function settingsIn(folder: string): Promise<Settings> {
  const path = join(folder, "frontdesk.json");
  await writeFile(path, JSON.stringify({ assistants: {} }));
  return readSettings({
    FRONTDESK_CONFIG: path,
    DATA_DIR: join(folder, "data"),
    PORT: "0",
    HOST: "127.0.0.1",
    FRONTDESK_ADMIN_KEY: KEY,
    FRONTDESK_ENCRYPTION_KEY: KEY,
  });
}

async function read(url: string): Promise<void> {
  const response = await fetch(url, { headers: { Authorization: `Bearer ${KEY}` } });
  const { items } = (await response.json()) as { items?: unknown[] };
  if (items === undefined || items.length === 0) throw new Error(`${url} answered ${response.status} with nothing`);
}

function select(bare: DatabaseSync, kind: DocumentKind | "audit"): unknown {
  if (kind === "audit") return bare.prepare("select * from audit order by id desc limit 51").all();
  return bare.prepare("select * from documents where kind = ? order by id limit 51").all(kind);
}

async function fill(settings: Settings): Promise<void> {
  const { dataDir, encryptionKey: given } = settings;
  const box = createSecretBox({ keys: await openEncryptionKeys({ dataDir, given, previous: [], log: silent }) });
  const store = await openStore(settings, silent);
  const changes = [...assistants(), ...servers(box), ...staff(), ...httpTools()];
  for (let from = 0; from < changes.length; from += AT_ONCE) await store.documents.write(changes.slice(from, from + AT_ONCE), { at: 1 });
  const entry = {
    by: { kind: "person", id: "ada", name: "Ada" },
    action: "assistant.update",
    target: { kind: "assistant", id: "shop_0000" },
    before: { name: "Shop", prompt: "You help. ".repeat(50) },
    after: { name: "Shop 2", prompt: "You help. ".repeat(50) },
  } as const;
  for (let written = 0; written < AUDITED; written += AT_ONCE)
    await store.documents.write([], { at: written, audit: Array.from({ length: AT_ONCE }, () => entry) });
  await store.close();
}

function times<One>(count: number, make: (number: number) => One): One[] {
  return Array.from({ length: count }, (_, number) => make(number));
}

function serverKey(number: number): string {
  return `server_${String.fromCharCode(97 + (number % 26))}${number < 26 ? "" : String.fromCharCode(96 + Math.floor(number / 26))}`;
}

function padded(number: number): string {
  return String(number).padStart(4, "0");
}

function assistants(): DocumentChange[] {
  const owner = { kind: "person", id: "person-0001", name: "Person 1" };
  const model = { provider: "openai-compatible", model: "small", baseUrl: "http://127.0.0.1:9/v1" };
  return times(ASSISTANTS, (number): DocumentChange[] => {
    const id = `shop_${padded(number)}`;
    const prompt = "You help the customers of this shop. ".repeat(100);
    const settings = { name: `Shop ${number}`, prompt, model, allowedOrigins: ["https://shop.example"] };
    const connectors = times(number === 0 ? SERVERS : CONNECTORS_EACH, (at): DocumentChange => {
      const server = serverKey((number + at) % SERVERS);
      const body = { server, addedBy: owner, settings: { connection: "shared", permissions: { "*": "needs_approval" } } };
      return { do: "create", kind: "connector", id: `${id}/${server}`, parent: id, body };
    });
    return [{ do: "create", kind: "assistant", id, body: { owner, settings } }, ...connectors];
  }).flat();
}

function servers(box: SecretBox): DocumentChange[] {
  const inputSchema = { type: "object", properties: Object.fromEntries(times(6, (at) => [`argument_${at}`, { type: "string" }])) };
  return times(SERVERS, (number): DocumentChange[] => {
    const key = serverKey(number);
    const input = serverInputSchema.parse({ key, name: `Server ${number}`, url: `http://127.0.0.1:9/${key}/mcp`, access: "everyone" });
    const tools = times(TOOLS_EACH, (at): DocumentChange => {
      const definition = readDefinition({ name: `tool_${padded(at)}`, description: "Looks something up. ".repeat(20), inputSchema });
      if (typeof definition === "string") throw new Error(definition);
      const body = firstPin(definition, { at: 1, reviewed: true, enabled: true });
      return { do: "create", kind: "server-tool", id: `${key}/tool_${padded(at)}`, parent: key, body };
    });
    return [{ do: "create", kind: "mcp-server", id: key, body: sealRecord(key, newRecord(input), box) }, ...tools];
  }).flat();
}

function staff(): DocumentChange[] {
  const create = (kind: DocumentKind, id: string, body: object): DocumentChange => ({ do: "create", kind, id, body });
  return [
    ...times(PEOPLE, (at) =>
      create("person", `person-${padded(at)}`, { name: `Person ${at}`, email: `person-${at}@desk.example`, roles: ["owner"], groups: [] }),
    ),
    ...times(OTHERS, (at) => create("group", `group-${padded(at)}`, { name: `Group ${at}`, description: "" })),
    ...times(OTHERS, (at) =>
      create("api-key", `key-${padded(at)}`, { name: `Key ${at}`, beginning: "fd_abc", roles: ["owner"], createdBy: "Ada" }),
    ),
  ];
}

function httpTools(): DocumentChange[] {
  return times(OTHERS, (at): DocumentChange => {
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
