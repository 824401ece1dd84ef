import { PROVIDERS, type ProviderName } from "../conversation/ports/assistant.ts";
import { PROVIDER_APIS } from "./providers.ts";

/** A provider as whoever sets a model up chooses it. */
export interface KnownProvider {
  readonly provider: ProviderName;
  readonly name: string;
  /** Where it is reached when no address is given. */
  readonly baseUrl?: string;
  readonly exampleUrl: string;
  readonly needsBaseUrl: boolean;
  readonly needsKey: boolean;
  readonly exampleModels: string[];
}

export function knownProviders(): readonly KnownProvider[] {
  return (Object.keys(PROVIDER_APIS) as ProviderName[]).map((provider) => {
    const { name, ownUrl, exampleUrl, exampleModels = [] } = PROVIDER_APIS[provider];
    return {
      provider,
      name,
      ...(ownUrl === undefined ? {} : { baseUrl: ownUrl }),
      exampleUrl,
      needsBaseUrl: ownUrl === undefined,
      needsKey: PROVIDERS[provider].needsKey,
      exampleModels: [...exampleModels],
    };
  });
}
