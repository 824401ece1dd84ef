import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "../../server/start/settings.ts";
import { startServer } from "../../server/start/start-server.ts";

const ADMIN_KEY = "the-key-of-whoever-tries-real-servers-0123456789";

/** A whole Frontdesk over an empty folder, as staff use it. */
export interface Desk {
  readonly url: string;
  /** Asks the REST API. Throws what it says, unless it answers with a success. */
  ask(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts it with a configuration file that says this. */
export async function openDesk(configuration: unknown): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-real-servers-"));
  const path = join(folder, "frontdesk.json");
  const widgetFolder = join(folder, "widget");
  await mkdir(widgetFolder);
  await writeFile(join(widgetFolder, "frontdesk.js"), "// No page is shown.\n");
  await writeFile(path, JSON.stringify(configuration));
  const settings = readSettings({
    FRONTDESK_CONFIG: path,
    DATA_DIR: join(folder, "data"),
    PORT: "0",
    HOST: "127.0.0.1",
    FRONTDESK_ADMIN_KEY: ADMIN_KEY,
  });
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const server = await startServer(settings, { widgetFolder, logDestination: { write: () => undefined } }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    async ask(method, route, body) {
      const response = await fetch(`${url}/api/v1${route}`, {
        method,
        headers: { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" },
        ...(method === "GET" ? {} : { body: JSON.stringify(body ?? {}) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${route} was answered with ${response.status}: ${text}`);
      return JSON.parse(text) as unknown;
    },
    async close() {
      await server.close();
      await remove();
    },
  };
}
