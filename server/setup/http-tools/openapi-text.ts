import { InvalidError } from "../../foundation/invalid-error.ts";
import { isWithinDepth } from "../../tools/definitions/depth.ts";

/** As deep as a body of the API may be. */
const LEVELS = 64;
/** The parser of YAML has lists and objects open, and what holds them; anybody's document needs far less. */
const YAML_LEVELS = 200;
const MOST_ALIASES = 100;
/** Aliases make a text longer: this is what a document may be with all of them in their places. */
const MOST_CHARACTERS = 4_000_000;

/** A document that somebody pasted, as JSON or YAML. Throws `InvalidError` at `/openapi`. */
export async function readOpenApiText(text: string): Promise<unknown> {
  const value = jsonOf(text) ?? (await yamlOf(text));
  if (!isWithinDepth(value, LEVELS)) throw openApiFault(`It is nested deeper than ${LEVELS} levels.`);
  return value;
}

export function openApiFault(message: string): InvalidError {
  return new InvalidError([{ path: "/openapi", message }]);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON, so it is YAML.
    return undefined;
  }
}

/**
 * Tokens come one by one, so the depth of a stranger's text is known before anything is made of it. A key that is there
 * twice holds as it does in JSON: the last one.
 */
async function yamlOf(text: string): Promise<unknown> {
  const { Composer, Lexer, Parser } = await import("yaml");
  const parser = new Parser();
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (openIn(parser) > YAML_LEVELS) throw openApiFault(`It is nested deeper than ${LEVELS} levels.`);
  }
  tokens.push(...parser.end());
  const [document, another] = new Composer({ logLevel: "error", uniqueKeys: false }).compose(tokens, true, text.length);
  if (document === undefined || another !== undefined || document.errors.length > 0) throw openApiFault("It is neither JSON nor YAML.");
  return treeOf(() => document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown);
}

/** The parser keeps what is not closed yet to itself. */
function openIn(parser: object): number {
  const open: unknown = Reflect.get(parser, "stack");
  if (!Array.isArray(open)) throw new Error("The YAML library no longer says how deep its parser is.");
  return open.length;
}

/** As JSON would have it: an alias can lead to what it is in, which has no end. */
function treeOf(read: () => unknown): unknown {
  let written: string;
  try {
    written = JSON.stringify(read()) ?? "null";
  } catch {
    throw openApiFault("Its aliases lead back to themselves, or are too many.");
  }
  if (written.length > MOST_CHARACTERS) throw openApiFault("It is too long with all of its aliases in their places.");
  return JSON.parse(written) as unknown;
}
