import { ToolIndex, type Searchable } from "./tool-index.ts";

/** Assistants differ in their tools; conversations of one assistant mostly do not. */
const INDEXES = 8;
/** Newest last. */
const indexes: { readonly tools: readonly Searchable[]; readonly index: Promise<ToolIndex> }[] = [];

/**
 * Tools by how well they fit a query, best first, without those that do not fit. Tools that were indexed before are not
 * read again.
 */
export async function rankTools<T extends Searchable>(tools: readonly T[], query: string): Promise<T[]> {
  const index = await indexOf(tools);
  return index.search(query).flatMap((place) => tools[place] ?? []);
}

function indexOf(tools: readonly Searchable[]): Promise<ToolIndex> {
  const at = indexes.findIndex((one) => sameTools(one.tools, tools));
  const [known] = at < 0 ? [] : indexes.splice(at, 1);
  const kept = known ?? keep(tools);
  indexes.push(kept);
  if (indexes.length > INDEXES) indexes.shift();
  return kept.index;
}

/** A copy: nothing of a conversation but the words is kept with them. */
function keep(given: readonly Searchable[]): (typeof indexes)[number] {
  const tools = given.map(({ name, title, description, serverName }) => ({ name, title, description, serverName }));
  return { tools, index: ToolIndex.of(tools) };
}

function sameTools(some: readonly Searchable[], others: readonly Searchable[]): boolean {
  return some.length === others.length && some.every((tool, place) => sameTool(tool, others[place]));
}

function sameTool(one: Searchable, other: Searchable | undefined): boolean {
  return (
    one.name === other?.name && one.title === other.title && one.serverName === other.serverName && one.description === other.description
  );
}
