import * as z from "zod";
import { ProblemError } from "../../problem.ts";
import type { Route } from "../route.ts";
import { type JsonSchema, plainSchema } from "./plain-schema.ts";
import type { ToolEntry } from "./tool-entry.ts";

/** What a tool's arguments become: the parts of a request of the API. */
export interface AskedParts {
  readonly params: Readonly<Record<string, string>>;
  /** As after a question mark. */
  readonly search: string;
  /** Undefined where the operation takes none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly version: number | undefined;
  readonly key: string | undefined;
}

type Place = "path" | "query" | "body" | "changes" | "version" | "key";

export interface ToolInput {
  readonly schema: JsonSchema;
  readonly places: ReadonlyMap<string, Place>;
}

/** A model reads a page whole, so it is small. */
const PAGE = { default: 20, most: 50 } as const;

const VERSION = {
  type: "integer",
  description: "The `version` that was read. Refused as version-changed when somebody has changed it since.",
} as const;
const KEY = {
  type: "string",
  description: "Of your own making, such as a UUID: the same key with the same arguments makes one thing, however often it is sent.",
} as const;

/**
 * The arguments of a tool: the parameters and the fields of the operation beside each other. What a PATCH changes is in
 * `changes`, so that no field of it is taken for a parameter. Throws for two of one name.
 */
export function toolInput(route: Route, entry: ToolEntry): ToolInput {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  const places = new Map<string, Place>();
  const add = (name: string, place: Place, schema: JsonSchema, isRequired: boolean): void => {
    if (places.has(name)) throw new Error(`${entry.name} has two arguments named ${name}.`);
    places.set(name, place);
    properties[name] = schema;
    if (isRequired) required.push(name);
  };
  for (const name of pathNames(route.path)) {
    const own = shapeOf(route.params)[name];
    add(name, "path", own === undefined ? { type: "string" } : plainSchema(own), true);
  }
  for (const [name, own] of Object.entries(shapeOf(route.query)))
    if (!(entry.without ?? []).includes(name)) add(name, "query", queryArgument(name, own), !own.safeParse(undefined).success);
  if (route.body !== undefined && route.method === "PATCH") add("changes", "changes", plainSchema(route.body), true);
  else if (route.body !== undefined) {
    const body = plainSchema(route.body);
    const needed = (body["required"] ?? []) as readonly string[];
    for (const [name, own] of Object.entries((body["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>))
      if (name !== entry.ownId) add(name, "body", own, needed.includes(name));
  }
  if (route.versioned === true) add("version", "version", VERSION, true);
  if (route.creates === true) add("idempotencyKey", "key", KEY, false);
  return { schema: { type: "object", properties, ...(required.length === 0 ? {} : { required }), additionalProperties: false }, places };
}

/** Throws a problem for an argument that the tool does not have, or that is no value for its place. */
export function askedParts(
  { places, schema }: ToolInput,
  route: Route,
  given: Readonly<Record<string, unknown>>,
  ownId: Readonly<Record<string, string>>,
): AskedParts {
  const params: Record<string, string> = {};
  const search = new URLSearchParams();
  let body: Record<string, unknown> = { ...ownId };
  let [version, key]: [number | undefined, string | undefined] = [undefined, undefined];
  const limited = places.get("limit") === "query" ? { limit: PAGE.default, ...given } : given;
  for (const [name, value] of Object.entries(limited)) {
    const place = places.get(name);
    if (place === undefined) throw fault(name, "There is no such argument.");
    if (value === undefined || (value === null && place !== "body" && place !== "changes")) continue;
    if (place === "path") params[name] = scalar(name, value);
    else if (place === "query") search.append(name, name === "limit" ? pageSize(value) : scalar(name, value));
    else if (place === "version") version = versionOf(value);
    else if (place === "key") key = scalar(name, value);
    else if (place === "changes") body = record(name, value);
    else body[name] = value;
  }
  for (const name of (schema["required"] ?? []) as readonly string[])
    if (places.get(name) === "path" && params[name] === undefined) throw fault(name, "It is missing.");
  return { params, search: search.toString(), body: route.body === undefined ? undefined : body, version, key };
}

function versionOf(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw fault("version", "Expected the number that was read.");
}

function pageSize(value: unknown): string {
  const size = Number(value);
  return Number.isSafeInteger(size) && size > PAGE.most ? String(PAGE.most) : scalar("limit", value);
}

function scalar(name: string, value: unknown): string {
  // Half a character is in no address.
  if (typeof value === "string" && !value.isWellFormed()) throw fault(name, "Expected a text of whole characters.");
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw fault(name, "Expected a text, a number, true or false.");
}

function record(name: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...(value as Record<string, unknown>) };
  throw fault(name, "Expected an object.");
}

function fault(name: string, message: string): ProblemError {
  return new ProblemError("invalid", { errors: [{ in: "query", path: `/${name}`, message }] });
}

/** A query has texts alone; a tool's argument may be what they mean. */
function queryArgument(name: string, own: z.ZodType): JsonSchema {
  if (name === "limit") return { type: "integer", minimum: 1, maximum: PAGE.most, default: PAGE.default };
  const { description } = own;
  if (isBoolean(own)) return { type: "boolean", ...(description === undefined ? {} : { description }) };
  return plainSchema(own);
}

function isBoolean(own: z.ZodType): boolean {
  const parsed = own.safeParse("true");
  return parsed.success && parsed.data === true;
}

function shapeOf(schema: z.ZodType | undefined): Readonly<Record<string, z.ZodType>> {
  return schema instanceof z.ZodObject ? (schema.shape as Readonly<Record<string, z.ZodType>>) : {};
}

function pathNames(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? "");
}
