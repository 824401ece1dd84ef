import type { ModelPart, Thoughts } from "../../conversation/ports/model.ts";
import type { Usage } from "../../../protocol/events.ts";

export type FinishReason = Extract<ModelPart, { type: "finish" }>["reason"];

/**
 * What a wire's reader found in the bytes that came together. Text that came together goes on together: that costs no
 * time, and keeps a burst cheap. The first half of a character outside the basic plane waits for its second half,
 * because alone it cannot travel.
 */
export class PartQueue {
  #parts: ModelPart[] = [];
  #text = "";
  #whole = false;

  /** Whether there is nothing at all. */
  get empty(): boolean {
    return this.#parts.length === 0 && this.#text === "";
  }

  /** Whether something else than text came. */
  get urgent(): boolean {
    return this.#parts.length > 0;
  }

  /** Whether the answer has come to its end. */
  get whole(): boolean {
    return this.#whole;
  }

  text(text: string): void {
    this.#text += text;
  }

  toolCall(call: { modelCallId: string; name: string; argumentsText: string }): void {
    this.#flush();
    this.#parts.push({ type: "tool-call", ...call });
  }

  thoughts(thoughts: Thoughts): void {
    this.#flush();
    this.#parts.push({ type: "thoughts", thoughts });
  }

  finish(reason: FinishReason, usage: Usage): void {
    this.#flush();
    this.#parts.push({ type: "finish", reason, usage });
    this.#whole = true;
  }

  /** What can be passed on now. */
  take(): readonly ModelPart[] {
    const held = endsInHalf(this.#text) ? this.#text.slice(-1) : "";
    if (held !== "") this.#text = this.#text.slice(0, -1);
    this.#flush();
    this.#text = held;
    const parts = this.#parts;
    if (parts.length > 0) this.#parts = [];
    return parts;
  }

  #flush(): void {
    if (this.#text === "") return;
    this.#parts.push({ type: "text", text: this.#text });
    this.#text = "";
  }
}

function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
