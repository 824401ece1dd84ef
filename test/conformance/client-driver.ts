/**
 * The client that the conformance suite tests: our MCP host with our sign-ins, driven as a turn drives it, with a
 * customer who agrees to everything. Started by the suite once for each scenario, with the server's address as its last
 * argument.
 */
import * as z from "zod";
import type { Assistant } from "../../server/conversation/ports/assistant.ts";
import type {
  CallContext,
  ConnectionNeed,
  Continuation,
  InputAnswer,
  InputRequest,
  Tool,
  ToolPause,
} from "../../server/conversation/ports/tools.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import { createConnections } from "../../server/oauth/connections.ts";
import { createGuardedFetch } from "../../server/guard/network/guarded-fetch.ts";
import { createSecretBox } from "../../server/guard/secrets/secret-box.ts";
import { createMcpTools } from "../../server/tools/mcp/mcp-tools.ts";
import { staticDirectory } from "../support/static-directory.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { OAuthVisitor } from "../support/oauth-visitor.ts";
import { sampleArguments } from "./sample-arguments.ts";

const KEY = "peer";
const CUSTOMER = "customer-1";
/** How often a person lets one call send them to sign in. */
const SIGN_INS = 3;

const contextSchema = z.object({
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  toolCalls: z.array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })).optional(),
});

const url = process.argv.at(-1) ?? "";
const scenario = process.env["MCP_CONFORMANCE_SCENARIO"] ?? "";
const context = contextSchema.parse(JSON.parse(process.env["MCP_CONFORMANCE_CONTEXT"] ?? "{}"));

const say = (fields: unknown, message: string): void => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
const log = { info: say, warn: say, error: say };
const fetch = createGuardedFetch({ allowPrivate: ["localhost", "127.0.0.1", "::1"] });
const clock = systemClock;

const server = { key: KEY, name: "Peer", url, connectTimeoutMs: 60_000 };
const client =
  context.client_id === undefined
    ? undefined
    : { id: context.client_id, ...(context.client_secret === undefined ? {} : { secret: context.client_secret }) };
const signedIn = { key: KEY, name: "Peer", url, ...(client === undefined ? {} : { client }) };
const connections = createConnections({
  documents: createMemoryDocuments(),
  box: createSecretBox({ keys: [Buffer.alloc(32, 7)] }),
  fetch,
  clock,
  log,
  publicUrl: () => "https://conformance-test.local",
  // The suite knows this address, and no other.
  clientIdUrl: "https://conformance-test.local/client-metadata.json",
  servers: (key) => (key === KEY ? signedIn : undefined),
  onConnected: () => undefined,
  mayConnect: async () => true,
});
const directory = staticDirectory([scenario.startsWith("auth/") ? { ...server, auth: { kind: "oauth" as const } } : server]);
const tools = createMcpTools({ directory, authorizations: connections.authorizations, fetch, clock, log, clientVersion: "1.0.0" });

const assistant: Assistant = {
  key: "conformance",
  name: "Conformance",
  prompt: "",
  model: { provider: "openai-compatible", model: "none", contextTokens: 8_000, maxOutputTokens: 1_000 },
  allowedOrigins: [],
  trace: "full",
  starters: [],
  connectors: [{ server: KEY, method: "personal", permissions: {} }],
  maxSteps: 10,
  turnTimeoutMs: 60_000,
  turnTokens: 100_000,
  approvalTimeoutMs: 60_000,
  resultBytes: 16_000,
  limits: { messageCharacters: 4_000, messagesPerMinute: 60, messagesPerMinutePerAddress: 60, concurrentTurns: 10 },
};

async function open(): Promise<readonly Tool[]> {
  const signal = new AbortController().signal;
  const { tools: offered, unavailable } = await tools.open({
    assistant,
    conversationId: "conversation-1",
    customerId: CUSTOMER,
    sessionId: "session-1",
    signal,
  });
  for (const { cause } of unavailable) throw new Error(cause);
  return offered;
}

/** A person who takes every form as it is filled in, and opens every page. */
function agree(request: InputRequest): InputAnswer {
  if (request.kind === "url") return { kind: "input", action: "accept" };
  const content = request.fields.flatMap((field): [string, string | number | boolean | string[]][] => {
    if (field.default !== undefined) return [[field.name, field.default]];
    return field.kind === "boolean" ? [[field.name, true]] : [];
  });
  return { kind: "input", action: "accept", content: Object.fromEntries(content) };
}

function answered(pause: ToolPause): Continuation {
  const answers = Object.entries(pause.inputs).map(([key, request]) => [
    key,
    request.kind === "sampling" ? ({ kind: "refused", cause: "not offered" } as const) : agree(request),
  ]);
  return {
    kind: "answers",
    ...(pause.requestState === undefined ? {} : { requestState: pause.requestState }),
    answers: Object.fromEntries(answers) as Extract<Continuation, { kind: "answers" }>["answers"],
  };
}

async function signIn({ scopes }: ConnectionNeed): Promise<void> {
  const owner = { kind: "customer", id: CUSTOMER } as const;
  const started = await connections.flow.start({ settings: signedIn, owner, scopes });
  const back = await new OAuthVisitor().signIn(started.authorizationUrl, started.client.redirectUri);
  const code = back.searchParams.get("code");
  if (code === null || back.searchParams.get("state") !== started.state)
    throw new Error(`The sign-in came back without a code: ${back.search}`);
  const iss = back.searchParams.get("iss") ?? undefined;
  await connections.flow.finish({ settings: signedIn, owner, by: { kind: "system", id: "driver", name: "Driver" } }, started, {
    code,
    iss,
  });
}

let calls = 0;

/** One call to its end, as a turn takes it there. */
async function call(tool: Tool, input: Record<string, unknown>): Promise<void> {
  const callId = `call-${(calls += 1)}`;
  let continuation: Continuation | undefined;
  for (let signIns = 0; ;) {
    const need = continuation === undefined ? await tool.needsConnection?.() : undefined;
    const given: CallContext = {
      callId,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      ask: async (request) => agree(request),
      sample: async () => ({ kind: "refused", cause: "not offered" }),
      onTask: async () => undefined,
      ...(continuation === undefined ? {} : { continuation }),
    };
    const result = need === undefined ? await tool.call(input, given) : ({ outcome: "needs-connection", need } as const);
    if (result.outcome === "paused") continuation = answered(result);
    else if (result.outcome === "needs-connection") {
      if ((signIns += 1) > SIGN_INS) throw new Error("It wants a sign-in again and again.");
      await signIn(result.need);
    } else {
      // What the server answers is its own affair; the suite looks at how it was asked.
      say(result, `${tool.name} ended`);
      return;
    }
  }
}

try {
  let offered = await open();
  const [first] = offered;
  if (first?.reference.tool === "connect" && first.needsConnection !== undefined) {
    await call(first, {});
    offered = await open();
  }
  const named = context.toolCalls?.flatMap(({ name, arguments: input }) => {
    const tool = offered.find(({ reference }) => reference.tool === name);
    return tool === undefined ? [] : [{ tool, input }];
  });
  for (const { tool, input } of named ?? offered.map((tool) => ({ tool, input: sampleArguments(tool.inputSchema) })))
    await call(tool, input);
} catch (error) {
  say({ error: error instanceof Error ? error.stack : String(error) }, "The driver failed.");
  process.exitCode = 1;
} finally {
  await tools.close();
  // A stream that the server keeps open must not keep the suite waiting.
  process.exit();
}
