import type { InputAnswer, InputRequest } from "../../conversation/ports/tools.ts";

const VALUE_CHARACTERS = 300;
const MOST_FIELDS = 30;
const LINE_BREAKS = /[\n\r\v\f\u0085\u2028\u2029]/;

/** The question whether a call may run, for the person at the client: with its exact arguments. */
export function approvalQuestion(fields: readonly (readonly [string, unknown])[], lead: string): InputRequest {
  const lines = fields.slice(0, MOST_FIELDS).map(([name, value]) => `${name}: ${valueText(value)}`);
  const more = fields.length > MOST_FIELDS ? [`and ${fields.length - MOST_FIELDS} more`] : [];
  return {
    kind: "form",
    message: [lead, ...lines, ...more].join("\n"),
    fields: [{ kind: "boolean", name: "approve", title: "Approve", description: "Whether this may be done.", required: true }],
  };
}

/** Only a clear yes is one. */
export function approvalAnswer(answer: InputAnswer | undefined): boolean {
  return answer?.action === "accept" && answer.content?.["approve"] === true;
}

/** One line each: a text with line breaks is quoted, or it would look like arguments of its own. */
function valueText(value: unknown): string {
  const text = typeof value === "string" && !LINE_BREAKS.test(value) ? value : (JSON.stringify(value) ?? "");
  return text.length <= VALUE_CHARACTERS ? text : `${text.slice(0, VALUE_CHARACTERS)} … (${text.length} characters)`;
}
