import { readdir, readFile } from "node:fs/promises";
import { MARK } from "./launch.ts";

/**
 * The processes of a launch that still run, children of its process included: those whose environment has its mark.
 * Empty where the system does not show environments.
 */
export async function leftProcesses(folder: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(entry)) continue;
    // A process may end, or be somebody else's.
    const environment = await readFile(`/proc/${entry}/environ`, "utf8").catch(() => "");
    if (environment.split("\0").includes(`${MARK}=${folder}`)) found.push(Number(entry));
  }
  return found;
}
