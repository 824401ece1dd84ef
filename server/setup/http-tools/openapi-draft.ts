import * as z from "zod";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { HTTP_METHODS } from "../../tools/http/definition.ts";
import type { DraftedTool } from "./curl-draft.ts";
import { DraftArguments, draftName, literal } from "./draft-parts.ts";
import { type Inline, inlining, isObject, resolved, type JsonObject } from "./openapi-references.ts";
import { openApiFault, readOpenApiText } from "./openapi-text.ts";

/** An operation of a document, as somebody chooses it. */
export interface NamedOperation {
  /** Such as `GET /orders/{id}`. */
  readonly operation: string;
  readonly summary: string;
}

const loose = z.looseObject({});
const serverSchema = z.object({ url: z.string(), variables: z.record(z.string(), z.object({ default: z.coerce.string() })).default({}) });
const documentSchema = z.looseObject({
  openapi: z.string().regex(/^3\./),
  servers: z.array(serverSchema.catch({ url: "", variables: {} })).default([]),
  paths: z.record(z.string(), loose.catch({})).default({}),
  components: loose.optional(),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
});
type OpenApi = z.output<typeof documentSchema>;
const parameterSchema = z.object({
  name: z.string().min(1),
  in: z.enum(["path", "query", "header", "cookie"]),
  required: z.boolean().default(false),
  description: z.string().optional(),
  schema: loose.default({}),
});
const operationSchema = z.looseObject({
  operationId: z.string().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  parameters: z.array(z.unknown()).default([]),
  requestBody: z.unknown().optional(),
  servers: z.array(serverSchema).optional(),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
});
type Operation = z.output<typeof operationSchema>;
const word = z.string().optional().catch(undefined);
const schemeSchema = z.object({ type: word, scheme: word, in: word, name: word });

const LONGEST_DESCRIPTION = 4096;

/** Throws `InvalidError` at `/openapi`. */
export async function readOpenApi(given: unknown): Promise<OpenApi> {
  const value = typeof given === "string" ? await readOpenApiText(given) : given;
  if (typeof value === "object" && value !== null && "swagger" in value)
    throw openApiFault("This is Swagger 2. Convert it to OpenAPI 3 first, for example with editor.swagger.io.");
  const parsed = documentSchema.safeParse(value);
  if (!parsed.success) throw openApiFault("Expected an OpenAPI 3 document, as JSON or YAML.");
  return parsed.data;
}

export function operationsOf({ paths }: OpenApi): readonly NamedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    HTTP_METHODS.flatMap((method) => {
      const found = operationSchema.safeParse(item[method.toLowerCase()]);
      return found.success
        ? [{ operation: `${method} ${path}`, summary: (found.data.summary ?? found.data.operationId ?? "").slice(0, 200) }]
        : [];
    }),
  );
}

/** The tool that one operation is. Throws `InvalidError`. */
export function draftOfOperation(document: OpenApi, wanted: string): DraftedTool {
  const [, said = "", path = ""] = /^(\w+)\s+(\S+)$/.exec(wanted.trim()) ?? [];
  const method = HTTP_METHODS.find((one) => one === said.toUpperCase());
  const item = Object.hasOwn(document.paths, path) ? document.paths[path] : undefined;
  const parsed = operationSchema.safeParse(method === undefined ? undefined : item?.[method.toLowerCase()]);
  if (method === undefined || !parsed.success)
    throw new InvalidError([{ path: "/operation", message: "The document has no such operation. Expected one like GET /orders." }]);
  const operation = parsed.data;
  const warnings: string[] = [];
  const into = { places: new DraftArguments(), inlined: inlining(document), warnings };
  const { query, template } = parametersOf(document, { path, shared: item?.["parameters"], operation }, into);
  const body = method === "GET" ? undefined : bodyOf(document, operation.requestBody, into);
  warnings.push(...signInWarnings(document, operation));
  const title = operation.summary?.trim().slice(0, 100) ?? "";
  const description = [operation.summary, operation.description].filter((text) => text !== undefined && text.trim() !== "").join("\n\n");
  return {
    draft: {
      name: draftName(operation.operationId ?? `${method} ${path.replace(/\{[^}]*\}/g, "")}`),
      ...(title === "" ? {} : { title }),
      description: (description === "" ? `Calls ${method} ${path}.` : description).slice(0, LONGEST_DESCRIPTION),
      method,
      url: `${originOf(document, operation, warnings)}${template}`,
      query,
      headers: {},
      ...(body === undefined ? {} : { body }),
      parameters: into.places.schema,
    },
    warnings,
  };
}

/** What one operation is read into. */
interface Into {
  readonly places: DraftArguments;
  readonly inlined: Inline;
  readonly warnings: string[];
}

interface Described {
  readonly path: string;
  /** The parameters of all operations of the path. */
  readonly shared: unknown;
  readonly operation: Operation;
}

function parametersOf(document: OpenApi, { path, shared, operation }: Described, { places, inlined, warnings }: Into) {
  const found = new Map<string, z.output<typeof parameterSchema>>();
  for (const one of [...(Array.isArray(shared) ? (shared as unknown[]) : []), ...operation.parameters]) {
    const parameter = parameterSchema.safeParse(resolved(document, one));
    if (parameter.success) found.set(`${parameter.data.in} ${parameter.data.name}`, parameter.data);
  }
  const query: Record<string, string> = {};
  for (const { in: place, name, required, description, schema } of found.values()) {
    if (place === "path") continue;
    if (place === "query") query[name] = places.add(name, described(inlined(schema), description), required);
    else if (!/^(?:accept|content-type|authorization)$/i.test(name))
      warnings.push(`The ${place} parameter ${name} was left out. If the service needs it, set it as a header.`);
  }
  const template = path.replace(/\{([^}]*)\}|[{}]/g, (whole, name: string | undefined) => {
    if (name === undefined) return literal(whole);
    const parameter = found.get(`path ${name}`);
    return places.add(name, described(inlined(parameter?.schema ?? { type: "string" }), parameter?.description), true);
  });
  return { query, template };
}

function described(schema: JsonObject, description: string | undefined): JsonObject {
  return description === undefined || "description" in schema ? schema : { ...schema, description };
}

/** JSON only: its members become arguments, and what is no object is one argument. */
function bodyOf(document: OpenApi, given: unknown, { places, inlined, warnings }: Into): unknown {
  const body = z
    .object({ content: z.record(z.string(), z.looseObject({ schema: z.unknown().optional() })) })
    .safeParse(resolved(document, given));
  if (!body.success) return undefined;
  const type = Object.keys(body.data.content).find((one) => /^application\/(?:[\w.+-]*\+)?json\b/i.test(one));
  if (type === undefined) {
    warnings.push(`Its body was left out: an HTTP tool sends JSON, and the operation takes ${Object.keys(body.data.content).join(", ")}.`);
    return undefined;
  }
  const schema = inlined(resolved(document, body.data.content[type]?.schema) ?? {});
  const { properties, required } = schema;
  if (typeof properties !== "object" || properties === null) return places.add("body", schema, true);
  const needed = new Set<unknown>(Array.isArray(required) ? required : []);
  return Object.fromEntries(
    Object.entries(properties)
      // true and null say nothing of it.
      .map(([name, inner]): [string, JsonObject] => [name, isObject(inner) ? inner : {}])
      .filter(([, inner]) => inner["readOnly"] !== true)
      .map(([name, inner]) => [name, places.add(name, inner, needed.has(name))]),
  );
}

function originOf({ servers }: OpenApi, operation: Operation, warnings: string[]): string {
  const [server] = operation.servers ?? servers;
  const url = (server?.url ?? "").replace(/\{([^}]*)\}/g, (_, name: string) => server?.variables[name]?.default ?? "");
  if (/^https?:\/\/[^/]/.test(url)) return literal(url.replace(/[?#].*$/, "").replace(/\/+$/, ""));
  warnings.push("The document does not say where the service is: write its address in place of https://service.example.");
  return `https://service.example${literal(url.startsWith("/") ? url.replace(/\/+$/, "") : "")}`;
}

function signInWarnings(document: OpenApi, { security = document.security ?? [] }: Operation): readonly string[] {
  const schemes = z.record(z.string(), z.looseObject({})).safeParse(document.components?.["securitySchemes"]).data ?? {};
  return [...new Set(security.flatMap((one) => Object.keys(one)))].flatMap((name) => {
    const { type, scheme, in: place, name: key } = schemeSchema.parse(resolved(document, schemes[name]) ?? {});
    if (type === "http")
      return [`It wants a sign-in: set the header Authorization with "${scheme === "basic" ? "Basic" : "Bearer"}" and the key.`];
    if (type === "apiKey")
      return [`It wants a key: set the ${place ?? ""} ${key ?? ""}${place === "header" ? "." : ", which is shown to staff in a query."}`];
    return type === undefined ? [] : [`It wants a sign-in (${type}), which an HTTP tool has only as a header: set Authorization.`];
  });
}
