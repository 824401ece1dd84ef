import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env["FRONTDESK_ATTACKS"] ?? join(import.meta.dirname, "../../../shared/attacks");

export interface SsrfCollection {
  readonly refuse: readonly { readonly url: string; readonly why: string }[];
  readonly allowWhenTheNameResolvesPublicly: readonly string[];
}

export interface JsonText {
  readonly name: string;
  readonly base64: string;
}

/** The project's own, where the collection is not there. */
const OWN_SSRF: SsrfCollection = {
  refuse: [
    "http://127.0.0.1/",
    "https://[::1]/",
    "http://2130706433/",
    "https://[::ffff:127.0.0.1]/",
    "https://169.254.169.254/",
    "http://user:pass@example.com/",
    "//127.0.0.1/",
    "file:///etc/passwd",
    "",
  ].map((url) => ({ url, why: "own list" })),
  allowWhenTheNameResolvesPublicly: ["https://example.com/mcp"],
};

const OWN_JSON: readonly JsonText[] = [
  ["y_own_object.json", '{"a":[1,-2.5e3,"\\u0041",null,true]}'],
  ["n_own_comma.json", "[1,]"],
  ["n_own_single_quote.json", "['a']"],
  ["n_own_open.json", "[".repeat(100_000)],
].map(([name = "", text = ""]) => ({ name, base64: Buffer.from(text).toString("base64") }));

export const ssrf: SsrfCollection = collection("ssrf.json", OWN_SSRF);
export const jsonTexts: readonly JsonText[] = collection("json-testsuite.json", OWN_JSON);

export interface JwsGroup {
  readonly comment: string;
  readonly private?: Readonly<Record<string, unknown>>;
  readonly public?: Readonly<Record<string, unknown>>;
  readonly tests: readonly {
    readonly tcId: number;
    readonly comment: string;
    readonly jws: string;
    readonly result: "valid" | "invalid";
  }[];
}

/** Wycheproof's vectors; empty where the collection is not there. */
export function wycheproof(name: "json_web_signature" | "json_web_key" | "json_web_crypto"): readonly JwsGroup[] {
  return collection<{ testGroups: readonly JwsGroup[] }>(`wycheproof-${name}.json`, { testGroups: [] }).testGroups;
}

function collection<Content>(file: string, own: Content): Content {
  const path = join(folder, file);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Content;
  console.warn(`No attack collection at ${path}: only the project's own list is tried.`);
  return own;
}
