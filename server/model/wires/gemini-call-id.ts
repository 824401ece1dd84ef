/**
 * Gemini gives a call a thought signature and wants it back with the call, whenever the call is repeated. The one thing
 * that goes the whole way, through the journal and back, is the call's id; so the signature rides in it, after a `~`,
 * which neither base64 nor Gemini's ids have.
 */
export function writeCallId(id: string, signature: string | undefined): string {
  return signature === undefined ? id : `${id}~${signature}`;
}

export function readCallId(modelCallId: string): { readonly id: string; readonly signature: string | undefined } {
  const at = modelCallId.lastIndexOf("~");
  return at < 0 ? { id: modelCallId, signature: undefined } : { id: modelCallId.slice(0, at), signature: modelCallId.slice(at + 1) };
}
