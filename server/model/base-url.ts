import type { ModelSettings } from "../conversation/ports/assistant.ts";
import { ModelError } from "../conversation/ports/model.ts";

type Provider = ModelSettings["provider"];

const OWN: Readonly<Record<Exclude<Provider, "openai-compatible">, string>> = {
  openai: "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com/v1",
  google: "https://generativelanguage.googleapis.com/v1beta",
};

const OPENAI_HOST = new URL(OWN.openai).host;

/** Whether an address is OpenAI's own; gateways and proxies in front of it speak Chat Completions, few of them Responses. */
export function isOpenAi(baseUrl: URL): boolean {
  return baseUrl.host === OPENAI_HOST;
}

/**
 * The address that a provider's paths are added to. Owners paste what their provider's page shows: with or without the version, with or without the path of the
 * call itself. Throws `ModelError` `misconfigured`.
 */
export function baseUrlOf(settings: Pick<ModelSettings, "provider" | "baseUrl">): URL {
  const { provider } = settings;
  const given = settings.baseUrl?.trim() ?? "";
  if (given === "") {
    if (provider === "openai-compatible")
      throw new ModelError(
        "misconfigured",
        "A model of the provider openai-compatible needs a baseUrl, such as http://127.0.0.1:11434/v1.",
      );
    return new URL(OWN[provider]);
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new ModelError(
      "misconfigured",
      `The model's baseUrl is no http(s) address. Expected one like ${provider === "openai-compatible" ? "http://127.0.0.1:11434/v1" : OWN[provider]}.`,
    );
  if (url.username !== "" || url.password !== "")
    throw new ModelError(
      "misconfigured",
      `The model's baseUrl for ${url.host} has a user or password in it. Give the secret as apiKey instead.`,
    );
  url.hash = "";
  url.pathname = versioned(provider, url.pathname.replace(/\/+$/, ""));
  return url;
}

function versioned(provider: Provider, path: string): string {
  switch (provider) {
    case "openai":
    case "openai-compatible": {
      const root = path.replace(/\/(?:chat\/completions|responses)$/, "");
      return root === "" ? "/v1" : root;
    }
    case "anthropic": {
      const root = path.replace(/\/messages$/, "");
      return /\/v\d+$/.test(root) ? root : `${root}/v1`;
    }
    case "google": {
      const root = path.replace(/\/models(?:\/.*)?$/, "");
      return /\/v\d+\w*$/.test(root) ? root : `${root}/v1beta`;
    }
  }
}

/** `path` under `baseUrl`, whose query (some gateways want one) is kept. */
export function under(baseUrl: URL, path: string): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/$/, "")}${path}`;
  return url;
}
