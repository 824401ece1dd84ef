import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createSecretBox, isSealed, keyId, sealedKeyId, SecretBoxError } from "../../server/guard/secrets/secret-box.ts";

const first = Buffer.alloc(32, 1);
const second = Buffer.alloc(32, 2);
const PLACE = "mcp-server/orders/url";

function failure(work: () => unknown): SecretBoxError {
  try {
    work();
  } catch (error) {
    if (error instanceof SecretBoxError) return error;
    throw error;
  }
  throw new Error("It opened.");
}

describe("a secret box", () => {
  const box = createSecretBox({ keys: [first] });

  it("opens what it sealed, whatever the text", () => {
    for (const text of ["", "a", "Grüße 🫖", "x".repeat(100_000)]) expect(box.open(box.seal(text, PLACE), PLACE)).toBe(text);
  });

  it("never seals the same text the same way twice, and names the key", () => {
    const sealed = box.seal("secret", PLACE);
    expect(sealed).not.toBe(box.seal("secret", PLACE));
    expect(sealed).toMatch(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+$/);
    expect(isSealed(sealed)).toBe(true);
    expect(sealedKeyId(sealed)).toBe(keyId(first));
  });

  it("does not open a value that was moved to another row or field", () => {
    const sealed = box.seal("secret", PLACE);
    for (const place of ["mcp-server/others/url", "mcp-server/orders/name", "", `${PLACE} `]) {
      const error = failure(() => box.open(sealed, place));
      expect(error.reason).toBe("damaged");
      expect(error.message).toContain(place);
    }
  });

  it("does not open a value in which one letter was changed", () => {
    const sealed = box.seal("secret", PLACE);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
      expect(() => box.open(changed, PLACE), `letter ${at}`).toThrow(SecretBoxError);
    }
    for (const text of ["", "plain", "v1...", sealed.slice(0, -1), `${sealed}A`, `${sealed}=`]) {
      expect(failure(() => box.open(text, PLACE)).reason).toBe("damaged");
    }
  });

  it("opens with earlier keys, seals with the first, and tells an unknown key from damage", () => {
    const old = createSecretBox({ keys: [second] }).seal("secret", PLACE);
    const both = createSecretBox({ keys: [first, second] });
    expect(both.open(old, PLACE)).toBe("secret");
    expect(sealedKeyId(both.seal("secret", PLACE))).toBe(keyId(first));
    const error = failure(() => box.open(old, PLACE));
    expect(error.reason).toBe("unknown-key");
    expect(error.message).toContain(keyId(second));
    expect(error.message).not.toContain(second.toString("base64url"));
  });

  it("refuses keys of another length", () => {
    expect(() => createSecretBox({ keys: [randomBytes(16)] })).toThrow("32 bytes");
    expect(() => createSecretBox({ keys: [] })).toThrow("at least one key");
  });
});

const folder = process.env["FRONTDESK_ATTACKS"] ?? join(import.meta.dirname, "..", "..", "..", "shared", "attacks");
const file = join(folder, "wycheproof-aes_gcm.json");
const vectorSchema = z.object({
  tcId: z.int(),
  key: z.string(),
  iv: z.string(),
  aad: z.string(),
  msg: z.string(),
  ct: z.string(),
  tag: z.string(),
  result: z.enum(["valid", "invalid", "acceptable"]),
});
const vectorsSchema = z.object({
  testGroups: z.array(z.object({ keySize: z.int(), ivSize: z.int(), tagSize: z.int(), tests: z.array(vectorSchema) })),
});

describe.skipIf(!existsSync(file))(`AES-256-GCM against Wycheproof's vectors (${file}; skipped where it is not there)`, () => {
  const vectors = existsSync(file)
    ? vectorsSchema
        .parse(JSON.parse(readFileSync(file, "utf8")))
        .testGroups.filter(({ keySize, ivSize, tagSize }) => keySize === 256 && ivSize === 96 && tagSize === 128)
        .flatMap(({ tests }) => tests)
    : [];

  it("has vectors, good and bad ones", () => {
    expect(new Set(vectors.map(({ result }) => result))).toEqual(new Set(["valid", "invalid"]));
  });

  it.each(vectors)("does what is right with vector $tcId, which is $result", ({ key, iv, aad, msg, ct, tag, result }) => {
    const bytes = (text: string) => Buffer.from(text, "hex");
    const open = () => {
      const decipher = createDecipheriv("aes-256-gcm", bytes(key), bytes(iv), { authTagLength: 16 });
      decipher.setAAD(bytes(aad));
      decipher.setAuthTag(bytes(tag));
      return Buffer.concat([decipher.update(bytes(ct)), decipher.final()]).toString("hex");
    };
    if (result === "invalid") return expect(open).toThrow();
    expect(open()).toBe(msg);
    const cipher = createCipheriv("aes-256-gcm", bytes(key), bytes(iv), { authTagLength: 16 });
    cipher.setAAD(bytes(aad));
    expect(Buffer.concat([cipher.update(bytes(msg)), cipher.final()]).toString("hex")).toBe(ct);
    expect(cipher.getAuthTag().toString("hex")).toBe(tag);
  });
});
