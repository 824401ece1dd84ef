import * as z from "zod";
import type { Continuation, InputRequest, SamplingRequest, ToolPause } from "../../../conversation/ports/tools.ts";
import { plainLine } from "../../definitions/plain-text.ts";
import { DECLINED, elicitAnswer, readQuestion } from "./elicitation.ts";
import { readSampling, samplingResult } from "./sampling.ts";

const INPUTS = 20;
const KEY_CHARACTERS = 200;
/** All questions of a round, as they are kept in the journal and sent to every tab. */
const ROUND_CHARACTERS = 256 * 1024;
/** It is kept in the journal and sent back as it came; more than this is the server's own to keep. */
const STATE_BYTES = 64 * 1024;

/** A server wants input in a way that cannot be granted. The call did nothing. */
export class UnusableInputError extends Error {
  override readonly name = "UnusableInputError";
}

/** What a server wants to know before it goes on (`input_required`, or a task of the extension). */
export interface WantedInput {
  readonly requestState?: string;
  /** For people and for our model. */
  readonly asked: ToolPause["inputs"];
  /** What is answered without anybody: refused forms, roots. In the server's words. */
  readonly answered: Readonly<Record<string, object>>;
  /** Why something was refused, for staff. */
  readonly refusals: readonly string[];
}

const requestsSchema = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);
const requestSchema = z.object({ method: z.string(), params: z.unknown().optional() });
const resultSchema = z.object({ inputRequests: requestsSchema.optional(), requestState: z.string().optional() });

/** Reads an `input_required` result. Throws `UnusableInputError`. */
export function readInputRequired(raw: unknown, samplingTokens: number): WantedInput {
  const parsed = resultSchema.safeParse(raw);
  if (!parsed.success)
    throw new UnusableInputError(`what it wants to know cannot be read (${plainLine(z.prettifyError(parsed.error), 200)})`);
  const { requestState, inputRequests = {} } = parsed.data;
  if (requestState !== undefined && Buffer.byteLength(requestState) > STATE_BYTES)
    throw new UnusableInputError(`its state of the request is larger than ${STATE_BYTES / 1024} kB`);
  return { ...readInputRequests(inputRequests, samplingTokens), ...(requestState === undefined ? {} : { requestState }) };
}

/** Reads questions by their keys. Throws `UnusableInputError`. */
export function readInputRequests(requests: Readonly<Record<string, unknown>>, samplingTokens: number): Omit<WantedInput, "requestState"> {
  const entries = Object.entries(requests);
  if (entries.length > INPUTS) throw new UnusableInputError(`it wants to know more than ${INPUTS} things at once`);
  const asked: [string, InputRequest | SamplingRequest][] = [];
  const answered: [string, object][] = [];
  const refusals: string[] = [];
  for (const [key, value] of entries) {
    if (key.length > KEY_CHARACTERS || key === "__proto__")
      throw new UnusableInputError("what it wants to know has a key that cannot be used");
    const request = requestSchema.safeParse(value);
    const method = request.success ? request.data.method : "";
    if (method === "elicitation/create") {
      const question = readQuestion(request.data?.params);
      if ("request" in question) asked.push([key, question.request]);
      else {
        refusals.push(question.refused);
        answered.push([key, { ...DECLINED }]);
      }
    } else if (method === "sampling/createMessage") {
      const read = samplingTokens > 0 ? readSampling(request.data?.params, samplingTokens) : { refused: "sampling is not offered to it" };
      if ("refused" in read) throw new UnusableInputError(read.refused);
      asked.push([key, read.request]);
    } else if (method === "roots/list") answered.push([key, { roots: [] }]);
    else throw new UnusableInputError(`it wants something unknown ("${plainLine(method, 60)}")`);
  }
  if (JSON.stringify(asked.filter(([, { kind }]) => kind !== "sampling")).length > ROUND_CHARACTERS)
    throw new UnusableInputError(`what it wants to know is larger than ${ROUND_CHARACTERS / 1024} kB`);
  return { asked: Object.fromEntries(asked), answered: Object.fromEntries(answered), refusals };
}

/**
 * The answers in the server's words. Those to questions that are still known are checked against them once more. Throws
 * `UnusableInputError` when our model was not allowed to answer: there is no word for that.
 */
export function inputResponses(
  answers: Extract<Continuation, { kind: "answers" }>["answers"],
  asked: WantedInput["asked"] | undefined,
): Record<string, object> {
  return Object.fromEntries(
    Object.entries(answers).map(([key, answer]): [string, object] => {
      if (answer.kind === "refused") throw new UnusableInputError(`its request to our model was refused: ${answer.cause}`);
      if (answer.kind === "sampled") return [key, samplingResult(answer)];
      const question = asked !== undefined && Object.hasOwn(asked, key) ? asked[key] : undefined;
      if (question !== undefined && question.kind !== "sampling") return [key, elicitAnswer(question, answer)];
      const content = answer.action === "accept" && answer.content !== undefined ? { content: answer.content } : {};
      return [key, { action: answer.action, ...content }];
    }),
  );
}
