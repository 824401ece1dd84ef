import * as z from "zod";
import type { ToolReference } from "../../../protocol/events.ts";
import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import { isWithinDepth } from "./depth.ts";
import { hasInvisible, plainLine, plainText } from "./plain-text.ts";
import { type Audience, audienceOf, toolMetaSchema, viewUriOf } from "./tool-meta.ts";
import { invisibleKey, visibleSchema } from "./visible-schema.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** A tool as its server describes it, after everything that could harm was taken out. */
export interface ToolDefinition {
  /** The server's own name, as calls need it. */
  readonly tool: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly readOnly?: boolean;
  readonly destructive?: boolean;
  /** Length of its description and its schema, as the model gets them. */
  readonly characters: number;
  /** SHA-256 over what the server said, before anything was cleaned or cut. */
  readonly definitionHash: string;
  /** The tool may, or must, be called as a task (revision 2025-11-25). */
  readonly taskSupport?: "optional" | "required";
  /** The `ui://` address of its view. Absent: it has none. */
  readonly viewUri?: string;
  /** Who may call it. Absent: the model, and views of its server. */
  readonly audience?: readonly Audience[];
  /** What the server said, unchanged: what a person compares and accepts, and what a pin keeps. Never for the model. */
  readonly said: ListedTool;
}

const NAME_CHARACTERS = 256;
const TITLE_CHARACTERS = 120;
export const DESCRIPTION_CHARACTERS = 4_096;
const DEFINITION_BYTES = 128 * 1024;
const DEFINITION_LEVELS = 48;

const jsonObjectSchema = z.custom<JsonObject>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);

/** What of a listed tool is read. The schemas are taken as they are: parsing them would change them. */
export const listedToolSchema = z.object({
  name: z.string().min(1).max(NAME_CHARACTERS),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: jsonObjectSchema,
  outputSchema: jsonObjectSchema.optional(),
  annotations: jsonObjectSchema.optional(),
  /** Not a part of what is pinned: it says how the tool is called, not what it does. */
  execution: z
    .object({ taskSupport: z.enum(["optional", "required", "forbidden"]).optional().catch(undefined) })
    .optional()
    .catch(undefined),
  /** Nor is this: it says how a result is shown, and to whom the tool is offered; permissions count all the same. */
  _meta: toolMetaSchema,
});
export type ListedTool = z.output<typeof listedToolSchema>;

/** Reads one entry of a server's list of tools. A text instead of a definition says why the tool is left out. */
export function readDefinition(listed: unknown): ToolDefinition | string {
  const parsed = listedToolSchema.safeParse(listed);
  if (!parsed.success) return `its definition is not one (${z.prettifyError(parsed.error).replace(/\s+/g, " ")})`;
  const said = parsed.data;
  const { name, title, description, inputSchema, outputSchema, annotations } = said;
  if (hasInvisible(name)) return "its name has characters that cannot be seen";
  // Clients and browsers take these out of an address, so nobody could turn it off, or look at it.
  if (name === "." || name === "..") return "its name is one that no address can have";
  if (!isWithinDepth(listed, DEFINITION_LEVELS)) return `its definition is nested deeper than ${DEFINITION_LEVELS} levels`;
  const canonical = canonicalJson({ name, title, description, inputSchema, outputSchema, annotations });
  if (canonical.length > DEFINITION_BYTES) return `its definition is larger than ${DEFINITION_BYTES / 1024} kB`;
  if (!isOfObjects(inputSchema["type"])) return "its arguments are not an object";
  if (invisibleKey(inputSchema) !== undefined) return "a name in its arguments has characters that cannot be seen";
  return definitionOf(said, sha256Hex(canonical));
}

/** Arguments are an object, also where a schema allows other things beside it. */
function isOfObjects(type: unknown): boolean {
  return type === undefined || type === "object" || (Array.isArray(type) && type.includes("object"));
}

function definitionOf(said: ListedTool, definitionHash: string): ToolDefinition {
  const { name, description = "", execution, _meta: meta } = said;
  const [viewUri, audience] = [viewUriOf(meta), audienceOf(meta)];
  const schema = visibleSchema(said.inputSchema);
  const taskSupport = execution?.taskSupport;
  return {
    tool: name,
    title: plainLine(titleOf(said), TITLE_CHARACTERS) || name,
    description: plainText(description, DESCRIPTION_CHARACTERS),
    inputSchema: schema["type"] === "object" ? schema : { ...schema, type: "object" },
    ...hintsOf(said),
    characters: Math.min(description.length, DESCRIPTION_CHARACTERS) + JSON.stringify(schema).length,
    definitionHash,
    ...(taskSupport === "optional" || taskSupport === "required" ? { taskSupport } : {}),
    ...(viewUri === undefined ? {} : { viewUri }),
    ...(audience === undefined ? {} : { audience }),
    said,
  };
}

function titleOf({ name, title, annotations }: ListedTool): string {
  const annotated = annotations?.["title"];
  return title ?? (typeof annotated === "string" ? annotated : name);
}

function hintsOf({ annotations }: ListedTool): Pick<ToolDefinition, "readOnly" | "destructive"> {
  const readOnly = annotations?.["readOnlyHint"];
  const destructive = annotations?.["destructiveHint"];
  return {
    ...(typeof readOnly === "boolean" ? { readOnly } : {}),
    // Only what the server says itself: the specification's default would paint every tool without annotations as
    // destructive.
    ...(typeof destructive === "boolean" && readOnly !== true ? { destructive } : {}),
  };
}

/** The tool as events name it. */
export function toolReference(server: { readonly key: string; readonly name: string }, definition: ToolDefinition): ToolReference {
  return {
    source: "mcp",
    server: server.key,
    serverName: server.name,
    tool: definition.tool,
    title: definition.title,
    ...(definition.readOnly === undefined ? {} : { readOnly: definition.readOnly }),
    ...(definition.destructive === undefined ? {} : { destructive: definition.destructive }),
  };
}
