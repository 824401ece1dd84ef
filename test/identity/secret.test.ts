import { mkdtemp, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Log } from "../../server/foundation/log.ts";
import { openSecret } from "../../server/guard/secrets/server-secret.ts";

function logTo(lines: string[]): Log {
  const write = (fields: object, message: string): void => void lines.push(JSON.stringify({ ...fields, message }));
  return { info: write, warn: write, error: write };
}

async function open(dataDir: string, given?: string, lines: string[] = []): Promise<Buffer> {
  return openSecret({ dataDir, given, log: logTo(lines) });
}

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "frontdesk-secret-"));

describe("openSecret", () => {
  it("makes a secret on the first start, for this user only, and says where but not what", async () => {
    const dataDir = join(await folder(), "new");
    const lines: string[] = [];
    const secret = await open(dataDir, undefined, lines);
    const path = join(dataDir, "secret.key");
    expect(secret).toHaveLength(32);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(lines.join()).toContain("secret.key");
    expect(lines.join()).not.toContain((await readFile(path, "utf8")).trim());
    expect(await readdir(dataDir)).toEqual(["secret.key"]);
  });

  it("keeps it", async () => {
    const dataDir = await folder();
    expect(await open(dataDir)).toEqual(await open(dataDir));
  });

  it("makes one only, however many start at once", async () => {
    const dataDir = await folder();
    const secrets = await Promise.all(Array.from({ length: 8 }, () => open(dataDir)));
    expect(new Set(secrets.map((secret) => secret.toString("hex"))).size).toBe(1);
  });

  it("prefers the environment's and writes nothing then", async () => {
    const dataDir = await folder();
    const given = await open(dataDir, "a secret of more than thirty-two characters");
    expect(given).toEqual(await open(dataDir, "a secret of more than thirty-two characters"));
    expect(given).not.toEqual(await open(dataDir, "another secret of more than thirty-two characters"));
    expect(await readdir(dataDir)).toEqual([]);
  });

  it("says that a damaged file is damaged, without showing it", async () => {
    const dataDir = await folder();
    await writeFile(join(dataDir, "secret.key"), "half-a-secr");
    await expect(open(dataDir)).rejects.toThrow(/secret\.key is damaged/);
    await expect(open(dataDir)).rejects.not.toThrow(/half-a/);
  });
});
