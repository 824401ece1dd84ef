import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PAGE = Buffer.alloc(4096, 1);
const PAGES = 64;

/**
 * How long the disk takes to keep one page, in milliseconds, written over and over in a file that does not grow, as a
 * journal's is. A turn with a tool waits for it five times, so a disk that others keep busy shows in every figure
 * beside this one.
 */
export function bareDiskMs(samples: number): number[] {
  const folder = mkdtempSync(join(tmpdir(), "frontdesk-disk-"));
  const file = openSync(join(folder, "page"), "w");
  try {
    for (let page = 0; page < PAGES; page += 1) writeSync(file, PAGE);
    fdatasyncSync(file);
    return Array.from({ length: samples }, (_, sample) => {
      const begun = performance.now();
      writeSync(file, PAGE, 0, PAGE.length, (sample % PAGES) * PAGE.length);
      fdatasyncSync(file);
      return performance.now() - begun;
    });
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}
