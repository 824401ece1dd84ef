import { isSecretPlace } from "./describe-value.ts";
import type { ConfigurationFile } from "./schema.ts";
import type { Substituted } from "./substitute.ts";

const SECRET_NAME = /auth|cookie|credential|key|pass|secret|signature|token/i;

/**
 * The values of a configuration that must never be logged: API keys, and what headers, URLs and the environment of
 * programs carry, if it came from the environment or its name says that it is secret.
 */
export function secretsOf(file: ConfigurationFile, taken: Substituted["taken"]): string[] {
  const secrets = taken.filter(({ path, name }) => isSecretPlace(path) || namesSecret(name)).map(({ value }) => value);
  for (const assistant of Object.values(file.assistants)) secrets.push(...assistantSecrets(assistant));
  for (const server of Object.values(file.mcpServers)) {
    const named = "url" in server ? server.headers : server.env;
    for (const [name, value] of Object.entries(named)) if (namesSecret(name)) secrets.push(value, value.replace(/^\w+\s+/, ""));
    if ("url" in server) secrets.push(...urlSecrets(server.url));
    if ("url" in server && server.auth?.oauth?.clientSecret !== undefined) secrets.push(server.auth.oauth.clientSecret);
  }
  if (file.staff.oidc?.clientSecret !== undefined) secrets.push(file.staff.oidc.clientSecret);
  if (file.smtp !== undefined) {
    const { password } = new URL(file.smtp.url);
    secrets.push(password, decodeURIComponent(password));
  }
  return [...new Set(secrets.filter((secret) => secret !== ""))];
}

function assistantSecrets({ model, voice, identity }: ConfigurationFile["assistants"][string]): string[] {
  const secrets = (identity?.keys ?? []).flatMap((key) => (key.algorithm === "HS256" ? [key.secret] : []));
  for (const { apiKey, baseUrl } of [model, voice?.realtime ?? {}, ...(voice?.hearing ?? []), ...(voice?.speaking ?? [])]) {
    if (apiKey !== undefined) secrets.push(apiKey);
    if (baseUrl !== undefined) secrets.push(...urlSecrets(baseUrl));
  }
  return secrets;
}

/** Whether something with this name is a secret. */
export function namesSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Tokens in a URL: all values of its query, and parts of its path that are too long to be words. */
function urlSecrets(text: string): string[] {
  const url = new URL(text);
  return [...url.searchParams.values(), ...url.pathname.split("/").filter((part) => part.length >= 20)];
}
