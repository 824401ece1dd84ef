/**
 * `npm run dev`: the demo, started anew whenever a source changes. The widget is built again, the server runs from its
 * sources; conversations stay, the page finds them again by itself.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const WATCHED = ["protocol", "voice", "widget", "console", "server", "demo"];
/** Editors write in bursts. */
const QUIET_MS = 200;

let demo: ChildProcess | undefined;
let timer: NodeJS.Timeout | undefined;
let working: Promise<void> = start();

async function start(): Promise<void> {
  const build = spawn(process.execPath, ["scripts/build.ts", "--if-needed"], { cwd: root, stdio: "inherit" });
  const [code] = (await once(build, "close")) as [number | null];
  if (code !== 0) return console.log("The build failed. Waiting for the next change.");
  demo = spawn(process.execPath, ["demo/start.ts", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
}

async function restart(): Promise<void> {
  await stop();
  await start();
}

async function stop(): Promise<void> {
  const running = demo;
  demo = undefined;
  if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
  running.kill("SIGTERM");
  await once(running, "close");
}

for (const room of WATCHED) {
  watch(join(root, room), { recursive: true }, (_event, file) => {
    if (file === null || !/\.(ts|json|css|svg|html)$/.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => (working = working.then(restart)), QUIET_MS);
  });
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void stop().finally(() => process.exit(0)));
}
