import type { VOICE_PATH } from "../../protocol/voice-frame.ts";

const path: typeof VOICE_PATH = "/voice";

/**
 * Where the voice line of a server is. `server` as a page writes it: with or without its scheme, with a path, or a path
 * alone.
 */
export function voiceAddress(server: string, page: string): string {
  const written = server.trim();
  const url = new URL(/^(?:https?:)?\//i.test(written) ? written : `//${written}`, page);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.pathname = `${url.pathname}${path}`.replace(/\/+/g, "/");
  url.search = url.hash = "";
  return url.href;
}
