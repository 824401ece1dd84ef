/**
 * Every route of the REST API: all files in `server/http/api/routes`, so that a new one is in every test about all
 * routes as soon as it is there.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Route } from "../server/http/api/route.ts";

const FOLDER = fileURLToPath(new URL("../server/http/api/routes/", import.meta.url));

/** The routes without anything behind them: what they say about themselves is there, `handle` must not be called. */
export async function collectRoutes(): Promise<readonly Route[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith("-routes.ts"));
  const found = await Promise.all(
    files.map(async (file) => {
      const module = (await import(join(FOLDER, file))) as Record<string, unknown>;
      const makers = Object.entries(module).filter(([name, value]) => name.endsWith("Routes") && typeof value === "function");
      if (makers.length === 0) throw new Error(`${file} exports no function named …Routes.`);
      return makers.flatMap(([, make]) => (make as (ports: unknown) => readonly Route[])(anything()));
    }),
  );
  return found.flat();
}

/** Stands for ports that nobody calls. */
function anything(): unknown {
  return new Proxy(() => undefined, {
    get: (_target, name) => (name === Symbol.toPrimitive ? () => "" : anything()),
    apply: () => anything(),
  });
}
