import * as z from "zod";
import { nearest } from "./did-you-mean.ts";
import { type Fault, fault } from "./faults.ts";

/** What these checks look at; whatever does not fit is told elsewhere and skipped here, so that every fault of a file comes at once. */
const modelView = z.object({
  provider: z.string().catch(""),
  baseUrl: z.unknown().optional(),
  apiKey: z.unknown().optional(),
  contextTokens: z.number().catch(128_000),
  maxOutputTokens: z.number().catch(4096),
});
const assistantView = z.object({
  model: modelView.optional().catch(undefined),
  connectors: z.record(z.string(), z.unknown()).catch({}),
});
const fileView = z.object({
  assistants: z.record(z.string(), assistantView.optional().catch(undefined)).catch({}),
  mcpServers: z.record(z.string(), z.unknown()).catch({}),
});

/** Names of tools begin with the key of their server; these beginnings are taken. */
const RESERVED_KEYS = ["device", "frontdesk", "page"];

/** What is wrong between places of the file that may each be right. */
export function crossCheck(file: unknown): Fault[] {
  const view = fileView.safeParse(file);
  if (!view.success) return [];
  const servers = Object.keys(view.data.mcpServers);
  const reserved = servers
    .filter((server) => RESERVED_KEYS.includes(server))
    .map((server) => fault(["mcpServers", server], "a key that the product uses for its own tools", "another key"));
  const ofAssistants = Object.entries(view.data.assistants).flatMap(([key, assistant]) => {
    if (assistant === undefined) return [];
    const path = ["assistants", key];
    const ofModel =
      assistant.model === undefined ? [] : [...incompleteModel(path, assistant.model), ...tokensThatDoNotFit(path, assistant.model)];
    return [...missingServers(path, Object.keys(assistant.connectors), servers), ...ofModel];
  });
  return [...reserved, ...ofAssistants];
}

function missingServers(path: readonly string[], connectors: readonly string[], servers: readonly string[]): Fault[] {
  const quoted = servers.map((server) => `"${server}"`).join(", ");
  const expected = servers.length === 0 ? "a server of that key under mcpServers" : `a key of mcpServers: ${quoted}`;
  return connectors
    .filter((connector) => !servers.includes(connector))
    .map((connector) => {
      const near = nearest(connector, servers);
      const suggestion = near === undefined ? "" : ` (did you mean "${near}"?)`;
      return fault([...path, "connectors", connector], "a connector to a server that is not there", expected + suggestion);
    });
}

type ModelView = z.output<typeof modelView>;

function incompleteModel(path: readonly string[], model: ModelView): Fault[] {
  if (model.baseUrl !== undefined) return [];
  if (model.provider === "openai-compatible")
    return [fault([...path, "model", "baseUrl"], "nothing", "the URL of the openai-compatible server")];
  if (model.apiKey !== undefined || !["openai", "anthropic", "google"].includes(model.provider)) return [];
  const expected = `the API key for ${model.provider}, such as "\${API_KEY}" with API_KEY set in the environment`;
  return [fault([...path, "model", "apiKey"], "nothing", expected)];
}

function tokensThatDoNotFit(path: readonly string[], model: ModelView): Fault[] {
  if (model.maxOutputTokens < model.contextTokens) return [];
  return [
    fault([...path, "model", "maxOutputTokens"], String(model.maxOutputTokens), `less than contextTokens, which is ${model.contextTokens}`),
  ];
}
