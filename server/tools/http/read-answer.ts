import type { ToolContent } from "../../../protocol/content.ts";
import { isWithinDepth } from "../definitions/depth.ts";
import { plainText } from "../definitions/plain-text.ts";
import { pick } from "./json-pointer.ts";

/** A body as far as it was read. `whole`: it ended within the limit. */
export interface ReadBody {
  readonly bytes: Uint8Array;
  readonly whole: boolean;
}

/** What the model is given of an answer. */
export interface ReadAnswer {
  readonly content: readonly ToolContent[];
  readonly structured?: unknown;
}

const LEVELS = 64;
/** Of an answer that says why the call failed. */
const FAILURE_CHARACTERS = 2_000;

/** Reads at most `limitBytes`, counted as they are unpacked, and lets the rest go. */
export async function readBody(response: Response, limitBytes: number): Promise<ReadBody> {
  if (response.body === null) return { bytes: new Uint8Array(), whole: true };
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { bytes: Buffer.concat(chunks), whole: true };
    chunks.push(value.subarray(0, limitBytes - size));
    size += value.byteLength;
    if (size > limitBytes) {
      await reader.cancel().catch(() => undefined);
      return { bytes: Buffer.concat(chunks), whole: false };
    }
  }
}

/**
 * The JSON value of a body (RFC 8259): UTF-8, one value, no deeper than we handle. Throws a `SyntaxError` for anything
 * else.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decode(bytes, true);
  if (text === undefined) throw new SyntaxError("The answer is not UTF-8.");
  const value: unknown = JSON.parse(text);
  if (!isWithinDepth(value, LEVELS)) throw new SyntaxError(`The answer is nested deeper than ${LEVELS} levels.`);
  return value;
}

/**
 * An answer to a call that was carried out. Where a pointer says what the model gets, it gets nothing else, whatever
 * the answer is.
 */
export function readAnswer(contentType: string, body: ReadBody, pointer: string | undefined): ReadAnswer {
  if (body.bytes.length === 0) return only("The call was carried out. There was nothing in the answer.");
  if (isJson(contentType) && body.whole) {
    try {
      return readJson(parseJson(body.bytes), pointer);
    } catch (cause) {
      if (pointer !== undefined) return only(`The call was carried out, but its answer is not usable JSON (${sayWhy(cause)}).`);
    }
  }
  const size = body.whole ? "" : ` It is larger than allowed, so only the first ${body.bytes.length} bytes were read.`;
  if (pointer !== undefined) return only(`The call was carried out, but its answer is not JSON that can be looked into.${size}`);
  const text = isText(contentType) ? decode(body.bytes, body.whole) : undefined;
  if (text === undefined)
    return only(`The call was carried out. Its answer is not text (${plainText(contentType, 100)}, ${body.bytes.length} bytes).${size}`);
  return { content: [{ kind: "text", text }, ...(body.whole ? [] : [note(size.trim())])] };
}

/** What a service said about a call that it did not carry out. */
export function readFailure(status: number, contentType: string, body: ReadBody): readonly ToolContent[] {
  const text = isText(contentType) || isJson(contentType) ? decode(body.bytes, false) : undefined;
  const said = text === undefined || text.trim() === "" ? "" : `\n${plainText(text, FAILURE_CHARACTERS)}`;
  return [{ kind: "text", text: `The service answered with HTTP ${status}.${said}` }];
}

function readJson(value: unknown, pointer: string | undefined): ReadAnswer {
  const picked = pointer === undefined ? value : pick(value, pointer);
  if (picked === undefined) return only(`The call was carried out, but there is nothing at ${pointer} of its answer.`);
  const text = typeof picked === "string" ? picked : JSON.stringify(picked);
  return { content: [{ kind: "text", text }], ...(typeof picked === "object" && picked !== null ? { structured: picked } : {}) };
}

function isJson(contentType: string): boolean {
  return /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i.test(contentType);
}

function isText(contentType: string): boolean {
  return contentType === "" || /^(?:text\/|application\/(?:[a-z0-9.+-]+\+)?(?:json|xml|yaml|x-www-form-urlencoded))/i.test(contentType);
}

/** Undefined for broken UTF-8, where it has to be whole. */
function decode(bytes: Uint8Array, strict: boolean): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: strict }).decode(bytes);
  } catch {
    return undefined;
  }
}

function only(text: string): ReadAnswer {
  return { content: [note(text)] };
}

function note(text: string): ToolContent {
  return { kind: "text", text: `[${text}]` };
}

function sayWhy(cause: unknown): string {
  return plainText(cause instanceof Error ? cause.message : String(cause), 200);
}
