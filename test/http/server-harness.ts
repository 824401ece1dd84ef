/** A whole server over a folder of its own, started as `main.ts` starts it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { readSettings, type Settings } from "../../server/start/settings.ts";
import type { StartSettings } from "../../server/start/open-base.ts";
import { type RunningServer, startServer } from "../../server/start/start-server.ts";

export const SHOP_ORIGIN = "https://shop.example";

export const CONFIGURATION = {
  assistants: {
    shop: {
      name: "Shop",
      prompt: "Help.",
      model: { provider: "openai-compatible", model: "small", baseUrl: "http://127.0.0.1:9/v1", apiKey: "${MODEL_KEY}" },
      allowedOrigins: [SHOP_ORIGIN],
    },
  },
  network: { allowPrivate: ["127.0.0.1"] },
};

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What the environment would say. */
export async function settingsFor(
  folder: string,
  change: Readonly<Record<string, string>> = {},
  configuration: unknown = CONFIGURATION,
): Promise<Settings> {
  const path = join(folder, "frontdesk.json");
  await writeFile(path, JSON.stringify(configuration));
  return readSettings({
    FRONTDESK_CONFIG: path,
    DATA_DIR: join(folder, "data"),
    PORT: "0",
    HOST: "127.0.0.1",
    MODEL_KEY: "sk-never-shown",
    ...change,
  });
}

export const WIDGET = {
  "frontdesk.js": 'import("./assets/thread-1.js");\n',
  "assets/thread-1.js": `export const text = "${"x".repeat(4000)}";\n`,
};

/** A built widget; `files` by path. */
export async function widgetFolder(files: Readonly<Record<string, string | Buffer>> = WIDGET): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "assets"));
  for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
  return folder;
}

export interface Started extends RunningServer {
  readonly folder: string;
  readonly logged: string[];
}

export async function start(
  options: StartSettings & { environment?: Readonly<Record<string, string>>; configuration?: unknown } = {},
): Promise<Started> {
  const folder = await temporaryFolder();
  const logged: string[] = [];
  const { environment, configuration, ...rest } = options;
  const server = await startServer(await settingsFor(folder, environment, configuration), {
    widgetFolder: await widgetFolder(),
    logDestination: { write: (line) => void logged.push(line) },
    ...rest,
  });
  onTestFinished(() => server.close());
  return { ...server, url: `http://127.0.0.1:${server.port}`, folder, logged };
}
