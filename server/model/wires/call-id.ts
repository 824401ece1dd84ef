import { createHash } from "node:crypto";

/** What OpenAI and Anthropic take as the id of a call. */
const FITS = /^[\w-]{1,64}$/;

/**
 * A call's id as OpenAI and Anthropic take it. A conversation may have begun with another provider's model, whose ids
 * can be longer or have other characters; the same id always becomes the same one, so that call and result still belong
 * together.
 */
export function fittingCallId(modelCallId: string): string {
  if (FITS.test(modelCallId)) return modelCallId;
  return `call_${createHash("sha256").update(modelCallId).digest("hex").slice(0, 24)}`;
}
