import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildServer } from "../../../scripts/build-server.ts";
import { buildWidget } from "../../../scripts/build-widget.ts";

/** Below the repository, so that its `node_modules` are found. */
const folder = fileURLToPath(new URL("../../.artifacts/bench/package", import.meta.url));

export interface BuiltPackage {
  /** The program `frontdesk`. */
  readonly program: string;
  readonly widget: string;
}

let building: Promise<BuiltPackage> | undefined;

/**
 * Builds what is published into a place of its own, once in a run: what somebody builds into `dist/` meanwhile does not
 * matter.
 */
export function builtPackage(): Promise<BuiltPackage> {
  building ??= build();
  return building;
}

async function build(): Promise<BuiltPackage> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), `${JSON.stringify({ name: "frontdesk", version: "0.0.0-bench", type: "module" })}\n`);
  const server = join(folder, "dist/server");
  const widget = join(folder, "dist/widget");
  await Promise.all([buildServer(server), buildWidget(widget)]);
  return { program: join(server, "cli.js"), widget };
}
