import * as z from "zod";
import { ModelError, type ModelErrorKind } from "../../conversation/ports/model.ts";
import { failureKind, isUnpaid, type ProviderFailure } from "./failure-kind.ts";

const detailSchema = z.object({ "@type": z.string().optional(), retryDelay: z.string().optional() });
const objectSchema = z.object({
  message: z.string().nullish(),
  type: z.string().nullish(),
  code: z.union([z.string(), z.number()]).nullish(),
  status: z.union([z.string(), z.number()]).nullish(),
  details: z.array(detailSchema.catch({})).nullish().catch(null),
});
/**
 * `{error: {…}}` of all providers, `[{error: {…}}]` of Gemini, `{error: "…"}` and `{message: "…"}` or `{detail: "…"}`
 * of small servers, `{detail: {…}}` of ElevenLabs, `{err_code: "…", err_msg: "…"}` and `{category: "…"}` of Deepgram.
 */
const bodySchema = z.union([
  z.object({ error: objectSchema }),
  z.object({ error: z.string() }).transform(({ error }) => ({ error: { message: error } })),
  z.object({ detail: z.string() }).transform(({ detail }) => ({ error: { message: detail } })),
  z.object({ detail: objectSchema }).transform(({ detail }) => ({ error: detail })),
  z.object({ err_code: z.string(), err_msg: z.string() }).transform((said) => ({ error: { code: said.err_code, message: said.err_msg } })),
  z.object({ category: z.string(), message: z.string() }).transform((said) => ({ error: { code: said.category, message: said.message } })),
  objectSchema.transform((error) => ({ error })),
]);

/** Reads an error object out of a body or an event. Never throws: what cannot be read is quoted as it is. */
export function readFailure(value: unknown, more: { status?: number; text?: string } = {}): ProviderFailure {
  const parsed = bodySchema.safeParse(Array.isArray(value) ? value[0] : value);
  const error: z.infer<typeof objectSchema> = parsed.success ? parsed.data.error : {};
  const codes = [error.code, error.type, error.status].flatMap((code) =>
    code === null || code === undefined ? [] : [String(code).toLowerCase()],
  );
  const delay = error.details?.find((detail) => detail["@type"]?.endsWith("RetryInfo") === true)?.retryDelay;
  const seconds = delay === undefined ? Number.NaN : Number.parseFloat(delay);
  return {
    ...(more.status === undefined ? {} : { status: more.status }),
    codes,
    message: shortened(error.message ?? more.text ?? JSON.stringify(value) ?? ""),
    retryAfterMs: Number.isFinite(seconds) ? Math.ceil(seconds * 1000) : undefined,
  };
}

/** What a provider itself said of a request that it refused, or of an answer that it gave up. */
export class ProviderError extends ModelError {
  /** The provider's own words. */
  readonly said: string;
  /** Undefined: said inside a stream that had begun well. */
  readonly status: number | undefined;

  constructor(kind: ModelErrorKind, message: string, { said, status, retryAfterMs }: ProviderWords) {
    super(kind, message, retryAfterMs === undefined ? {} : { retryAfterMs });
    this.said = said;
    this.status = status;
  }
}

interface ProviderWords {
  readonly said: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/** The failure as the conversation understands it, with its cause for staff. */
export function toModelError(failure: ProviderFailure, who: string): ProviderError {
  const kind = failureKind(failure);
  const code = failure.codes.find((candidate) => !/^\d+$/.test(candidate));
  const place = failure.status === undefined ? "sent an error in its answer" : `answered ${failure.status}`;
  const said = failure.message === "" ? "" : `: ${failure.message}`;
  const message = `${who} ${place}${code === undefined ? "" : ` (${code})`}${said}${hint(kind, failure)}`;
  const { status, retryAfterMs } = failure;
  return new ProviderError(kind, message, { said: failure.message, status, retryAfterMs });
}

function hint(kind: ModelErrorKind, failure: ProviderFailure): string {
  if (kind !== "misconfigured") return "";
  if (isUnpaid(failure) || failure.status === 402) return " Check the account's credit and plan.";
  if (failure.status === 401 || failure.status === 403) return " Check the key and what it may use.";
  if (failure.status === 404) return " Check the model's name and the address of its API.";
  if (failure.status !== undefined && failure.status >= 300 && failure.status < 400)
    return " Redirects are not followed: enter the final address of the API.";
  return "";
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
