import * as z from "zod";
import type { Desk } from "./desk.ts";
import type { ExpectedCall, Reach } from "./real-server.ts";
import { sendToEveryProvider, type SentTools } from "./sent-tools.ts";

const testedSchema = z.object({
  status: z.object({
    status: z.string(),
    reason: z.string().optional(),
    detail: z.string().optional(),
    protocolRevision: z.string().optional(),
  }),
  found: z.array(
    z.object({ name: z.string(), modelName: z.string(), description: z.string(), parameters: z.record(z.string(), z.unknown()) }),
  ),
  leftOut: z.array(z.object({ tool: z.string(), reason: z.string() })),
});
const calledSchema = z.object({
  outcome: z.string(),
  content: z.array(z.looseObject({ text: z.string().optional() })),
  cause: z.string().optional(),
});

/** What "Test connection" shows of a server, and what every provider gets of its tools. */
export interface Look {
  readonly connected: boolean;
  /** From the request to its answer, the start of the process included. */
  readonly connectedMs: number;
  readonly revision: string | undefined;
  readonly tools: number;
  readonly sent: readonly SentTools[];
  /** What is not as it has to be. */
  readonly faults: readonly string[];
}

/** Tests a server's connection, and sends its tools to every provider. */
export async function lookAt({ server, http }: Reach, desk: Desk): Promise<Look> {
  const begun = performance.now();
  const { status, found, leftOut } = testedSchema.parse(await desk.ask("POST", `/mcp-servers/${server.key}/test`));
  const connectedMs = performance.now() - begun;
  const connected = status.status === "connected";
  const { protocolRevision: revision } = status;
  const expected = (http ?? server).revision;
  const faults: string[] = [];
  if (!connected && server.refusal?.test(status.detail ?? "") !== true) faults.push(`it is ${status.reason}: ${status.detail}`);
  if (connected && server.refusal !== undefined) faults.push(`it connects instead of saying ${server.refusal}`);
  if (connected && revision !== expected) faults.push(`it speaks ${revision} instead of ${expected}`);
  if (found.length !== server.tools) faults.push(`it has ${found.length} tools instead of ${server.tools}`);
  for (const { tool, reason } of leftOut) faults.push(`${tool} is left out: ${reason}`);
  const sent = await sendToEveryProvider(
    found.map(({ modelName, description, parameters }) => ({ name: modelName, description, inputSchema: parameters })),
  );
  for (const { provider, names, refused } of sent) {
    const missing = found.filter(({ modelName }) => !names.includes(modelName));
    if (missing.length > 0) faults.push(`${provider} does not get ${missing.map(({ name }) => name).join(", ")}`);
    for (const { tool, faults: reasons } of refused) faults.push(`${provider} would refuse ${tool}: ${reasons.join("; ")}`);
  }
  return { connected, connectedMs, revision, tools: found.length, sent, faults };
}

/** How a call was told. */
export interface ToldCall {
  readonly tool: string;
  readonly outcome: string;
  readonly faults: readonly string[];
}

/** Calls a tool by hand. */
export async function makeCall(key: string, call: ExpectedCall, desk: Desk): Promise<ToldCall> {
  const path = `/mcp-servers/${key}/tools/${encodeURIComponent(call.tool)}/call`;
  const { outcome, content, cause } = calledSchema.parse(await desk.ask("POST", path, { arguments: call.arguments }));
  const words = [...content.map(({ text = "" }) => text), cause ?? ""].join("\n").trim();
  const isRight = outcome === call.outcome && call.says.test(words);
  const told = `${outcome} instead of ${call.outcome}, with ${JSON.stringify(words.slice(0, 300))} instead of ${call.says}`;
  return { tool: call.tool, outcome, faults: isRight ? [] : [`${call.tool} is told wrongly: ${told}`] };
}
