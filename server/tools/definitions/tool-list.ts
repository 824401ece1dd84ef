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
  nextCursor: z.string().optional(),
  ttlMs: z.number().min(0).optional().catch(undefined),
  cacheScope: z.enum(["public", "private"]).optional().catch("private"),
});

type Fault = (definition: ToolDefinition) => string | undefined;

/**
 * Reads all pages; `readPage` gives a raw `result`. One tool that cannot be read, or in which `fault` finds something,
 * is left out and does not cost the rest.
 */
export async function readToolList(
  readPage: (cursor: string | undefined) => Promise<unknown>,
  fault: Fault = () => undefined,
): Promise<ToolList> {
  const list = new Gathered(fault);
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = pageSchema.safeParse(await readPage(cursor).catch((error: unknown) => afterEmptyCursor(cursor, error)));
    if (!page.success) throw new UnusableListError(`The list of tools is not one: ${z.prettifyError(page.error).replace(/\s+/g, " ")}`);
    list.add(page.data);
    cursor = page.data.nextCursor;
    // The pages go round: what they hold was read.
    if (cursor !== undefined && seen.has(cursor)) break;
    if (seen.size >= PAGES) throw new UnusableListError("The pages of the list of tools do not end.");
    if (cursor !== undefined) seen.add(cursor);
  } while (cursor !== undefined);
  return list.whole();
}

/** What the pages hold so far. */
class Gathered {
  readonly #fault: Fault;
  readonly #tools = new Map<string, ToolDefinition>();
  readonly #leftOut: { tool: string; reason: string }[] = [];
  #pages = 0;
  #characters = 0;
  #ttlMs: number | undefined;
  #shareable = true;

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  add({ tools, ttlMs, cacheScope }: z.output<typeof pageSchema>): void {
    for (const listed of tools) this.#take(listed);
    this.#pages += 1;
    if (this.#characters > DEFINITION_CHARACTERS)
      throw new UnusableListError(`The definitions of all tools together are larger than ${DEFINITION_CHARACTERS / 1024} kB.`);
    if (this.#tools.size > TOOLS || this.#leftOut.length > TOOLS) throw new UnusableListError(`The list has more than ${TOOLS} tools.`);
    // The shortest time of all pages, since the list is one.
    if (ttlMs !== undefined) this.#ttlMs = Math.min(this.#ttlMs ?? ttlMs, ttlMs);
    if (cacheScope === "private") this.#shareable = false;
  }

  whole(): ToolList {
    return {
      tools: [...this.#tools.values()].sort((a, b) => (a.tool < b.tool ? -1 : 1)),
      leftOut: this.#leftOut,
      ...(this.#ttlMs === undefined ? {} : { ttlMs: this.#ttlMs }),
      shareable: this.#shareable,
    };
  }

  #take(listed: unknown): void {
    const read = readDefinition(listed);
    const definition = typeof read === "string" ? read : (this.#fault(read) ?? read);
    if (typeof definition === "string") {
      this.#leftOut.push({ tool: nameOf(listed), reason: definition });
      return;
    }
    const known = this.#tools.get(definition.tool);
    if (known === undefined) {
      this.#tools.set(definition.tool, definition);
      this.#characters += definition.characters;
      return;
    }
    // A page that came a second time says nothing new.
    if (this.#pages === 0 || known.definitionHash !== definition.definitionHash)
      this.#leftOut.push({ tool: definition.tool, reason: "another tool has the same name" });
  }
}

/** An empty cursor is one, by the newest revision; to most servers that send it, it is the end. */
function afterEmptyCursor(cursor: string | undefined, error: unknown): unknown {
  if (cursor === "") return { tools: [] };
  throw error;
}

function nameOf(listed: unknown): string {
  const name: unknown = typeof listed === "object" && listed !== null && "name" in listed ? listed.name : undefined;
  return typeof name === "string" ? name.slice(0, 100) : "(no name)";
}
