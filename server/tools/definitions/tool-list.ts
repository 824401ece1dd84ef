import * as z from "zod";
import { readDefinition, type ToolDefinition } from "./tool-definition.ts";

/** A server's tools, as it listed them. */
export interface ToolList {
  /** In the order of their names, each name once. */
  readonly tools: readonly ToolDefinition[];
  /** What was left out, and why. */
  readonly leftOut: readonly { readonly tool: string; readonly reason: string }[];
  /** How long the server says that the list is good. Absent: until it says that the list changed. */
  readonly ttlMs?: number;
  /** Whether other conversations may use it. */
  readonly shareable: boolean;
}

/** The list of tools cannot be used as it is. */
export class UnusableListError extends Error {
  override readonly name = "UnusableListError";
}

const PAGES = 64;
const TOOLS = 2_000;
/** All of them go to the model with every step; more than this no model reads. */
const DEFINITION_CHARACTERS = 2 * 1024 * 1024;

const pageSchema = z.object({
  tools: z.array(z.unknown()),
  nextCursor: z.string().min(1).optional(),
  ttlMs: z.number().min(0).optional().catch(undefined),
  cacheScope: z.enum(["public", "private"]).optional().catch("private"),
});

/**
 * Reads all pages; `readPage` gives a raw `result`. One tool that cannot be read, or in which `fault` finds something,
 * is left out and does not cost the rest.
 */
export async function readToolList(
  readPage: (cursor: string | undefined) => Promise<unknown>,
  fault: (definition: ToolDefinition) => string | undefined = () => undefined,
): Promise<ToolList> {
  const tools = new Map<string, ToolDefinition>();
  const leftOut: { tool: string; reason: string }[] = [];
  let characters = 0;
  let ttlMs: number | undefined;
  let shareable = true;
  let cursor: string | undefined;
  const seen = new Set<string>();
  do {
    const page = pageSchema.safeParse(await readPage(cursor));
    if (!page.success) throw new UnusableListError(`The list of tools is not one: ${z.prettifyError(page.error).replace(/\s+/g, " ")}`);
    for (const listed of page.data.tools) {
      const read = readDefinition(listed);
      const definition = typeof read === "string" ? read : (fault(read) ?? read);
      if (typeof definition === "string") leftOut.push({ tool: nameOf(listed), reason: definition });
      else if (tools.has(definition.tool)) leftOut.push({ tool: definition.tool, reason: "another tool has the same name" });
      else {
        tools.set(definition.tool, definition);
        characters += definition.characters;
      }
    }
    if (characters > DEFINITION_CHARACTERS)
      throw new UnusableListError(`The definitions of all tools together are larger than ${DEFINITION_CHARACTERS / 1024} kB.`);
    if (tools.size > TOOLS || leftOut.length > TOOLS) throw new UnusableListError(`The list has more than ${TOOLS} tools.`);
    // The shortest time of all pages, since the list is one.
    if (page.data.ttlMs !== undefined) ttlMs = Math.min(ttlMs ?? page.data.ttlMs, page.data.ttlMs);
    if (page.data.cacheScope === "private") shareable = false;
    cursor = page.data.nextCursor;
    if (cursor !== undefined && (seen.has(cursor) || seen.size >= PAGES))
      throw new UnusableListError("The pages of the list of tools do not end.");
    if (cursor !== undefined) seen.add(cursor);
  } while (cursor !== undefined);
  return {
    tools: [...tools.values()].sort((a, b) => (a.tool < b.tool ? -1 : 1)),
    leftOut,
    ...(ttlMs === undefined ? {} : { ttlMs }),
    shareable,
  };
}

function nameOf(listed: unknown): string {
  const name: unknown = typeof listed === "object" && listed !== null && "name" in listed ? listed.name : undefined;
  return typeof name === "string" ? name.slice(0, 100) : "(no name)";
}
