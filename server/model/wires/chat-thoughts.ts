import * as z from "zod";
import type { Thoughts } from "../../conversation/ports/model.ts";
import { fittingCallId } from "./call-id.ts";
import type { PromptTurn } from "./prompt-turns.ts";

/** More than this is not kept, nor sent back: no model thinks so long before a call. */
const MOST_CHARACTERS = 256 * 1024;

/**
 * What servers of this format want back: `reasoning_content` (DeepSeek, Kimi: api-docs.deepseek.com/guides/thinking_mode),
 * `reasoning` and `reasoning_details` (OpenRouter, vLLM), and `extra_content` of a call (Gemini:
 * ai.google.dev/gemini-api/docs/thought-signatures).
 */
const valueSchema = z.object({
  members: z.record(z.enum(["reasoning_content", "reasoning", "reasoning_details"]), z.unknown()).catch({} as never),
  calls: z.record(z.string(), z.unknown()),
});

const TEXTS = ["reasoning_content", "reasoning"] as const;
/** What a chunk may say of thoughts. */
export interface ThoughtPieces {
  readonly reasoning_content?: string | null | undefined;
  readonly reasoning?: string | null | undefined;
  readonly reasoning_details?: readonly unknown[] | null | undefined;
}

/** Gathers the thoughts of one answer. */
export class ChatThoughts {
  readonly #texts = new Map<(typeof TEXTS)[number], string>();
  readonly #details: unknown[] = [];
  readonly #calls: { readonly at: number; readonly extra: unknown }[] = [];

  add(pieces: ThoughtPieces): void {
    for (const name of TEXTS) {
      const text = pieces[name];
      if (text) this.#texts.set(name, (this.#texts.get(name) ?? "") + text);
    }
    this.#details.push(...(pieces.reasoning_details ?? []));
  }

  /** What came with a call: `at` is its place among the calls of the answer. */
  addOfCall(at: number, extra: unknown): void {
    if (extra !== undefined && extra !== null) this.#calls.push({ at, extra });
  }

  /** What goes back with the calls of these ids; undefined: nothing was thought, or far too much. */
  whole(of: string, callIds: readonly string[]): Thoughts | undefined {
    const details = joinedDetails(this.#details);
    const members = { ...Object.fromEntries(this.#texts), ...(details.length === 0 ? {} : { reasoning_details: details }) };
    const calls = Object.fromEntries(
      this.#calls.flatMap(({ at, extra }): [string, unknown][] => (callIds[at] === undefined ? [] : [[callIds[at], extra]])),
    );
    if (Object.keys(members).length === 0 && Object.keys(calls).length === 0) return undefined;
    const value = { members, calls };
    return JSON.stringify(value).length > MOST_CHARACTERS ? undefined : { of, value };
  }
}

/** Pieces of one detail come one by one, with the same index; its texts are to be sent back as one. */
function joinedDetails(pieces: readonly unknown[]): unknown[] {
  const joined: Record<string, unknown>[] = [];
  for (const piece of pieces) {
    if (typeof piece !== "object" || piece === null || Array.isArray(piece)) continue;
    const detail = piece as Record<string, unknown>;
    const last = joined.findLast((other) => other["index"] === detail["index"] && other["type"] === detail["type"]);
    if (last === undefined || detail["index"] === undefined) joined.push({ ...detail });
    else
      for (const [key, value] of Object.entries(detail)) {
        const before = last[key];
        const grows = (key === "text" || key === "summary" || key === "data") && typeof before === "string" && typeof value === "string";
        last[key] = grows ? before + value : (value ?? before);
      }
  }
  return joined;
}

/** The thoughts of an earlier step as its server gets them back; nothing for any other server or model. */
export function chatThoughts(
  { thoughts }: Extract<PromptTurn, { role: "assistant" }>,
  origin: string,
): { readonly members: object; readonly ofCall: (modelCallId: string) => object } {
  const parsed = thoughts?.of === origin ? valueSchema.safeParse(thoughts.value) : undefined;
  if (parsed?.success !== true) return { members: {}, ofCall: () => ({}) };
  const { members, calls } = parsed.data;
  return {
    members,
    ofCall: (modelCallId) => {
      const extra = calls[modelCallId] ?? calls[fittingCallId(modelCallId)];
      return extra === undefined ? {} : { extra_content: extra };
    },
  };
}
