import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import type { Tool } from "../../conversation/ports/tools.ts";
import type { OfferedTool } from "../calls/caller.ts";
import { OWN_SERVER } from "../../setup/published-servers/published-server-record.ts";
import type { OwnTool } from "./own-server.ts";
import type { PublishedTools } from "./toolboxes.ts";

/** The tools of Frontdesk's own server as the gate takes them. */
export function ownToolbox(tools: readonly OwnTool[]): PublishedTools {
  return {
    byName: new Map(
      tools.map((one) => [
        one.definition.name,
        {
          offered: offeredAs(one),
          tool: toolOf(one),
          definition: one.definition,
          logged: (input: Readonly<Record<string, unknown>>) => one.logged(input),
        },
      ]),
    ),
    definitions: tools.filter(({ isListed }) => isListed).map(({ definition }) => definition),
    unavailable: new Map(),
  };
}

function offeredAs({ definition: { name } }: OwnTool): OfferedTool {
  return { source: "mcp", server: OWN_SERVER, name, publishedName: name, active: true, permission: "always_allow", approver: "either" };
}

function toolOf(one: OwnTool): Tool {
  const { name, title = name, description, inputSchema } = one.definition;
  return {
    name,
    reference: { source: "host", server: OWN_SERVER, serverName: "Frontdesk", tool: name, title, readOnly: one.readOnly },
    description,
    inputSchema,
    definitionHash: sha256Hex(canonicalJson(one.definition)),
    // The operation itself says what is wrong with its arguments.
    check: () => undefined,
    call: (input, { signal }) => one.call(input, signal),
  };
}
