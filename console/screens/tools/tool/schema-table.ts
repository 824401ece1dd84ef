import { html, nothing, type TemplateResult } from "lit";
import { propertiesOf, requiredOf, resolved, type Schema, typeOf } from "./json-schema.ts";
import { toolWords } from "./tool-words.ts";

interface Row {
  readonly name: string;
  readonly depth: number;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
  readonly limits: string;
}

const DEEPEST = 4;
const MOST_ROWS = 300;
/** Of what a type is made of: a type may be made of itself. */
const DEEPEST_TYPE = 2;
const MOST_ALTERNATIVES = 12;

/** The parameters of a tool as people read them, inner ones below their outer one. */
export function schemaTable(schema: Schema): TemplateResult {
  const rows: Row[] = [];
  addRows(rows, schema, { root: schema, depth: 0 });
  if (rows.length === 0) return html`<p class="muted">${toolWords.noParameters}</p>`;
  return html`<div class="scroll" role="region" aria-label=${toolWords.parameters} tabindex="0">
    <table class="plain-table">
      <thead>
        <tr>
          <th scope="col">${toolWords.parameter}</th>
          <th scope="col">${toolWords.type}</th>
          <th scope="col">${toolWords.required}</th>
          <th scope="col">${toolWords.description}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row" .style=${`padding-inline-start: ${8 + row.depth * 16}px`}><code>${row.name}</code></th>
              <td>${row.type}</td>
              <td>${row.isRequired ? toolWords.yes : toolWords.no}</td>
              <td>${row.description}${row.limits === "" ? nothing : html`<span class="limits muted">${row.limits}</span>`}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A few references of a schema to itself are more rows than anybody could count, so it ends where the table does. */
function addRows(rows: Row[], given: unknown, { root, depth }: { readonly root: Schema; readonly depth: number }): void {
  if (depth > DEEPEST) return;
  const schema = resolved(given, root);
  const required = requiredOf(schema);
  for (const [name, property] of propertiesOf(schema)) {
    if (rows.length >= MOST_ROWS) return;
    const inner = resolved(property, root);
    const entries = typeOf(inner) === "array" ? resolved(inner["items"], root) : inner;
    rows.push({
      name,
      depth,
      type: typeWords(inner, root),
      isRequired: required.has(name),
      description: typeof inner["description"] === "string" ? inner["description"] : "",
      limits: limitWords(inner).join(" · "),
    });
    addRows(rows, entries, { root, depth: depth + 1 });
  }
}

function typeWords(schema: Schema, root: Schema, depth = 0): string {
  if (Array.isArray(schema["enum"])) return toolWords.oneOf(schema["enum"].map((value) => JSON.stringify(value)).join(", "));
  if ("const" in schema) return toolWords.always(JSON.stringify(schema["const"]));
  const type = typeOf(schema);
  const isDeep = depth >= DEEPEST_TYPE;
  if (type === "array") {
    if (schema["items"] === undefined || isDeep) return toolWords.types.array;
    return toolWords.listOf(typeWords(resolved(schema["items"], root), root, depth + 1));
  }
  if (type !== undefined) {
    const format = typeof schema["format"] === "string" ? ` (${schema["format"]})` : "";
    return `${wordOf(type)}${format}`;
  }
  const several = [schema["anyOf"], schema["oneOf"], schema["type"]].find(Array.isArray);
  if (several === undefined || isDeep) return toolWords.types.any;
  const all = several
    .slice(0, MOST_ALTERNATIVES)
    .map((one: unknown) => (typeof one === "string" ? wordOf(one) : typeWords(resolved(one, root), root, depth + 1)));
  return [...new Set([...all, ...(several.length > MOST_ALTERNATIVES ? ["…"] : [])])].join(` ${toolWords.or} `);
}

function wordOf(type: string): string {
  return Object.hasOwn(toolWords.types, type) ? toolWords.types[type as keyof typeof toolWords.types] : type;
}

const LIMITS = {
  minimum: toolWords.atLeast,
  maximum: toolWords.atMost,
  exclusiveMinimum: toolWords.moreThan,
  exclusiveMaximum: toolWords.lessThan,
  minLength: toolWords.charactersAtLeast,
  maxLength: toolWords.charactersAtMost,
  minItems: toolWords.entriesAtLeast,
  maxItems: toolWords.entriesAtMost,
  pattern: toolWords.pattern,
} as const;

function limitWords(schema: Schema): readonly string[] {
  const limits = Object.entries(LIMITS).flatMap(([name, said]) => {
    const value = schema[name];
    return typeof value === "number" || typeof value === "string" ? [said(String(value))] : [];
  });
  const standard = schema["default"];
  return standard === undefined
    ? limits
    : [...limits, toolWords.standard(typeof standard === "string" ? standard : JSON.stringify(standard))];
}
