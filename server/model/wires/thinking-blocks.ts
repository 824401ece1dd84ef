import * as z from "zod";
import type { Thoughts } from "../../conversation/ports/model.ts";
import type { PromptTurn } from "./prompt-turns.ts";

/** More than this is not kept, nor sent back: no model thinks so long before a call. */
const MOST_CHARACTERS = 256 * 1024;

const blockSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() }),
  z.object({ type: z.literal("redacted_thinking"), data: z.string() }),
]);
type Block = z.infer<typeof blockSchema>;

interface Pieces {
  readonly type: string;
  readonly thinking?: string | null | undefined;
  readonly signature?: string | null | undefined;
  readonly data?: string | null | undefined;
}

/**
 * Gathers the thinking of one answer in Anthropic's format. It is sent back unchanged before the calls it led to
 * (docs.anthropic.com/en/docs/build-with-claude/extended-thinking#preserving-thinking-blocks).
 */
export class ThinkingBlocks {
  readonly #blocks = new Map<number, Block>();

  begin(index: number, { type, thinking, signature, data }: Pieces): void {
    if (type === "redacted_thinking") this.#blocks.set(index, { type, data: data ?? "" });
    else this.#blocks.set(index, { type: "thinking", thinking: thinking ?? "", signature: signature ?? "" });
  }

  more(index: number, { thinking, signature }: Pieces): void {
    const block = this.#blocks.get(index);
    if (block?.type !== "thinking") return;
    this.#blocks.set(index, { ...block, thinking: block.thinking + (thinking ?? ""), signature: block.signature + (signature ?? "") });
  }

  /** Undefined: nothing was thought, or far too much. */
  whole(of: string): Thoughts | undefined {
    const value = [...this.#blocks.values()];
    return value.length === 0 || JSON.stringify(value).length > MOST_CHARACTERS ? undefined : { of, value };
  }
}

/** The thinking of an earlier step as its server gets it back; nothing for any other server or model. */
export function thinkingOf({ thoughts }: Extract<PromptTurn, { role: "assistant" }>, origin: string): readonly Block[] {
  const parsed = thoughts?.of === origin ? z.array(blockSchema).safeParse(thoughts.value) : undefined;
  return parsed?.success === true ? parsed.data : [];
}
