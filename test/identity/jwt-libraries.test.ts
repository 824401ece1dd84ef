/** Tokens made with the JWT libraries that sites use, as their manuals do it: Node's is among the peers, others where they are installed. */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import type { IdentityKey } from "../../server/conversation/ports/assistant.ts";
import { verifyIdentity } from "../../server/identity/customers/identity-token.ts";
import { peer } from "../support/peers.ts";
import { type KeyPair, keyPair, pem, SECRET } from "./identity-tokens.ts";

type Algorithm = IdentityKey["algorithm"];

interface Library {
  readonly name: string;
  readonly algorithms: readonly Algorithm[];
  /** Signs with a secret, or with a private key as PEM. Undefined: it is not on this machine. */
  sign(algorithm: Algorithm, key: string): Promise<string | undefined>;
}

const PYTHON = `
import datetime, sys, uuid, jwt
algorithm, key = sys.argv[1:]
now = datetime.datetime.now(tz=datetime.timezone.utc)
claims = {"sub": "customer-42", "aud": "shop", "iat": now, "exp": now + datetime.timedelta(minutes=10), "jti": str(uuid.uuid4()),
          "attributes": {"plan": "für Sie"}}
print(jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "2026"}))
`;
const RUBY = `
require "jwt"
require "securerandom"
algorithm, key = ARGV
now = Time.now.to_i
claims = { sub: "customer-42", aud: "shop", iat: now, exp: now + 600, jti: SecureRandom.uuid, attributes: { plan: "für Sie" } }
puts JWT.encode(claims, key.include?("PRIVATE KEY") ? OpenSSL::PKey.read(key) : key, algorithm, { kid: "2026" })
`;

/** The first of these programs that has the library signs. */
async function signWith(programs: readonly string[], probe: readonly string[], run: readonly string[]): Promise<string | undefined> {
  for (const program of programs) {
    try {
      execFileSync(program, probe, { stdio: "ignore" });
    } catch {
      continue;
    }
    return execFileSync(program, run, { encoding: "utf8" }).trim();
  }
  return undefined;
}

const LIBRARIES: readonly Library[] = [
  {
    name: "jsonwebtoken (Node)",
    algorithms: ["HS256", "ES256", "RS256"],
    async sign(algorithm, key) {
      const { sign } = createRequire(import.meta.url)(await peer("jsonwebtoken")) as { sign(...given: readonly unknown[]): string };
      const options = { algorithm, keyid: "2026", audience: "shop", expiresIn: "10m", jwtid: "a token of the library" };
      return sign({ sub: "customer-42", attributes: { plan: "für Sie" } }, key, options);
    },
  },
  {
    name: "PyJWT (Python)",
    algorithms: ["HS256", "EdDSA", "ES256", "RS256"],
    sign: (algorithm, key) => signWith(["python3", "/usr/bin/python3"], ["-c", "import jwt, cryptography"], ["-c", PYTHON, algorithm, key]),
  },
  {
    name: "jwt (Ruby)",
    algorithms: ["HS256", "ES256", "RS256"],
    sign: (algorithm, key) => signWith(["ruby"], ["-e", 'require "jwt"'], ["-e", RUBY, algorithm, key]),
  },
];

const ORDERS = LIBRARIES.flatMap(({ name, algorithms, sign }) => algorithms.map((algorithm) => ({ name, algorithm, sign })));

const asPem = (pair: KeyPair): string => pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

test.for(ORDERS)("a token that $name signs with $algorithm is taken", async ({ name, algorithm, sign }, { skip }) => {
  const pair = algorithm === "HS256" ? undefined : keyPair(algorithm);
  const token = await sign(algorithm, pair === undefined ? SECRET : asPem(pair));
  skip(token === undefined, `${name} is not on this machine.`);
  const key = pair === undefined ? { secret: SECRET } : { publicKey: pem(pair) };
  const settings = { mode: "optional", keys: [{ kid: "2026", algorithm, ...key } as IdentityKey], prompt: [] } as const;
  const ports = { publishedKeys: { find: () => Promise.reject(new Error("none")) }, now: () => Date.now() };
  const verify = (text: string) => verifyIdentity(text, { assistant: "shop", settings }, ports);
  expect(await verify(token ?? "")).toMatchObject({ facts: { subject: "customer-42", attributes: { plan: "für Sie" } } });
  const [head, claims, signature] = (token ?? "").split(".");
  const changed = Buffer.from(
    Buffer.from(claims ?? "", "base64url")
      .toString()
      .replace("customer-42", "customer-43"),
  ).toString("base64url");
  await expect(verify(`${head}.${changed}.${signature}`)).rejects.toMatchObject({ code: "identity-refused" });
});
