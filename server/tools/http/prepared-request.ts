import { sha256Hex } from "../../foundation/canonical-json.ts";
import { isWithinDepth } from "../definitions/depth.ts";
import { type BodyTemplate, bodyArguments, fillBody, parseBodyTemplate } from "./body-template.ts";
import type { HttpToolDefinition } from "./definition.ts";
import {
  argumentIn,
  argumentsOf,
  type Arguments,
  ArgumentError,
  fillTemplate,
  parseTemplate,
  soleArgument,
  type Template,
  textOf,
} from "./template.ts";
import { fillUrl, parseUrlTemplate, type UrlTemplate } from "./url-template.ts";

/** The templates of a definition, read once. */
export interface PreparedRequest {
  readonly url: UrlTemplate;
  readonly query: readonly (readonly [string, Template])[];
  readonly headers: readonly (readonly [string, Template])[];
  readonly body: BodyTemplate | undefined;
}

/** A request as it leaves. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const ARGUMENT_LEVELS = 64;
const LATIN_1_LINE = /^[\x20-\x7e\x80-\xff]*$/;

/** Throws `TemplateError`. */
export function prepareRequest(definition: Pick<HttpToolDefinition, "url" | "query" | "headers" | "body">): PreparedRequest {
  const templates = (texts: Readonly<Record<string, string>>) =>
    Object.entries(texts).map(([name, text]) => [name, parseTemplate(text)] as const);
  return {
    url: parseUrlTemplate(definition.url),
    query: templates(definition.query),
    headers: templates(definition.headers),
    body: definition.body === undefined ? undefined : parseBodyTemplate(definition.body),
  };
}

/** The arguments of each part of a request. Those of the path have to be there. */
export function argumentPlaces(request: PreparedRequest): { readonly path: readonly string[]; readonly others: readonly string[] } {
  return {
    path: request.url.segments.flatMap(argumentsOf),
    others: [
      ...[...request.query, ...request.headers].flatMap(([, template]) => argumentsOf(template)),
      ...(request.body === undefined ? [] : bodyArguments(request.body)),
    ],
  };
}

/**
 * The request with its arguments in place, each where the owner put it and nowhere else. Throws `ArgumentError`;
 * nothing is sent then.
 */
export function fillRequest(request: PreparedRequest, given: Arguments): OutgoingRequest {
  if (!isWithinDepth(given, ARGUMENT_LEVELS)) throw new ArgumentError(`arguments: expected no more than ${ARGUMENT_LEVELS} levels.`);
  const url = fillUrl(request.url, given);
  for (const [name, template] of request.query) for (const value of queryValues(template, given)) url.searchParams.append(name, value);
  const headers = Object.fromEntries(
    request.headers.flatMap(([name, template]) => {
      const value = fillTemplate(template, given, headerText);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  const body = request.body === undefined ? undefined : fillBody(request.body, given);
  if (body === undefined) return { url, headers };
  return { url, headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** Every attempt has the same key, so the receiver takes them for one. It says nothing about the call. */
export function idempotencyKeyOf(tool: string, callId: string): string {
  return `fd-${sha256Hex(JSON.stringify(["idempotency-key", tool, callId])).slice(0, 40)}`;
}

/** A list that is an argument by itself is the parameter several times over. */
function queryValues(template: Template, given: Arguments): readonly string[] {
  const sole = soleArgument(template);
  const value = sole === undefined ? undefined : argumentIn(given, sole);
  if (sole !== undefined && Array.isArray(value)) return value.map((item) => textOf(item, sole));
  const filled = fillTemplate(template, given);
  return filled === undefined ? [] : [filled];
}

function headerText(text: string, argument: string): string {
  if (!LATIN_1_LINE.test(text))
    throw new ArgumentError(`arguments/${argument}: expected one line without characters beyond Latin-1, as it goes into a header.`);
  return text;
}
