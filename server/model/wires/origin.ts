import type { WireSettings } from "./wire.ts";

/** Which model of which server it is: what one thinks is nobody else's. */
export function originOf({ baseUrl, model }: Pick<WireSettings, "baseUrl" | "model">): string {
  return `${baseUrl.host}${baseUrl.pathname} ${model}`;
}
