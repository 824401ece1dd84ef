import * as z from "zod";
import { isProviderName, PROVIDERS } from "../conversation/ports/assistant.ts";
import { isOwnServer } from "../conversation/ports/tools.ts";
import { looksLikeOurs } from "../tools/definitions/tool-name.ts";
import { protocolFault } from "../tools/mcp/servers/protocol-fault.ts";
import { authFaults } from "../tools/mcp/servers/server-auth.ts";
import { nearest } from "./did-you-mean.ts";
import { checkVoice, voiceView } from "./voice-checks.ts";
import { type Fault, fault, missing } from "./faults.ts";

/**
 * What these checks look at. They skip whatever does not fit the schema, since the schema reports it: so a file gets
 * all its faults at once.
 */
const modelView = z.object({
  provider: z.string().catch(""),
  baseUrl: z.unknown().optional(),
  apiKey: z.unknown().optional(),
  contextTokens: z.number().catch(128_000),
  maxOutputTokens: z.number().catch(4096),
  prices: z.unknown().optional(),
});
const budgetView = z.object({ costPerDay: z.unknown().optional(), costPerMonth: z.unknown().optional() });
const connectorView = z.object({ connection: z.unknown().optional() });
const assistantView = z.object({
  model: modelView.optional().catch(undefined),
  budget: budgetView.optional().catch(undefined),
  voice: voiceView.optional().catch(undefined),
  connectors: z.record(z.string(), connectorView.optional().catch(undefined)).catch({}),
});
const serverView = z.object({
  transport: z.unknown().optional(),
  protocol: z.unknown().optional(),
  headers: z.record(z.string(), z.unknown()).catch({}),
  auth: z
    .object({ kind: z.unknown().optional(), oauth: z.record(z.string(), z.unknown()).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
const fileView = z.object({
  assistants: z.record(z.string(), assistantView.optional().catch(undefined)).catch({}),
  mcpServers: z.record(z.string(), serverView.optional().catch(undefined)).catch({}),
});

/** Only the file takes values from the environment. */
const KEY_EXAMPLE = ', such as "${API_KEY}" with API_KEY set in the environment';

/** What is wrong between places of the file that are each right alone. */
export function crossCheck(file: unknown): Fault[] {
  const view = fileView.safeParse(file);
  if (!view.success) return [];
  const servers = Object.keys(view.data.mcpServers);
  const reserved = servers
    .filter((server) => looksLikeOurs(server))
    .map((server) => fault(["mcpServers", server], "a key that Frontdesk uses for its own tools", "another key"));
  const ofServers = Object.entries(view.data.mcpServers).flatMap(([key, server]) =>
    server === undefined ? [] : [...impossibleSignIns(["mcpServers", key], server), ...impossibleProtocol(["mcpServers", key], server)],
  );
  const ofAssistants = Object.entries(view.data.assistants).flatMap(([key, assistant]) => {
    if (assistant === undefined) return [];
    const path = ["assistants", key];
    return [
      ...missingServers(path, Object.keys(assistant.connectors), servers),
      ...personalWithoutSignIn(path, assistant.connectors, view.data.mcpServers),
      ...(assistant.model === undefined ? [] : checkModel([...path, "model"], assistant.model, KEY_EXAMPLE)),
      ...checkBudget(path, assistant),
      ...(assistant.voice === undefined ? [] : checkVoice([...path, "voice"], assistant.voice, KEY_EXAMPLE)),
    ];
  });
  return [...reserved, ...ofServers, ...ofAssistants];
}

/**
 * What is wrong between the parts of a model's settings, which are at `path`. `keyExample` ends the sentence about a
 * missing key with how one is written there.
 */
export function checkModel(path: readonly string[], model: z.input<typeof modelView>, keyExample = ""): Fault[] {
  const view = modelView.parse(model);
  return [...incompleteModel(path, view, keyExample), ...tokensThatDoNotFit(path, view)];
}

/** A cost can only be kept within what is known of it. `path` is the assistant's. */
export function checkBudget(
  path: readonly string[],
  {
    budget,
    model,
  }: { readonly budget?: z.input<typeof budgetView> | undefined; readonly model?: { readonly prices?: unknown } | undefined },
): Fault[] {
  if (model?.prices !== undefined) return [];
  const limit = (["costPerDay", "costPerMonth"] as const).find((name) => budget?.[name] !== undefined);
  return limit === undefined ? [] : [fault([...path, "budget", limit], "a cost without prices", "model.prices beside it")];
}

/** Each customer's own sign-in needs a server that has one for people. */
function personalWithoutSignIn(
  path: readonly string[],
  connectors: z.output<typeof assistantView>["connectors"],
  servers: z.output<typeof fileView>["mcpServers"],
): Fault[] {
  return Object.entries(connectors).flatMap(([key, connector]) => {
    const server = servers[key];
    if (connector?.connection !== "personal" || server === undefined) return [];
    const place = [...path, "connectors", key, "connection"];
    const signIn = `"shared", or "auth": { "kind": "oauth" } at mcpServers.${key}`;
    return server.auth?.kind === "oauth" ? [] : [fault(place, '"personal" for a server without a sign-in', signIn)];
  });
}

function impossibleSignIns(path: readonly string[], { auth, headers }: z.output<typeof serverView>): Fault[] {
  if (auth === undefined) return [];
  const found = authFaults(auth).map((one) => fault([...path, "auth", ...one.path], one.found, one.expected));
  const own = Object.keys(headers).find((name) => name.toLowerCase() === "authorization");
  if (own === undefined || auth.kind !== "oauth") return found;
  return [fault([...path, "headers", own], "a header that the sign-in sets", "either this header or auth"), ...found];
}

function impossibleProtocol(path: readonly string[], server: z.output<typeof serverView>): Fault[] {
  const found = protocolFault(server);
  return found === undefined ? [] : [fault([...path, ...found.path], found.found, found.expected)];
}

function missingServers(path: readonly string[], connectors: readonly string[], servers: readonly string[]): Fault[] {
  const quoted = servers.map((server) => `"${server}"`).join(", ");
  const expected = servers.length === 0 ? "a server with that key under mcpServers" : `a key of mcpServers: ${quoted}`;
  return connectors
    .filter((connector) => !servers.includes(connector) && !isOwnServer(connector))
    .map((connector) => {
      const near = nearest(connector, servers);
      const suggestion = near === undefined ? "" : ` (did you mean "${near}"?)`;
      return fault([...path, "connectors", connector], "a connector to a server that does not exist", expected + suggestion);
    });
}

type ModelView = z.output<typeof modelView>;

function incompleteModel(path: readonly string[], model: ModelView, keyExample: string): Fault[] {
  const { provider, baseUrl, apiKey } = model;
  if (baseUrl !== undefined || !isProviderName(provider)) return [];
  if (!PROVIDERS[provider].needsKey) return [missing([...path, "baseUrl"], `the URL of the ${provider} server`)];
  return apiKey === undefined ? [missing([...path, "apiKey"], `the API key for ${provider}${keyExample}`)] : [];
}

function tokensThatDoNotFit(path: readonly string[], model: ModelView): Fault[] {
  if (model.maxOutputTokens < model.contextTokens) return [];
  return [fault([...path, "maxOutputTokens"], String(model.maxOutputTokens), `less than contextTokens, which is ${model.contextTokens}`)];
}
