import type { Assistant } from "../conversation/ports/assistant.ts";
import type { Tools } from "../conversation/ports/tools.ts";
import { HTTP_SERVER } from "./http/definition.ts";

/** The MCP host's tools and the HTTP tools as one toolbox, in order of name. The host is not asked for the connector that is no server of its. */
export function joinTools(mcp: Tools, http: Tools): Tools {
  return {
    async open(request) {
      const [servers, endpoints] = await Promise.all([
        mcp.open({ ...request, assistant: withoutHttp(request.assistant) }),
        http.open(request),
      ]);
      return {
        tools: [...servers.tools, ...endpoints.tools].toSorted((left, right) => (left.name < right.name ? -1 : 1)),
        unavailable: [...servers.unavailable, ...endpoints.unavailable],
      };
    },
    rest(conversationId) {
      mcp.rest(conversationId);
      http.rest(conversationId);
    },
    async close() {
      await Promise.all([mcp.close(), http.close()]);
    },
  };
}

function withoutHttp(assistant: Assistant): Assistant {
  return { ...assistant, connectors: assistant.connectors.filter(({ server }) => server !== HTTP_SERVER) };
}
