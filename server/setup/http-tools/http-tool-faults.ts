import { canonicalJson } from "../../foundation/canonical-json.ts";
import { valueCheck } from "../../tools/definitions/argument-check.ts";
import { isWithinDepth } from "../../tools/definitions/depth.ts";
import { inputSchemaOf } from "../../tools/http/http-tools.ts";
import { pointerSteps } from "../../tools/http/json-pointer.ts";
import { argumentPlaces, prepareRequest } from "../../tools/http/prepared-request.ts";
import { TemplateError } from "../../tools/http/template.ts";
import type { HttpToolRecord } from "./http-tool-record.ts";
import type { Fault } from "../../foundation/invalid-error.ts";
import { pointerTo } from "../../documents/merge-patch.ts";

const SCHEMA_BYTES = 64 * 1024;
const SCHEMA_LEVELS = 32;

/** Checks rules between fields. `record` is unsealed; no fault contains a header's value. */
export async function httpToolFaults(record: HttpToolRecord): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  const add = (path: readonly string[], message: string): void => void faults.push({ path: pointerTo(path), message });

  if (record.method === "GET" && record.body !== undefined) add(["body"], "A GET has no body. Choose another method, or use the query.");
  if (record.pointer !== undefined && pointerSteps(record.pointer) === undefined)
    add(["pointer"], "Expected a JSON pointer such as /order/status, where ~ and / in a name are ~0 and ~1.");
  if (record.idempotencyKey && Object.keys(record.headers).some((name) => name.toLowerCase() === "idempotency-key"))
    add(["headers"], "Idempotency-Key is set by Frontdesk. Leave it out, or switch idempotencyKey off.");
  for (const name of Object.keys(record.customerHeaders ?? {}))
    if (Object.keys(record.headers).some((other) => other.toLowerCase() === name.toLowerCase()))
      add(["customerHeaders", name], "This header is in headers too. Leave one of them out.");
  for (const fault of await schemaFaults(record)) add(["parameters"], fault);
  faults.push(...templateFaults(record), ...(faults.length === 0 ? placeFaults(record) : []));
  return faults;
}

async function schemaFaults(record: HttpToolRecord): Promise<readonly string[]> {
  const { parameters } = record;
  if ((parameters["type"] ?? "object") !== "object") return ['Expected the schema of an object: "type": "object".'];
  if (!isWithinDepth(parameters, SCHEMA_LEVELS)) return [`Expected a schema of ${SCHEMA_LEVELS} levels at most.`];
  if (canonicalJson(parameters).length > SCHEMA_BYTES) return [`Expected a schema of ${SCHEMA_BYTES / 1024} kB at most.`];
  const { CfWorkerJsonSchemaValidator } = await import("@modelcontextprotocol/client/validators/cf-worker");
  const causes: string[] = [];
  valueCheck(inputSchemaOf(record), new CfWorkerJsonSchemaValidator(), (cause) => causes.push(cause))({});
  return causes.map((cause) => `This schema cannot be used: ${cause}.`);
}

/** Templates that cannot be read, each with its place. */
function templateFaults(record: HttpToolRecord): readonly Fault[] {
  const nothing = { url: "https://placeholder.invalid/", query: {}, headers: {} };
  const attempts: readonly (readonly [readonly string[], Partial<HttpToolRecord>])[] = [
    [["url"], { url: record.url }],
    ...Object.entries(record.query).map(([name, text]) => [["query", name], { query: { [name]: text } }] as const),
    ...Object.entries(record.headers).map(([name, text]) => [["headers", name], { headers: { [name]: text } }] as const),
    ...(record.body === undefined ? [] : [[["body"], { body: record.body }] as const]),
  ];
  return attempts.flatMap(([path, part]) => {
    try {
      prepareRequest({ ...nothing, ...part });
      return [];
    } catch (cause) {
      if (!(cause instanceof TemplateError)) throw cause;
      // The message quotes the template, which may be a secret.
      const message =
        path[0] === "headers"
          ? "This is not a template: a brace is not closed, or names no parameter. Write {{ and }} for braces."
          : cause.message;
      return [{ path: pointerTo(path), message }];
    }
  });
}

/** Placeholders for arguments that the schema does not know, or that may be missing where they must not. */
function placeFaults(record: HttpToolRecord): readonly Fault[] {
  if (templateFaults(record).length > 0) return [];
  const { path, others } = argumentPlaces(prepareRequest(record));
  const properties = record.parameters["properties"];
  const known = new Set(typeof properties === "object" && properties !== null ? Object.keys(properties) : []);
  const required = record.parameters["required"];
  const certain = new Set(Array.isArray(required) ? required : []);
  const unknown = [...new Set([...path, ...others])].filter((name) => !known.has(name));
  const uncertain = [...new Set(path)].filter((name) => known.has(name) && !certain.has(name));
  return [
    ...unknown.map((name) => ({
      path: "/parameters/properties",
      message: `A template has a place for {${name}}, which is no property here.`,
      code: "not-in-parameters" as const,
    })),
    ...uncertain.map((name) => ({
      path: "/parameters/required",
      message: `{${name}} is in the address, so it has to be required.`,
      code: "has-to-be-required" as const,
    })),
  ];
}
