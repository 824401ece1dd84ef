import type { PAGE_RESULT_BYTES } from "../../protocol/page-tools.ts";
import { toJson } from "../native/to-json.ts";
import { bytesOf } from "./offer.ts";

const BYTES: typeof PAGE_RESULT_BYTES = 49_152;
/** Of a result that is too large. Each is 6 bytes at most. */
const CUT_CHARACTERS = 8_000;

export interface SaidResult {
  readonly outcome: "ok" | "failed";
  readonly text: string;
}

export function saidResult(value: unknown): SaidResult {
  try {
    const text = typeof value === "string" ? value : ((toJson(value) as string | undefined) ?? "");
    return { outcome: "ok", text: bytesOf(toJson(text)) <= BYTES ? text : `[Cut, for it is too large]\n${text.slice(0, CUT_CHARACTERS)}` };
  } catch {
    return { outcome: "ok", text: "[Its result cannot be said as JSON]" };
  }
}

export function saidFailure(error: unknown): SaidResult {
  return { outcome: "failed", text: (error instanceof Error ? error.message : String(error)).slice(0, 2_000) };
}
