import { randomUUID } from "node:crypto";
import { cp, mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { type BuiltFile, hasKnownType, readBuiltFile } from "../built-file.ts";
import type { WidgetFiles } from "./widget-files.ts";

/**
 * How long a revision is kept after the last start that had it. Browsers may hold an old script for a day, and sites
 * may pin one by `integrity`.
 */
const KEEP_MS = 90 * 24 * 60 * 60_000;
const REVISION = /^[0-9a-f]{16}$/;

/**
 * The widget of earlier versions of this server, kept beside the data: a page that still has yesterday's script finds
 * the files that it asks for, and an address under `/v/` continues to give what its `integrity` says. They are read
 * from the disk when somebody asks; at rest they cost nothing.
 */
export class WidgetArchive {
  readonly #folder: string;
  readonly #revisions: readonly string[];

  private constructor(folder: string, revisions: readonly string[]) {
    this.#folder = folder;
    this.#revisions = revisions;
  }

  /** Keeps the current revision, forgets those that are too old, and knows the others. */
  static async open(options: { folder: string; current: WidgetFiles; source: string; now: number }): Promise<WidgetArchive> {
    const { folder, current, source, now } = options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await keep(folder, current, { source, now });
    const former: string[] = [];
    for (const revision of await readdir(folder)) {
      if (revision === current.revision) continue;
      const { mtimeMs } = await stat(join(folder, revision));
      if (REVISION.test(revision) && now - mtimeMs <= KEEP_MS) former.push(revision);
      else await rm(join(folder, revision), { recursive: true, force: true });
    }
    return new WidgetArchive(folder, former);
  }

  /** A file of one earlier revision. */
  async find(revision: string, path: string): Promise<BuiltFile | undefined> {
    if (!this.#revisions.includes(revision)) return undefined;
    const folder = join(this.#folder, revision);
    const present = new Set((await readdir(folder, { recursive: true }).catch(() => [])).map((name) => name.replaceAll("\\", "/")));
    return present.has(path) && hasKnownType(path) ? readBuiltFile(folder, path, present) : undefined;
  }

  /** A file that is named by its content, of whichever earlier revision has it. */
  async findAsset(path: string): Promise<BuiltFile | undefined> {
    for (const revision of this.#revisions) {
      const file = await this.find(revision, path);
      if (file !== undefined) return file;
    }
    return undefined;
  }
}

/** Copies a revision in one step, so that a copy that broke off is never taken for one. */
async function keep(folder: string, { files, revision }: WidgetFiles, { source, now }: { source: string; now: number }): Promise<void> {
  const target = join(folder, revision);
  const there = await stat(target).catch(() => undefined);
  if (there === undefined) {
    const copy = join(folder, `copy-${randomUUID()}`);
    for (const path of files.keys()) {
      for (const ending of ["", ".br", ".gz"])
        await cp(join(source, path + ending), join(copy, path + ending), { force: true }).catch(ignoreMissing);
    }
    await rename(copy, target);
  }
  await utimes(target, now / 1_000, now / 1_000);
}

/** Not every file has its compressed copies. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
