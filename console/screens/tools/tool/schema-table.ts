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

/** The parameters of a tool as people read them, inner ones below their outer one. */
export function schemaTable(schema: Schema): TemplateResult {
  const rows = rowsOf(schema, schema, 0).slice(0, MOST_ROWS);
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

function rowsOf(given: unknown, root: Schema, depth: number): readonly Row[] {
  if (depth > DEEPEST) return [];
  const schema = resolved(given, root);
  const required = requiredOf(schema);
  return propertiesOf(schema).flatMap(([name, property]) => {
    const inner = resolved(property, root);
    const entries = typeOf(inner) === "array" ? resolved(inner["items"], root) : inner;
    return [
      {
        name,
        depth,
        type: typeWords(inner, root),
        isRequired: required.has(name),
        description: typeof inner["description"] === "string" ? inner["description"] : "",
        limits: limitWords(inner).join(" · "),
      },
      ...rowsOf(entries, root, depth + 1),
    ];
  });
}

function typeWords(schema: Schema, root: Schema): string {
  if (Array.isArray(schema["enum"])) return toolWords.oneOf(schema["enum"].map((value) => JSON.stringify(value)).join(", "));
  if ("const" in schema) return toolWords.always(JSON.stringify(schema["const"]));
  const type = typeOf(schema);
  if (type === "array")
    return schema["items"] === undefined ? toolWords.types.array : toolWords.listOf(typeWords(resolved(schema["items"], root), root));
  if (type !== undefined) {
    const format = typeof schema["format"] === "string" ? ` (${schema["format"]})` : "";
    return `${wordOf(type)}${format}`;
  }
  const several = [schema["anyOf"], schema["oneOf"], schema["type"]].find(Array.isArray);
  if (several === undefined) return toolWords.types.any;
  const all = several.map((one: unknown) => (typeof one === "string" ? wordOf(one) : typeWords(resolved(one, root), root)));
  return [...new Set(all)].join(` ${toolWords.or} `);
}

function wordOf(type: string): string {
  return type in toolWords.types ? toolWords.types[type as keyof typeof toolWords.types] : type;
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
