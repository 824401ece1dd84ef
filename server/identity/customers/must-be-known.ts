import { RequestError } from "../../../protocol/errors.ts";
import type { Assistant } from "../../conversation/ports/assistant.ts";

/**
 * The owner may let in identified customers alone from one moment to the next, as it is with a hello. Throws
 * `RequestError` `identity-required`.
 */
export function mustBeKnown(
  { claims }: { readonly claims?: { readonly kind: "anonymous" | "identified" } },
  assistant: Pick<Assistant, "identity" | "preview"> | undefined,
): void {
  if (claims?.kind !== "anonymous" || assistant?.identity?.mode !== "enforced" || assistant.preview === true) return;
  throw new RequestError("identity-required", { detail: "The assistant takes only identified customers by now." });
}
