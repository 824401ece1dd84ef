import * as z from "zod";
import type { InputAnswer, InputRequest } from "../../../conversation/ports/tools.ts";
import { hasInvisible, plainLine, plainText } from "../../definitions/plain-text.ts";
import { checkedContent, UnfitAnswerError } from "./answer-check.ts";
import { UnusableFormError } from "./form-field.ts";
import { formFields } from "./form-fields.ts";
import { asksForSecret } from "./sensitive-field.ts";

const MESSAGE_CHARACTERS = 2_000;
const URL_CHARACTERS = 4_096;

const paramsSchema = z.object({
  mode: z.string().optional(),
  message: z.string(),
  url: z.string().optional(),
  requestedSchema: z.unknown().optional(),
});

/** The question of an `elicitation/create`, as a person may see it, or why nobody is asked. */
export type Question = { readonly request: InputRequest } | { readonly refused: string };

/** What the server reads as the answer to its question (`ElicitResult`). */
export interface ElicitAnswer {
  readonly action: "accept" | "decline" | "cancel";
  readonly content?: Readonly<Record<string, string | number | boolean | string[]>>;
}

export const DECLINED: ElicitAnswer = { action: "decline" };

/** Reads the parameters of an `elicitation/create` of either era. Never throws. */
export function readQuestion(params: unknown): Question {
  const parsed = paramsSchema.safeParse(params);
  if (!parsed.success) return { refused: `its question is not one (${plainLine(z.prettifyError(parsed.error), 200)})` };
  const { mode = "form", url, requestedSchema } = parsed.data;
  const message = plainText(parsed.data.message, MESSAGE_CHARACTERS).trim();
  if (mode === "url") return readUrl(message, url);
  if (mode !== "form") return { refused: `its question is of the unknown kind "${plainLine(mode, 40)}"` };
  try {
    const fields = formFields(requestedSchema);
    const typed = fields.some(({ kind }) => kind === "text" || kind === "number");
    if (typed && asksForSecret(message)) return { refused: "its form asks for a secret, which is never typed into a form of a server" };
    return { request: { kind: "form", message, fields } };
  } catch (error) {
    if (error instanceof UnusableFormError) return { refused: error.message };
    throw error;
  }
}

function readUrl(message: string, url: string | undefined): Question {
  if (url === undefined || url.length > URL_CHARACTERS || hasInvisible(url) || !URL.canParse(url))
    return { refused: "the address that it wants opened is not one" };
  const parsed = new URL(url);
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:")
    return { refused: `the address that it wants opened begins with ${plainLine(parsed.protocol, 40)}` };
  if (parsed.username !== "" || parsed.password !== "") return { refused: "the address that it wants opened hides its host behind a name" };
  // As browsers write it: a host in look-alike letters shows what it is.
  return { request: { kind: "url", message, url: parsed.href } };
}

/**
 * The answer as the server gets it, checked against the question once more. An answer that does not fit is none:
 * `cancel`.
 */
export function elicitAnswer(request: InputRequest, answer: InputAnswer): ElicitAnswer {
  if (answer.action !== "accept") return { action: answer.action };
  if (request.kind === "url") return { action: "accept" };
  try {
    return { action: "accept", content: copy(checkedContent(request.fields, answer.content ?? {})) };
  } catch (error) {
    if (error instanceof UnfitAnswerError) return { action: "cancel" };
    throw error;
  }
}

function copy(content: Readonly<Record<string, string | number | boolean | readonly string[]>>): NonNullable<ElicitAnswer["content"]> {
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => [name, typeof value === "object" ? [...value] : value]),
  ) as NonNullable<ElicitAnswer["content"]>;
}
