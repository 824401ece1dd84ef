import type { ToolResult } from "../../conversation/ports/tools.ts";
import { readResult, UnreadableResultError } from "../calls/result-content.ts";
import { plainText } from "../definitions/plain-text.ts";

const MESSAGE_CHARACTERS = 2_000;

/** What came of a call, as the page says it. */
export interface PageAnswer {
  readonly outcome: "ok" | "failed";
  readonly text: string;
}

/** What a page answered: a result in MCP's shape, any other JSON, or words. */
export function pageResult({ outcome, text }: PageAnswer): ToolResult {
  if (outcome === "failed") {
    const message = plainText(text, MESSAGE_CHARACTERS);
    return {
      outcome,
      content: [{ kind: "text", text: message || "The call failed." }],
      cause: `The page answered that the call failed: ${message}`,
    };
  }
  const value = parsed(text);
  if (!isMcpResult(value)) return { outcome: "ok", content: [{ kind: "text", text: typeof value === "string" ? value : text }] };
  try {
    const { failed, content, structured } = readResult(value);
    return {
      outcome: failed ? "failed" : "ok",
      content,
      ...(structured === undefined ? {} : { structured }),
      ...(failed ? { cause: "The page answered that the call failed." } : {}),
    };
  } catch (error) {
    if (error instanceof UnreadableResultError) return unknownEnd(`The page: ${error.message}`);
    throw error;
  }
}

/** The page certainly did nothing. */
export function notBegun(cause: string): ToolResult {
  return said("cancelled", "The call was cancelled, because the customer's page cannot be reached. Nothing was done.", cause);
}

export function stoppedInPage(): ToolResult {
  return said("cancelled", "The call was cancelled while it was running.", "Frontdesk asked the page to cancel the call.");
}

export function unknownEnd(cause: string): ToolResult {
  return said("unknown", "The page had begun the call, but no readable answer came. Whether it was carried out is not known.", cause);
}

function said(outcome: ToolResult["outcome"], words: string, cause: string): ToolResult {
  return { outcome, content: [{ kind: "text", text: words }], cause };
}

function isMcpResult(value: unknown): value is object {
  return typeof value === "object" && value !== null && Array.isArray((value as { readonly content?: unknown }).content);
}

/** JSON, or the text itself. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
