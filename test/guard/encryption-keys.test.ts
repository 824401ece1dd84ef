import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { beginRotation, EncryptionKeyError, endRotation, openEncryptionKeys } from "../../server/guard/secrets/encryption-keys.ts";

let dataDir: string;
const told: string[] = [];
const log = { info: (_fields: unknown, message: string) => void told.push(message), warn: () => undefined, error: () => undefined };
const options = (more: { given?: string; previous?: readonly string[] } = {}) => ({
  dataDir,
  given: undefined,
  previous: [],
  log,
  ...more,
});

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "frontdesk-keys-"));
  told.length = 0;
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe("the encryption keys", () => {
  it("are made at the first start, said aloud without being told, kept for this user only, and found again", async () => {
    const [made, ...more] = await openEncryptionKeys(options());
    expect([made?.length, more]).toEqual([32, []]);
    expect(told.join()).toContain("Keep a copy");
    expect(told.join()).not.toContain(made?.toString("base64url"));
    expect((await stat(join(dataDir, "encryption.key"))).mode & 0o777).toBe(0o600);
    expect(await openEncryptionKeys(options())).toEqual([made]);
    expect(told).toHaveLength(1);
    expect(await readdir(dataDir)).toEqual(["encryption.key"]);
  });

  it("are one and the same for many who start at once", async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => openEncryptionKeys(options())));
    expect(new Set(all.map(([key]) => key?.toString("hex"))).size).toBe(1);
  });

  it("come from the environment where that has them, the present one first", async () => {
    const given = "a".repeat(32);
    const keys = await openEncryptionKeys(options({ given, previous: ["b".repeat(32)] }));
    expect(keys.map(({ length }) => length)).toEqual([32, 32]);
    expect(keys[0]).not.toEqual(keys[1]);
    expect(await openEncryptionKeys(options({ given: "b".repeat(32) }))).toEqual([keys[1]]);
    expect(await readdir(dataDir)).toEqual([]);
  });

  it("are refused when the file is damaged", async () => {
    await writeFile(join(dataDir, "encryption.key"), "short\n");
    await expect(openEncryptionKeys(options())).rejects.toThrow(EncryptionKeyError);
  });

  it("are rotated in two steps, the second of which can wait", async () => {
    const [old] = await openEncryptionKeys(options());
    const [fresh, kept] = await beginRotation(options());
    expect(kept).toEqual(old);
    expect(fresh).not.toEqual(old);
    // Cut short and begun again: no third key.
    expect(await beginRotation(options())).toEqual([fresh, old]);
    expect(await openEncryptionKeys(options())).toEqual([fresh, old]);
    await endRotation(options());
    expect(await openEncryptionKeys(options())).toEqual([fresh]);
    expect((await readFile(join(dataDir, "encryption.key"), "utf8")).trim()).toBe(fresh?.toString("base64url"));
  });
});
