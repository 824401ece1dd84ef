/** Programs that mean no good: what they send by the doors of signing in. */
import { expect, test } from "vitest";
import { desk, type Desk, type Published } from "./publish-harness.ts";
import { opened, person, register, wire } from "./sign-in-harness.ts";

async function served(): Promise<{ server: Desk; published: Published }> {
  const server = await desk();
  return { server, published: await server.publish([{ source: "assistant", server: "shop", name: "ask_assistant" }]) };
}

test("a link of ours leads to no website before a person has answered, whatever is wrong with it", async () => {
  const { server, published } = await served();
  const { cookie } = await person(server, "Ada");
  const redirect = "https://evil.example/callback";
  const program = await wire(server, published, { redirect_uris: [redirect] });
  const wrong = [
    { scope: "nothing" },
    { resource: undefined },
    { code_challenge: undefined },
    { code_challenge_method: "plain" },
    { response_type: "token" },
  ];
  for (const more of wrong)
    for (const sent of [undefined, cookie]) {
      const at = await opened(server, program.authorizeUrl({ redirect_uri: redirect, ...more }), sent);
      expect(at.origin + at.pathname).toBe(`http://localhost:${server.port}/console/allow`);
      expect([...at.searchParams.keys()]).toContain("error");
      expect(at.searchParams.get("sig")).toBeNull();
    }
});

test("programs that come with a description count as registrations of their network", async () => {
  const { server, published } = await served();
  const program = await wire(server, published);
  const statuses = new Set<number>();
  for (let at = 0; at < 62; at += 1) {
    const url = program.authorizeUrl({ client_id: `https://10.1.2.3/${at}.json` });
    statuses.add((await fetch(url, { redirect: "manual" })).status);
  }
  expect([...statuses]).toEqual([302, 429]);
  expect((await register(server, { redirect_uris: ["http://127.0.0.1/"] })).status).toBe(429);
  // Who is known already goes on.
  expect((await fetch(program.authorizeUrl(), { redirect: "manual" })).status).toBe(302);
});
