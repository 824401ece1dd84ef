import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchDebianPackages } from "./debian-packages.ts";
import { waitFor } from "./wait-for.ts";

/** Debian's package, unpacked: installing it would start a server. */
const unpacked = fileURLToPath(new URL("../.artifacts/caddy", import.meta.url));
const PLACES = ["/usr/bin/caddy", "/usr/local/bin/caddy", "/opt/homebrew/bin/caddy", `${unpacked}/usr/bin/caddy`];

/** The Caddy that tests start: `CADDY_PATH`, or one that is there. Undefined: there is none that runs. */
export function findCaddy(): string | undefined {
  const asked = process.env["CADDY_PATH"];
  return (asked ? [asked] : PLACES).find((path) => existsSync(path) && spawnSync(path, ["version"]).status === 0);
}

/** Fetches Debian's Caddy where there is none and the system has such packages. Never throws. */
export function fetchCaddy(): void {
  if (findCaddy() === undefined) fetchDebianPackages(unpacked, (unpack) => unpack("caddy") && findCaddy() !== undefined);
}

/** A running Caddy. */
export interface Caddy {
  /** Everything that it has written until now, its log of requests included. */
  said(): string;
  close(): Promise<void>;
}

/**
 * Starts the program with a file that begins with its global options. A site of it has to listen on `port` of the
 * loopback address. It keeps to its own folder.
 */
export async function startCaddy(program: string, port: number, caddyfile: string): Promise<Caddy> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-caddy-"));
  const file = join(folder, "Caddyfile");
  await writeFile(file, caddyfile.replace(/^\{/, "{\n  admin off\n  auto_https off"));
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(program, ["run", "--config", file, "--adapter", "caddyfile"], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  await waitFor(async () => {
    if (child.exitCode !== null) throw new Error(`Caddy ended with ${child.exitCode}: ${said}`);
    return fetch(`http://127.0.0.1:${port}/healthz`).then(
      () => true,
      () => false,
    );
  });
  return {
    said: () => said,
    async close() {
      const gone = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGTERM");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
