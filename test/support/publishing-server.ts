/** A whole server over a folder of its own that publishes tools; for programs that are no tests. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "../../server/start/settings.ts";
import { startServer } from "../../server/start/start-server.ts";

export interface PublishingServer {
  /** Posts to the API. */
  make<Body>(path: string, body: object): Promise<Body>;
  /** Publishes these tools, with a key. */
  publish(tools: readonly object[]): Promise<{ readonly url: string; readonly key: string }>;
  close(): Promise<void>;
}

const ADMIN_KEY = "an-admin-key-that-is-long-enough-1234567890";

export async function publishingServer(): Promise<PublishingServer> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-published-"));
  const path = join(folder, "frontdesk.json");
  await writeFile(path, JSON.stringify({ network: { allowPrivate: ["127.0.0.1"] } }));
  const settings = readSettings({
    FRONTDESK_CONFIG: path,
    DATA_DIR: join(folder, "data"),
    PORT: "0",
    HOST: "127.0.0.1",
    FRONTDESK_ADMIN_KEY: ADMIN_KEY,
    LOG_LEVEL: "error",
  });
  const server = await startServer(settings, { widgetFolder: folder });
  const make: PublishingServer["make"] = async (at, body) => {
    const headers = { Authorization: `Bearer ${ADMIN_KEY}`, "Content-Type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${server.port}/api/v1${at}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as never;
  };
  return {
    make,
    publish: async (tools) => {
      const { id } = await make<{ id: string }>("/published-servers", { name: "Published", tools, callsPerMinute: 10_000 });
      const { key } = await make<{ key: string }>(`/published-servers/${id}/keys`, { name: "program" });
      return { url: `http://127.0.0.1:${server.port}/mcp/${id}`, key };
    },
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** HTTP tools of these names, all of which ask the same back end. */
export async function servedTools({ names, backend }: { readonly names: readonly string[]; readonly backend: string }) {
  const server = await publishingServer();
  for (const name of names)
    await server.make("/http-tools", {
      name,
      title: name,
      description: "Looks an order up.",
      method: "POST",
      url: `${backend}/look`,
      body: { order: "{order}" },
      parameters: { type: "object", properties: { order: { type: "integer" } }, required: ["order"] },
    });
  const published = await server.publish(names.map((name) => ({ source: "http", name })));
  return { ...published, close: () => server.close() };
}
