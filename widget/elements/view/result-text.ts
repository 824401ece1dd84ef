import type { OpenedView } from "../../../protocol/views.ts";

/** What a view was to show, as text; empty where there is none. */
export function resultText(opened: OpenedView | undefined): string {
  const texts = (opened?.result?.content ?? []).map(({ type, text }) => (type === "text" && typeof text === "string" ? text : ""));
  return texts.filter(Boolean).join("\n");
}
