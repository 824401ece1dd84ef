import type { ModelSettings } from "../conversation/ports/assistant.ts";
import { ModelError } from "../conversation/ports/model.ts";
import { PROVIDER_APIS } from "./providers.ts";

/**
 * The address that a provider's paths are added to. Owners paste what their provider's page shows: with or without the
 * version, with or without the path of the call itself. Throws `ModelError` `misconfigured`.
 */
export function baseUrlOf(settings: Pick<ModelSettings, "provider" | "baseUrl">): URL {
  const { ownUrl, exampleUrl, basePath } = PROVIDER_APIS[settings.provider];
  const given = settings.baseUrl?.trim() ?? "";
  if (given === "") {
    if (ownUrl === undefined)
      throw new ModelError("misconfigured", `A model of the provider ${settings.provider} needs a baseUrl, such as ${exampleUrl}.`);
    return new URL(ownUrl);
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new ModelError("misconfigured", `The model's baseUrl is no http(s) address. Expected one like ${exampleUrl}.`);
  if (url.username !== "" || url.password !== "")
    throw new ModelError(
      "misconfigured",
      `The model's baseUrl for ${url.host} has a user or password in it. Give the secret as apiKey instead.`,
    );
  url.hash = "";
  url.pathname = basePath(url.pathname.replace(/\/+$/, ""));
  return url;
}
