import { describe, expect, it } from "vitest";
import { KeyError } from "../../server/guard/secrets/verification-keys.ts";
import { PublishedKeys } from "../../server/identity/customers/published-keys.ts";
import { jwk, keyPair } from "./identity-tokens.ts";

const URL_OF_SET = "https://shop.example/keys.json";
const [ED, EC] = [keyPair("EdDSA"), keyPair("ES256")];

function site(answer: () => Response | Promise<Response>) {
  const asked: string[] = [];
  let now = 0;
  const keys = new PublishedKeys({
    now: () => now,
    fetch: async (url) => {
      asked.push(url instanceof Request ? url.url : url.toString());
      return answer();
    },
  });
  return { keys, asked, later: (ms: number) => void (now += ms) };
}

const set = (...keys: readonly object[]) => Response.json({ keys });
const kids = (found: readonly { kid: string | undefined; algorithm: string }[]) => found.map(({ kid, algorithm }) => `${kid} ${algorithm}`);

describe("a set of keys that a site publishes", () => {
  it("is read once for many tokens, and each key has the algorithm of its kind", async () => {
    const { keys, asked } = site(() => set(jwk(ED), jwk(EC)));
    const found = await Promise.all(["EdDSA", "ES256", "EdDSA"].map((kid) => keys.find(URL_OF_SET, kid)));
    expect(found.map(kids)).toEqual([["EdDSA EdDSA"], ["ES256 ES256"], ["EdDSA EdDSA"]]);
    expect(asked).toEqual([URL_OF_SET]);
  });

  it("is read again for a key that it does not know, once a minute at most, and finds a new one", async () => {
    let present = [jwk(ED)];
    const { keys, asked, later } = site(() => set(...present));
    await keys.find(URL_OF_SET, "EdDSA");
    for (let n = 0; n < 20; n += 1) expect(await keys.find(URL_OF_SET, "ES256")).toEqual([]);
    expect(asked).toHaveLength(1);
    present = [jwk(ED), jwk(EC)];
    later(60_000);
    expect(kids(await keys.find(URL_OF_SET, "ES256"))).toEqual(["ES256 ES256"]);
    expect(asked).toHaveLength(2);
  });

  it("is what it was while the site is down, for a day", async () => {
    let down = false;
    const { keys, later } = site(() => (down ? new Response("", { status: 503 }) : set(jwk(ED))));
    await keys.find(URL_OF_SET, "EdDSA");
    down = true;
    later(2 * 3_600_000);
    expect(kids(await keys.find(URL_OF_SET, "EdDSA"))).toEqual(["EdDSA EdDSA"]);
    later(24 * 3_600_000);
    await expect(keys.find(URL_OF_SET, "EdDSA")).rejects.toThrow(KeyError);
  });

  it.each<[string, () => Response]>([
    ["that has a secret", () => set(jwk(ED), { kty: "oct", kid: "s", k: "AAAA" })],
    ["that has a private key", () => set({ ...jwk(ED), d: "AAAA" })],
    ["that is no set", () => Response.json([])],
    ["that is no JSON", () => new Response("<html>")],
    ["that is far too large", () => new Response("x".repeat(70_000))],
    ["that is not there", () => new Response("", { status: 404 })],
  ])("%s is not used at all", async (_what, answer) => {
    await expect(site(answer).keys.find(URL_OF_SET, "EdDSA")).rejects.toThrow(KeyError);
  });

  it("has keys for other uses and of other kinds, which are passed over", async () => {
    const odd = [
      { ...jwk(ED), use: "enc" },
      { ...jwk(ED), alg: "ES256" },
      { ...jwk(ED), key_ops: ["encrypt"] },
      { kty: "unknown", kid: "EdDSA" },
      "nonsense",
    ];
    expect(await site(() => set(...(odd as object[]))).keys.find(URL_OF_SET, "EdDSA")).toEqual([]);
  });
});
