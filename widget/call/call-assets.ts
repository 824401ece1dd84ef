/** Put in by the build: what a call loads beside its scripts. */
declare const FRONTDESK_VOICE_WEIGHTS: string;
declare const FRONTDESK_VOICE_WORKLET: string;
// Joined, and not written as one text: Vite would look for such a file while it builds.

/** What voice activity computes with. Beside this script, wherever that came from. */
export function weightsUrl(): string {
  return new URL("../".concat(FRONTDESK_VOICE_WEIGHTS), import.meta.url).href;
}

/** What the audio contexts load. */
export function workletUrl(): string {
  return new URL("../".concat(FRONTDESK_VOICE_WORKLET), import.meta.url).href;
}
