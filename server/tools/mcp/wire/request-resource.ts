import type { Client } from "@modelcontextprotocol/client";
import type { ResourceContents } from "../../../conversation/ports/tools.ts";
import { NeedsSignInError, signInNeed } from "./needs-sign-in-error.ts";
import type { OpenedTransport } from "./open-transport.ts";

/** The `contents` of a resource. Throws what the MCP client throws, or `NeedsSignInError`. */
export async function requestResource(
  client: Client,
  opened: Pick<OpenedTransport, "lacks">,
  uri: string,
  options: { readonly signal: AbortSignal; readonly timeout: number },
): Promise<readonly ResourceContents[]> {
  try {
    const { contents } = await client.readResource({ uri }, options);
    return contents as readonly ResourceContents[];
  } catch (error) {
    const need = signInNeed(error) ?? opened.lacks();
    throw need === undefined ? error : new NeedsSignInError(need);
  }
}
