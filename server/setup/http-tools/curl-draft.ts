import { InvalidError } from "../../foundation/invalid-error.ts";
import { isWithinDepth } from "../../tools/definitions/depth.ts";
import { HTTP_METHODS } from "../../tools/http/definition.ts";
import { type CurlCommand, readCurl } from "./curl-command.ts";
import { DraftArguments, draftName, type HttpToolDraft, literal, looksSecret } from "./draft-parts.ts";

export interface DraftedTool {
  readonly draft: HttpToolDraft;
  /** What was left out or changed, and what to look at. Never the value of a header. */
  readonly warnings: readonly string[];
}

/** Frontdesk sets these itself, or they are a browser's. */
const NOT_SENT =
  /^(?:host|content-length|content-type|connection|accept-encoding|transfer-encoding|te|upgrade|origin|referer|priority|dnt|sec-.*|upgrade-insecure-requests|pragma|cache-control|user-agent|accept-language|:.*)$/i;
const AN_ID = /^(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|[a-z]{2,6}_[A-Za-z0-9]{8,}|:[a-z]\w*|\{\w+\}|<\w+>)$/i;
const LEVELS = 8;
/** Of lists, which stay as they are. */
const LIST_LEVELS = 32;

/** A tool as the command does it: what looks like a value of one call becomes an argument. Throws `InvalidError`. */
export function draftOfCurl(text: string): DraftedTool {
  const command = readCurl(text);
  const warnings = [...command.warnings];
  const places = new DraftArguments();
  const url = addressOf(command.url);
  const fields = fieldsOf(command);
  const sendsBody = command.data.length > 0 && !command.inQuery;
  const method = methodOf(command, sendsBody);
  const headers = headersOf(command, warnings);
  const path = pathOf(url, places);
  const asked = [...url.searchParams, ...(command.inQuery ? fields : [])];
  const query = queryOf(asked, places, warnings);
  const body = sendsBody ? bodyOf(command, fields, places, warnings) : undefined;
  if (method === "GET" && body !== undefined) throw curlFault("It sends a body with GET, which an HTTP tool does not.");
  const { host, origin } = url;
  return {
    draft: {
      name: draftName(`${method} ${path.name}`),
      description: `Calls ${method} ${host}${url.pathname}.`,
      method,
      url: `${origin}${path.template}`,
      query,
      headers,
      ...(body === undefined ? {} : { body }),
      parameters: places.schema,
      ...(command.timeoutMs === undefined ? {} : { timeoutMs: command.timeoutMs }),
    },
    warnings: ["Its description is for the model: say what it does and when to use it.", ...new Set(warnings)],
  };
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) throw curlFault("Its address is no http(s) address.");
  if (url.username !== "" || url.password !== "") throw curlFault("Its address has a user or password in it. Write them after -u instead.");
  return url;
}

function methodOf({ method }: CurlCommand, sendsBody: boolean): HttpToolDraft["method"] {
  const said = method ?? (sendsBody ? "POST" : "GET");
  const known = HTTP_METHODS.find((one) => one === said);
  if (known === undefined) throw curlFault(`The method ${said.slice(0, 20)} is none that an HTTP tool has: ${HTTP_METHODS.join(", ")}.`);
  return known;
}

/** All headers are secrets here: their values are write-only. */
function headersOf({ headers }: CurlCommand, warnings: string[]): Record<string, string> {
  const kept = new Map<string, readonly [string, string]>();
  const left: string[] = [];
  for (const [name, value] of headers) {
    if (NOT_SENT.test(name)) left.push(name);
    else kept.set(name.toLowerCase(), [name, literal(value)]);
  }
  const odd = left.filter((name) => !/^content-type$/i.test(name));
  if (odd.length > 0)
    warnings.push(`These headers were left out, as Frontdesk or only a browser sets them: ${[...new Set(odd)].join(", ")}.`);
  const secret = [...kept.values()].map(([name]) => name).filter(looksSecret);
  if (secret.length > 0) warnings.push(`${secret.join(", ")}: kept sealed with the headers, and never shown again.`);
  return Object.fromEntries(kept.values());
}

function pathOf(url: URL, places: DraftArguments): { readonly template: string; readonly name: string } {
  const segments = url.pathname.split("/").slice(1);
  const names: string[] = [];
  const template = segments.map((segment, index) => {
    const said = decoded(segment);
    if (!AN_ID.test(said)) {
      names.push(said);
      return literal(segment);
    }
    const before = decoded(segments[index - 1] ?? "").replace(/s$/, "");
    const given = /^[:{<](\w+)/.exec(said)?.[1];
    const known = given === undefined ? { type: "string", examples: [said] } : { type: "string" };
    return places.add(given ?? `${before}_id`, known, true);
  });
  return { template: `/${template.join("/")}`, name: names.filter((name) => !/^(?:api|v\d+)?$/.test(name)).join("_") };
}

function queryOf(asked: readonly (readonly [string, string])[], places: DraftArguments, warnings: string[]): Record<string, string> {
  return Object.fromEntries(
    asked.map(([name, value]) => {
      if (!looksSecret(name)) return [name, places.add(name, { type: "string", examples: [value] }, false)];
      warnings.push(
        `The parameter ${name} looks like a secret, and a query is shown to staff. If the service takes it in a header, move it there.`,
      );
      return [name, literal(value)];
    }),
  );
}

function fieldsOf({ data }: CurlCommand): readonly (readonly [string, string])[] {
  return [...new URLSearchParams(data.join("&"))];
}

function bodyOf(command: CurlCommand, fields: readonly (readonly [string, string])[], places: DraftArguments, warnings: string[]): unknown {
  const whole = command.data.join(command.isJson ? "" : "&");
  const type = command.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const value = parsed(whole);
  if (!isWithinDepth(value, LIST_LEVELS)) throw curlFault(`Its body is nested deeper than ${LIST_LEVELS} levels.`);
  if (value !== undefined && typeof value === "object") return templateOf(value, "", places);
  if (command.isJson || /json/i.test(type)) throw curlFault("Its body is no JSON object or list.");
  if (type !== "" && !/x-www-form-urlencoded/i.test(type))
    throw curlFault("Its body is neither JSON nor a form, and an HTTP tool sends JSON.");
  warnings.push("It sends a form, and an HTTP tool sends JSON: check that the service takes JSON as well.");
  return Object.fromEntries(fields.map(([name, text]) => [name, places.add(name, { type: "string", examples: [text] }, false)]));
}

/** Each text, number and yes-or-no becomes an argument; lists stay as they are, since their length is not known. */
function templateOf(value: unknown, name: string, places: DraftArguments, level = 0): unknown {
  if (level > LEVELS) throw curlFault(`Its body is nested deeper than ${LEVELS} levels.`);
  if (Array.isArray(value))
    return name === "" ? value.map((item) => constantOf(item)) : places.add(name, { type: "array", examples: [value] }, false);
  if (value === null) return null;
  if (typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, templateOf(inner, name === "" ? key : `${name}_${key}`, places, level + 1)]),
    );
  return places.add(name, { type: typeof value, examples: [value] }, false);
}

function constantOf(value: unknown): unknown {
  if (typeof value === "string") return literal(value);
  if (Array.isArray(value)) return value.map(constantOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, constantOf(inner)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function curlFault(message: string): InvalidError {
  return new InvalidError([{ path: "/curl", message }]);
}
