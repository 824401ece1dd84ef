/**
 * `npm run check`: types, the walls between the rooms, lint, format, unused code, generated files, the package, sizes.
 * Runs all of them, prints what is wrong, ends with exit code 1 if anything is.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const ROOMS = ["protocol", "voice", "widget", "console", "server", "demo", "test", "scripts"];

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

/** Before the build, which would write them. */
const generated: Check = { name: "generated files", command: ["node", "scripts/generate.ts", "--check"] };
/** Before the rest: the package and the sizes are looked at as built. */
const build: Check = { name: "build", command: ["node", "scripts/build.ts", "--if-needed"] };
const checks: readonly Check[] = [
  { name: "types", command: ["tsc", "-b"] },
  { name: "walls", command: ["node", "scripts/walls.ts"] },
  { name: "lint", command: ["oxlint", ...ROOMS] },
  { name: "format", command: ["oxfmt", "--check", ...ROOMS] },
  { name: "unused code", command: ["knip"] },
  { name: "sizes", command: ["size-limit"] },
  { name: "package", command: ["publint", "--strict"] },
];

async function run({ name, command: [program = "", ...parameters] }: Check): Promise<boolean> {
  const started = performance.now();
  const child = spawn(program, parameters, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.on("error", (error) => {
      output += `${program} could not be started: ${error.message}. Run npm ci, and call this through npm run check.\n`;
      resolve(1);
    });
    child.on("close", resolve);
  });
  console.log(`${code === 0 ? "ok    " : "failed"} ${name} (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}

const isCurrent = await run(generated);
const isBuilt = await run(build);
const results = isBuilt ? await Promise.all(checks.map(run)) : [];
process.exitCode = [isCurrent, isBuilt, ...results].every(Boolean) ? 0 : 1;
