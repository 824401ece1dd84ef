import * as z from "zod";
import type { Thoughts } from "../../conversation/ports/model.ts";
import type { PromptTurn } from "./prompt-turns.ts";

/** More than this is not kept, nor sent back: no model thinks so long before a call. */
const MOST_CHARACTERS = 256 * 1024;

const reasoningSchema = z.object({
  type: z.literal("reasoning"),
  id: z.string(),
  summary: z.array(z.unknown()).catch([]),
  encrypted_content: z.string(),
});
type Item = z.infer<typeof reasoningSchema>;
const valueSchema = z.array(z.object({ calls: z.int(), item: reasoningSchema }));

/**
 * Gathers the reasoning of one answer of OpenAI's Responses. As nothing is stored there, it is sent back whole, before
 * the calls it led to (platform.openai.com/docs/guides/reasoning, "Encrypted reasoning items").
 */
export class ReasoningItems {
  readonly #items: { readonly calls: number; readonly item: Item }[] = [];

  /** `calls`: how many calls of the answer came before it. An item that is not encrypted cannot be sent back. */
  add(item: unknown, calls: number): void {
    const parsed = reasoningSchema.safeParse(item);
    if (parsed.success) this.#items.push({ calls, item: parsed.data });
  }

  /** Undefined: nothing was thought, or far too much. */
  whole(of: string): Thoughts | undefined {
    const value = this.#items;
    return value.length === 0 || JSON.stringify(value).length > MOST_CHARACTERS ? undefined : { of, value };
  }
}

/** The reasoning before the call at a place, as its server gets it back; nothing for any other server or model. */
export function reasoningBefore(
  { thoughts }: Extract<PromptTurn, { role: "assistant" }>,
  origin: string,
): (call: number) => readonly Item[] {
  const parsed = thoughts?.of === origin ? valueSchema.safeParse(thoughts.value) : undefined;
  if (parsed?.success !== true) return () => [];
  return (call) => parsed.data.filter(({ calls }) => calls === call).map(({ item }) => item);
}
