import type { Connector } from "../conversation/ports/assistant.ts";
import { devicesAssistant, isOwnServer, type OwnServer, type Tools } from "../conversation/ports/tools.ts";

export interface ToolSource {
  /** The one server whose tools it has. Absent: it is the MCP host, which has every server that is not ours. */
  readonly server?: OwnServer;
  readonly tools: Tools;
}

/** The tools of all sources as one toolbox, in order of name. Each source is asked for its own connectors only. */
export function joinTools(sources: readonly ToolSource[]): Tools {
  return {
    async open(request) {
      const opened = await Promise.all(
        sources.map(({ server, tools }) => {
          const connectors = request.assistant.connectors.filter((connector) => belongsTo(server, connector));
          return tools.open({ ...request, assistant: { ...request.assistant, connectors } });
        }),
      );
      return {
        tools: opened.flatMap(({ tools }) => tools).toSorted((left, right) => (left.name < right.name ? -1 : 1)),
        unavailable: opened.flatMap(({ unavailable }) => unavailable),
      };
    },
    rest(conversationId) {
      for (const { tools } of sources) tools.rest(conversationId);
    },
    async close() {
      await Promise.all(sources.map(({ tools }) => tools.close()));
    },
  };
}

function belongsTo(source: OwnServer | undefined, { server }: Connector): boolean {
  const own = devicesAssistant(server) === undefined ? server : "device";
  return source === undefined ? !isOwnServer(own) : own === source;
}
