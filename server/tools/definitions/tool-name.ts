import { OWN_SERVERS } from "../../conversation/ports/tools.ts";
import { sha256Hex } from "../../foundation/canonical-json.ts";

/** What language models accept as the name of a tool. */
export const TOOL_NAME_CHARACTERS = 64;

const HASH_CHARACTERS = 8;
const END_CHARACTERS = Math.floor((TOOL_NAME_CHARACTERS - HASH_CHARACTERS - 2) / 2);

/**
 * The names by which the model knows the tools of one server, in the order of `tools`: `<identifier>__<tool>` where
 * that is a valid name, otherwise the same cleaned and cut around a short hash. A name depends on nothing but the
 * server's identifier and its own tools, and two servers never share one.
 */
export function toolNames(server: string, tools: readonly string[]): readonly string[] {
  const plain = tools.map((tool) => plainName(server, tool));
  const hashed = new Set(tools.filter((_, index) => plain[index] === undefined).map((tool) => hashedName(server, tool)));
  return tools.map((tool, index) => {
    const name = plain[index];
    // A server may call a tool exactly what another one of its tools is hashed to.
    return name === undefined || hashed.has(name) ? hashedName(server, tool) : name;
  });
}

/** Undefined where the name has to be cleaned or cut, or could be read as a tool of another server. */
function plainName(server: string, tool: string): string | undefined {
  const name = `${server}__${tool}`;
  // With these left out, the first `__` of a name always ends the identifier.
  const ambiguous = server.includes("__") || server.endsWith("_");
  return name.length <= TOOL_NAME_CHARACTERS && /^[A-Za-z0-9_-]+$/.test(name) && !ambiguous ? name : undefined;
}

function hashedName(server: string, tool: string): string {
  const hash = sha256Hex(JSON.stringify([server, tool])).slice(0, HASH_CHARACTERS);
  const clean = `${server}__${tool}`.replace(/[^A-Za-z0-9_-]+/g, "_");
  if (clean.length + HASH_CHARACTERS + 1 <= TOOL_NAME_CHARACTERS) return `${clean}-${hash}`;
  return `${clean.slice(0, END_CHARACTERS)}-${hash}-${clean.slice(-END_CHARACTERS)}`;
}

/** What the product's own tools, and those of pages, devices and single endpoints, begin with. */
const OURS = ["frontdesk", ...Object.keys(OWN_SERVERS)];

/**
 * Whether tools of a server of this name would look like ours: `frontdesk`, and also `frontdesk_` and
 * `frontdesk__notes`.
 */
export function looksLikeOurs(server: string): boolean {
  const bare = server.replace(/_+$/, "");
  return OURS.some((name) => bare === name || server.startsWith(`${name}__`));
}
