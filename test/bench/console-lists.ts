/**
 * The first page of each list of the console, over the API of a whole server that has much: 1,000 assistants, 200
 * servers and 8,000 tools. The floor is a bare select of as many rows from a copy of the same file. Run alone:
 * `npm run bench -- --only console-lists`.
 */
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { DocumentKind } from "../../server/documents/ports.ts";
import { readSettings, type Settings } from "../../server/start/settings.ts";
import { startServer } from "../../server/start/start-server.ts";
import { assistants, httpTools, serverKey, servers, staff, writeMany } from "../support/many-documents.ts";
import type { Bench, Figure } from "./figure.ts";
import { bestMedian } from "./samples.ts";

const ASSISTANTS = 1_000;
const SERVERS = 200;
const TOOLS_EACH = 40;
const CONNECTORS_EACH = 10;
const PEOPLE = 1_000;
const OTHERS = 300;
const AUDITED = 50_000;
const ROUNDS = 5;
const REQUESTS = 10;
const BUDGET_MS = 100;
const KEY = "k".repeat(40);

/** Path → the kind of document whose bare select is its floor. */
const LISTS: readonly (readonly [string, DocumentKind | "audit"])[] = [
  ["/assistants", "assistant"],
  ["/assistants?q=shop%209", "assistant"],
  ["/mcp-servers", "mcp-server"],
  ["/mcp-servers?q=server_q", "mcp-server"],
  ["/mcp-servers/server_a/tools", "server-tool"],
  ["/mcp-tools", "server-tool"],
  ["/mcp-tools?q=tool_00039", "server-tool"],
  ["/http-tools", "http-tool"],
  ["/http-tools?q=tool_0029", "http-tool"],
  ["/people", "person"],
  ["/people?q=person%2099", "person"],
  ["/groups", "group"],
  ["/api-keys", "api-key"],
  ["/audit-log", "audit"],
  ["/assistants/shop_00000/connectors", "connector"],
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

function fill(settings: Settings): Promise<void> {
  const prompt = "You help the customers of this shop. ".repeat(100);
  const connectors = (assistant: number): string[] =>
    Array.from({ length: assistant === 0 ? SERVERS : CONNECTORS_EACH }, (_, at) => serverKey((assistant + at) % SERVERS));
  return writeMany(
    settings,
    (box) => [
      ...assistants(ASSISTANTS, prompt, connectors),
      ...servers(SERVERS, () => TOOLS_EACH, box),
      ...staff({ people: PEOPLE, groups: OTHERS, keys: OTHERS }),
      ...httpTools(OTHERS),
    ],
    AUDITED,
  );
}
