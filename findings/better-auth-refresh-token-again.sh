#!/usr/bin/env bash
# @better-auth/oauth-provider 1.7.5 with better-auth 1.7.5: a refresh token that comes a second time, as after an answer that was
# lost on the way, ends more than its own grant: all grants of the same person to the same program, for other resources too, since
# the rows are found by client and user. `refreshTokenReuseInterval` forgives that for a time; by default there is none. /oauth2/revoke
# does the same, whatever the interval is: a sign-out that is sent twice signs the program out everywhere, and the second is a 400. One
# would guess that only the token's own grant ends (RFC 9700, 4.14.2), and that a second revocation is 200 and changes nothing (RFC
# 7009, 2.2).
# Seen: "control: notes 200, mail 200; used again: 400, then mail 400, other program 200; revoked once: 200, then mail 200; revoked
# again: 400, then mail 400, other program 200".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund better-auth@1.7.5 @better-auth/oauth-provider@1.7.5 @better-auth/core@1.7.5 @better-auth/utils@0.4.2 \
  @better-fetch/fetch@1.3.2 better-call@1.4.0 >/dev/null 2>&1
cat >again.mjs <<'JS'
import { createHash } from "node:crypto";
import { oauthProvider } from "@better-auth/oauth-provider";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
const ORIGIN = "https://id.example";
const BACK = "https://program.example/back";
const SCOPE = "read offline_access";
const VERIFIER = "a-verifier-needs-at-least-forty-three-characters-of-these";
const models = ["user", "session", "account", "verification", "oauthClient", "oauthResource", "oauthClientResource"];
models.push("oauthRefreshToken", "oauthAccessToken", "oauthConsent");
const provider = oauthProvider({
  scopes: SCOPE.split(" "),
  resources: ["https://notes.example/", "https://mail.example/"],
  enforcePerClientResources: false,
  loginPage: "/login",
  consentPage: "/consent",
  disableJwtPlugin: true,
  allowDynamicClientRegistration: true,
  allowUnauthenticatedClientRegistration: true,
});
const auth = betterAuth({
  baseURL: ORIGIN,
  secret: "0123456789abcdef0123456789abcdef",
  database: memoryAdapter(Object.fromEntries(models.map((model) => [model, []]))),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  logger: { disabled: true },
  plugins: [provider],
});
const ask = (path, init) => auth.handler(new Request(`${ORIGIN}/api/auth${path}`, init));
const post = (path, body, cookie = "") =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json", Origin: ORIGIN, cookie }, body: JSON.stringify(body) });
const form = (path, fields) => ask(path, { method: "POST", body: new URLSearchParams(fields) });
const signedUp = await post("/sign-up/email", { name: "Ada", email: "ada@id.example", password: "a long enough password" });
const cookie = signedUp.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");

async function register() {
  const grant_types = ["authorization_code", "refresh_token"];
  const program = { redirect_uris: [BACK], token_endpoint_auth_method: "none", grant_types, scope: SCOPE };
  const answer = await post("/oauth2/register", program);
  return (await answer.json()).client_id;
}
/** A refresh token that the person granted the program for one resource. */
async function grant(client_id, resource) {
  const code_challenge = createHash("sha256").update(VERIFIER).digest("base64url");
  const client = { client_id, redirect_uri: BACK, resource };
  const query = { ...client, response_type: "code", scope: SCOPE, state: "a-state", code_challenge, code_challenge_method: "S256" };
  const asked = await ask(`/oauth2/authorize?${new URLSearchParams(query)}`, { headers: { cookie } });
  let at = new URL(asked.headers.get("location"), ORIGIN);
  if (at.pathname === "/consent") {
    const accepted = await post("/oauth2/consent", { accept: true, oauth_query: at.search.slice(1) }, cookie);
    at = new URL((await accepted.json()).url);
  }
  const code = at.searchParams.get("code");
  const tokens = await form("/oauth2/token", { ...client, grant_type: "authorization_code", code, code_verifier: VERIFIER });
  return (await tokens.json()).refresh_token;
}
const status = async (path, fields) => (await form(path, fields)).status;
const refresh = (client_id, refresh_token) => status("/oauth2/token", { client_id, grant_type: "refresh_token", refresh_token });
const revoke = (client_id, token) => status("/oauth2/revoke", { client_id, token, token_type_hint: "refresh_token" });

const program = await register();
const other = await register();
const notes = () => grant(program, "https://notes.example/");
const mail = () => grant(program, "https://mail.example/");
const seen = [];

let [first, second] = [await notes(), await mail()];
let third = await grant(other, "https://mail.example/");
seen.push(`control: notes ${await refresh(program, first)}, mail ${await refresh(program, second)}`);
second = await mail();
const again = await refresh(program, first);
seen.push(`used again: ${again}, then mail ${await refresh(program, second)}, other program ${await refresh(other, third)}`);

[first, second] = [await notes(), await mail()];
seen.push(`revoked once: ${await revoke(program, first)}, then mail ${await refresh(program, second)}`);
second = await mail();
third = await grant(other, "https://mail.example/");
const twice = await revoke(program, first);
seen.push(`revoked again: ${twice}, then mail ${await refresh(program, second)}, other program ${await refresh(other, third)}`);
console.log(seen.join("; "));
JS
output=$(node again.mjs)
echo "$output"
[ "$output" = "control: notes 200, mail 200; used again: 400, then mail 400, other program 200; revoked once: 200, then mail 200; revoked again: 400, then mail 400, other program 200" ]
