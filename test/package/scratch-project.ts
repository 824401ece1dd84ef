/** A stranger's project, in a folder of its own, that has installed the packed package and nothing else. */
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";
import { waitFor } from "../support/wait-for.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const packedSchema = z.object({ filename: z.string() });
const listeningSchema = z.object({ msg: z.literal("Frontdesk listens."), port: z.number() });

export interface ScratchProject {
  readonly folder: string;
  /** The installed package. */
  readonly packageFolder: string;
  readonly tarballBytes: number;
  /** Runs a program there; rejects when it fails. */
  readonly run: (program: string, ...parameters: string[]) => Promise<string>;
  readonly write: (name: string, text: string) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Packs what `npm run build` has made, and installs it as a stranger would. */
export async function scratchProject(): Promise<ScratchProject> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-scratch-"));
  const run = async (program: string, ...parameters: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(program, parameters, { cwd: folder, env: strangersEnvironment() });
    return stdout;
  };
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  // Without scripts: the build would take the other tests' files from under them.
  const packed = await run("npm", "pack", repository, "--json", "--ignore-scripts");
  const { filename } = packedSchema.parse(firstOf(JSON.parse(packed)));
  await write("package.json", JSON.stringify({ name: "scratch", private: true, type: "module" }));
  await run("npm", "install", `./${filename}`, "--no-audit", "--no-fund", "--prefer-offline");
  return {
    folder,
    packageFolder: join(folder, "node_modules/frontdesk"),
    tarballBytes: (await stat(join(folder, filename))).size,
    run,
    write,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface StartedProgram {
  readonly url: string;
  /** Ends it as Ctrl-C would, and gives what it wrote. */
  readonly end: () => Promise<string>;
}

/** `npx frontdesk start`, until it listens. */
export async function startProgram({ folder }: ScratchProject, environment: Readonly<Record<string, string>>): Promise<StartedProgram> {
  const child = spawn("npx", ["frontdesk", "start"], {
    cwd: folder,
    // A group of its own, as a terminal makes one.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...strangersEnvironment(), ...environment },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<string>((resolve) => child.on("close", () => resolve(output)));
  const port = await waitFor(() => {
    if (child.exitCode !== null) throw new Error(`\`npx frontdesk start\` ended before it listened:\n${output}`);
    return listeningPort(output);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    end: () => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGINT");
      return ended;
    },
  };
}

function listeningPort(log: string): number | undefined {
  const lines = log.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
  return lines.map((line) => listeningSchema.safeParse(JSON.parse(line)).data?.port).find((port) => port !== undefined);
}

/** All files below a folder, as paths relative to it. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** npm hands its own settings, ours among them, to what it runs. */
function strangersEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|config_local|command)/.test(name)));
}

/** npm 12 names the packages, npm 11 lists them. */
function firstOf(packed: unknown): unknown {
  return typeof packed === "object" && packed !== null ? Object.values(packed)[0] : undefined;
}
