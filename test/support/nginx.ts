import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchDebianPackages } from "./debian-packages.ts";
import { waitFor } from "./wait-for.ts";

/** Debian's package, unpacked: installing it would start a server on port 80. */
const unpacked = fileURLToPath(new URL("../.artifacts/nginx", import.meta.url));
const PLACES = [
  "/usr/sbin/nginx",
  "/usr/local/sbin/nginx",
  "/usr/local/bin/nginx",
  "/opt/homebrew/bin/nginx",
  `${unpacked}/usr/sbin/nginx`,
];
/** Where the program is depends on the system. */
const PACKAGES = ["nginx", "nginx-core", "nginx-light"];

export const NO_NGINX = `There is no nginx at ${PLACES.join(", ")}. Install it, set NGINX_PATH, or run npm test, which fetches Debian's.`;

/** The nginx that tests start: `NGINX_PATH`, or one that is there. Undefined: there is none that runs. */
export function findNginx(): string | undefined {
  const asked = process.env["NGINX_PATH"];
  return (asked ? [asked] : PLACES).find((path) => existsSync(path) && spawnSync(path, ["-v"]).status === 0);
}

/** Fetches Debian's nginx where there is none and the system has such packages. Never throws: a test says what it misses. */
export function fetchNginx(): void {
  if (findNginx() !== undefined) return;
  fetchDebianPackages(unpacked, (unpack) => PACKAGES.some((name) => unpack(name) && findNginx() !== undefined));
}

/** A running nginx. */
export interface Nginx {
  /** Serves by another configuration from now on, on the same port. */
  configure(http: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the program with `http`: what is inside its `http { }`. It has to listen on `port` of the loopback address. */
export async function startNginx(program: string, port: number, http: string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-nginx-"));
  let running: ChildProcess | undefined;
  let said = "";

  const stop = async (): Promise<void> => {
    const child = running;
    running = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGTERM");
    await gone;
  };
  const start = async (inside: string): Promise<void> => {
    await writeFile(join(folder, "nginx.conf"), configurationOf(folder, inside));
    const child = spawn(program, ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: ["ignore", "ignore", "pipe"] });
    running = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    await waitFor(async () => {
      if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${said}`);
      return fetch(`http://127.0.0.1:${port}/`, { redirect: "manual" }).then(
        () => true,
        () => false,
      );
    });
  };
  await start(http);
  return {
    async configure(inside) {
      await stop();
      await start(inside);
    },
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One process in the foreground that writes nothing outside its folder. */
function configurationOf(folder: string, http: string): string {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { }
http {
access_log off;
${kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join("\n")}
${http}
}
`;
}
