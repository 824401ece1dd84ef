import type { HttpTool, HttpToolDraft } from "../../../api/types.ts";
import type { Fault } from "../../../api/problem.ts";
import type { Form } from "../../../foundation/form.ts";
import { type FactRow, factRowsOf, factsIn } from "../../../parts/fact-rows.ts";
import { headersPatch, keptHeaders, type HeaderRow } from "../header-rows.ts";
import { httpWords } from "./http-words.ts";
import type { Schema } from "../tool/json-schema.ts";

export interface QueryRow {
  readonly name: string;
  readonly value: string;
}

/** An HTTP tool as the form has it. Body and parameters are texts, so that nothing that was typed is lost. */
export interface HttpToolForm extends Pick<
  HttpTool,
  "name" | "description" | "method" | "url" | "timeoutMs" | "answerBytes" | "safeToRepeat" | "idempotencyKey" | "trusted" | "results"
> {
  readonly title: string;
  readonly pointer: string;
  readonly readOnly: boolean | undefined;
  readonly query: readonly QueryRow[];
  readonly headers: readonly HeaderRow[];
  readonly customerHeaders: readonly FactRow[];
  readonly body: string;
  readonly parameters: string;
}

const NO_PARAMETERS = { type: "object", properties: {} };

export const NEW_TOOL: HttpToolForm = {
  name: "",
  title: "",
  description: "",
  method: "GET",
  url: "",
  query: [],
  headers: [],
  customerHeaders: [],
  body: "",
  parameters: jsonText(NO_PARAMETERS),
  timeoutMs: 30_000,
  answerBytes: 256 * 1024,
  pointer: "",
  readOnly: undefined,
  safeToRepeat: false,
  idempotencyKey: false,
  trusted: false,
  results: "full",
};

export function toolForm(tool: HttpTool): HttpToolForm {
  const {
    createdAt: _created,
    updatedAt: _updated,
    modelName: _model,
    title = "",
    pointer = "",
    query,
    headers,
    customerHeaders,
    body,
    parameters,
    ...rest
  } = tool;
  return {
    ...rest,
    title,
    pointer,
    query: rowsOf(query),
    headers: keptHeaders(headers),
    customerHeaders: factRowsOf(customerHeaders),
    body: body === undefined ? "" : jsonText(body),
    parameters: jsonText(parameters),
  };
}

/** Puts what a draft says into the form, to be looked at. */
export function takeDraft(form: Form<HttpToolForm>, draft: NonNullable<HttpToolDraft["draft"]>): void {
  const { query, headers, body, parameters, ...rest } = draft;
  for (const [name, value] of Object.entries(rest)) form.set(`/${name}`, value);
  form.set("/query", rowsOf(query));
  form.set(
    "/headers",
    Object.entries(headers).map(([name, value]) => ({ name, value: value ?? "", isKept: false })),
  );
  form.set("/body", body === undefined ? "" : jsonText(body));
  form.set("/parameters", jsonText(parameters));
}

/** What is sent; or what is wrong, before anything is. */
export function toolBody(form: Form<HttpToolForm>, saved: HttpTool | undefined): Record<string, unknown> | readonly Fault[] {
  const faults: Fault[] = [];
  const parsed = (path: string): unknown => {
    try {
      return JSON.parse(form.text(path)) as unknown;
    } catch (error) {
      faults.push({ path, message: httpWords.notJson(error instanceof Error ? error.message : "") });
      return undefined;
    }
  };
  const given = saved === undefined ? form.whole() : form.patch();
  const body: Record<string, unknown> = { ...given };
  if ("query" in given)
    body["query"] = Object.fromEntries(
      (form.get("/query") as readonly QueryRow[]).flatMap(({ name, value }) => (name.trim() === "" ? [] : [[name.trim(), value]])),
    );
  if ("headers" in given) body["headers"] = headersPatch(saved?.headers ?? [], form.get("/headers") as readonly HeaderRow[]);
  if ("customerHeaders" in given) {
    const facts = factsIn(form.get("/customerHeaders"));
    body["customerHeaders"] = Object.keys(facts).length > 0 ? facts : saved === undefined ? undefined : null;
  }
  if ("parameters" in given) body["parameters"] = parsed("/parameters");
  if ("body" in given) body["body"] = form.text("/body").trim() === "" ? (saved === undefined ? "" : null) : parsed("/body");
  if (faults.length > 0) return faults;
  return saved === undefined ? Object.fromEntries(Object.entries(body).filter(([, value]) => value !== "" && value !== undefined)) : body;
}

export function isFaults(given: Record<string, unknown> | readonly Fault[]): given is readonly Fault[] {
  return Array.isArray(given);
}

export function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** Undefined: it is not JSON, or no object. */
export function schemaOf(text: string): Schema | undefined {
  try {
    const found = JSON.parse(text) as unknown;
    return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Schema) : undefined;
  } catch {
    return undefined;
  }
}

function rowsOf(query: Readonly<Record<string, string | undefined>>): readonly QueryRow[] {
  return Object.entries(query).map(([name, value]) => ({ name, value: value ?? "" }));
}
