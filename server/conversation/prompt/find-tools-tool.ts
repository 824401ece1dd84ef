import * as z from "zod";
import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import type { Tool, ToolResult } from "../ports/tools.ts";
import { rankTools } from "./rank-tools.ts";
import { cutAtBytes, FIND_TOOLS } from "./tool-text.ts";

/** How many matches one search gives. */
const MATCHES = 8;
const DESCRIPTION_BYTES = 600;
const SCHEMA_BYTES = 2_000;

const inputSchema = {
  type: "object",
  properties: { query: { type: "string", minLength: 1, maxLength: 500, description: "What the tool should do, in a few words." } },
  required: ["query"],
} as const;

const argumentsSchema = z.object({ query: z.string().min(1).max(500) });
const definitionHash = sha256Hex(canonicalJson(inputSchema));

/**
 * `frontdesk__find_tools`: the model's way to tools that are too many to be offered all at once. What it finds is
 * offered from the next step on.
 */
export function findToolsTool(tools: readonly Tool[]): Tool {
  return {
    name: FIND_TOOLS,
    reference: { source: "host", server: "frontdesk", serverName: "Frontdesk", tool: "find_tools", title: "Find tools", readOnly: true },
    description: `There are ${tools.length} tools, more than are listed here. This finds those that fit a task; call it before you say that something is not possible. The found tools can be called right after.`,
    inputSchema,
    definitionHash,
    check(input) {
      const parsed = argumentsSchema.safeParse(input);
      return parsed.success ? undefined : z.prettifyError(parsed.error);
    },
    call: async (input): Promise<ToolResult> => {
      const { query } = argumentsSchema.parse(input);
      const found = (await rankTools(tools.map(searchable), query)).slice(0, MATCHES);
      const text =
        found.length === 0 ? NOTHING : [`${FOUND}${found.map(({ tool }) => tool.name).join(", ")}`, ...found.map(describe)].join("\n\n");
      return { outcome: "ok", content: [{ kind: "text", text }] };
    },
  };
}

const FOUND = "Found: ";
const NOTHING = "No tool fits. Try other words, or the name of the service.";

/**
 * The names that a search gave, from the text that the model read: they are in the first line, which nothing else can
 * write.
 */
export function namesFoundIn(text: string): string[] {
  const [first = ""] = text.split("\n", 1);
  return first.startsWith(FOUND)
    ? first
        .slice(FOUND.length)
        .split(", ")
        .filter((name) => /^[\w-]+$/.test(name))
    : [];
}

function searchable(tool: Tool) {
  const { title, serverName } = tool.reference;
  return { tool, name: tool.name, title, serverName, description: tool.description };
}

function describe({ tool }: { tool: Tool }): string {
  const schema = JSON.stringify(tool.inputSchema);
  const arguments_ = Buffer.byteLength(schema) <= SCHEMA_BYTES ? schema : "too long to list; they come with the tool in the next step";
  return `${tool.name}\n${cutAtBytes(tool.description, DESCRIPTION_BYTES)}\nArguments: ${arguments_}`;
}
