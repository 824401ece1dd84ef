import type { Conversation } from "../../api/types.ts";

/**
 * Whoever has scrolled keeps what they look at in its place, whatever came above it: where to scroll to. Undefined: it
 * is in its place.
 */
export function keptScroll({
  before,
  items,
  scrollTop,
  height,
}: {
  readonly before: readonly Conversation[];
  readonly items: readonly Conversation[];
  readonly scrollTop: number;
  /** Of a row; all are alike. */
  readonly height: number;
}): number | undefined {
  if (scrollTop === 0) return undefined;
  const top = Math.floor(scrollTop / height);
  const anchor = before[top];
  const now = anchor === undefined ? -1 : items.findIndex(({ id }) => id === anchor.id);
  return now < 0 || now === top ? undefined : scrollTop + (now - top) * height;
}
