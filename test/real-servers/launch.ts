import { chmod, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { largePeer, peer } from "../support/peers.ts";
import type { RealServer } from "./real-server.ts";

/** How a server is started, in a folder of its own that it takes for its home. */
export interface Launch {
  readonly version: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

/** The mark in the environment of every process of a launch, its children's included. */
export const MARK = "FRONTDESK_REAL_SERVER";

/** Whether there is a build of the server for this machine. */
export function runsHere({ language, package: name }: RealServer): boolean {
  return language === "JS" || !/-(?:x64|amd64)$/.test(name) || (process.platform === "linux" && process.arch === "x64");
}

/** Prepares a start; `more` are arguments and variables of the transport, `port` what `{port}` stands for. */
export async function prepareLaunch(
  server: RealServer,
  more: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>>; readonly port?: number } = {},
): Promise<Launch> {
  const find = server.in === "peers" ? peer : largePeer;
  const file = await find(`${server.package}/${server.file}`);
  const { version } = JSON.parse(await readFile(await find(`${server.package}/package.json`), "utf8")) as { version: string };
  const folder = await mkdtemp(join(tmpdir(), `frontdesk-${server.key}-`));
  for (const [name, text] of Object.entries(server.files ?? {})) await writeFile(join(folder, name), text);
  const isScript = /\.[cm]?js$/.test(file);
  // Packages that set this in a script of their own lose it where scripts are not run.
  if (!isScript) await chmod(file, 0o755);
  const filled = (text: string): string => text.replaceAll("{folder}", folder).replaceAll("{port}", String(more.port ?? 0));
  return {
    version,
    command: isScript ? process.execPath : file,
    args: [...(isScript ? [file] : []), ...(more.args ?? server.args ?? []).map(filled)],
    env: Object.fromEntries(
      Object.entries({ HOME: folder, [MARK]: folder, DO_NOT_TRACK: "1", ...server.env, ...more.env }).map(([name, value]) => [
        name,
        filled(value),
      ]),
    ),
    folder,
  };
}
