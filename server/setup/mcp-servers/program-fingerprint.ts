import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import { isRemote, type McpServerSettings } from "../../tools/mcp/servers/settings.ts";

/** Enough to see that something changed, and too little to try out which secret is in `env`. */
const CHARACTERS = 6;

/** Changes when another program is started, or the same in another way. Empty for a remote server. */
export function fingerprint(settings: McpServerSettings): string {
  if (isRemote(settings)) return "";
  const { command, args, env } = settings;
  return sha256Hex(canonicalJson({ command, args, env })).slice(0, CHARACTERS);
}
