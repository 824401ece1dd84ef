import type { OfferedTool } from "../../server/conversation/ports/model.ts";
import { ask, collect } from "../model/collect.ts";
import { modelAt } from "../model/provider-harness.ts";
import { schemaFaults, type CheckedTool, type SchemaProvider } from "../model/provider-schema-checker.ts";
import { RawServer } from "../model/raw-server.ts";
import { WIRE_FORMATS, type WireFormat } from "../model/wire-formats.ts";

type Body = Readonly<Record<string, unknown>>;
type Sent = CheckedTool & { readonly strict?: boolean };

interface ProviderTools {
  readonly rules: SchemaProvider;
  /** The tools in the body of a request. */
  readonly read: (body: Body) => Sent[];
}

const listIn = (value: unknown, key: string): Record<string, unknown>[] =>
  ((value as Record<string, unknown> | undefined)?.[key] ?? []) as Record<string, unknown>[];
const sent =
  (schema: string) =>
  (tool: Record<string, unknown>): Sent => ({
    name: String(tool["name"]),
    description: String(tool["description"]),
    schema: tool[schema] as CheckedTool["schema"],
    strict: tool["strict"] === true,
  });

const PROVIDER_TOOLS: Readonly<Record<WireFormat["provider"], ProviderTools>> = {
  openai: { rules: "openai", read: (body) => listIn(body, "tools").map(sent("parameters")) },
  "openai-compatible": {
    rules: "compatible",
    read: (body) => listIn(body, "tools").map((tool) => sent("parameters")(tool["function"] as Record<string, unknown>)),
  },
  anthropic: { rules: "anthropic", read: (body) => listIn(body, "tools").map(sent("input_schema")) },
  google: {
    rules: "google",
    read: (body) => listIn(listIn(body, "tools")[0], "functionDeclarations").map(sent("parametersJsonSchema")),
  },
};

/** What one provider gets of a server's tools. */
export interface SentTools {
  readonly provider: WireFormat["provider"];
  readonly names: readonly string[];
  /** The size of their definitions in each request. */
  readonly bytes: number;
  /** What the provider would refuse, by the name of the tool. */
  readonly refused: readonly { readonly tool: string; readonly faults: readonly string[] }[];
}

/** Asks the product's model of every provider for a word, with these tools, and reads what it sent. */
export async function sendToEveryProvider(tools: readonly OfferedTool[]): Promise<SentTools[]> {
  const everywhere: SentTools[] = [];
  for (const format of WIRE_FORMATS) everywhere.push(await sendTo(format, tools));
  return everywhere;
}

async function sendTo(format: WireFormat, tools: readonly OfferedTool[]): Promise<SentTools> {
  const { rules, read } = PROVIDER_TOOLS[format.provider];
  const raw = await RawServer.open();
  raw.stream(format.events({ pieces: ["Hello."] }));
  const { model, close } = await modelAt(format, raw.port);
  try {
    const { error } = await collect(model, ask("hello", { tools }));
    if (error !== undefined) throw error;
  } finally {
    await close();
    await raw.close();
  }
  const got = read(raw.requests.at(-1)?.body ?? {});
  const refused = got
    .map((tool) => ({ tool: tool.name, faults: schemaFaults(tool.strict === true ? "openai-strict" : rules, tool) }))
    .filter(({ faults }) => faults.length > 0);
  return { provider: format.provider, names: got.map(({ name }) => name), bytes: Buffer.byteLength(JSON.stringify(got)), refused };
}
