/**
 * How many assistants stand on the way to a request, which it carries in two places: some servers on the way pass on
 * only one. A call of an ordinary conversation says 1. Assistants that publish each other would else ask in a circle for ever.
 */
export const DEPTH_HEADER = "X-Frontdesk-Depth";
export const DEPTH_META = "frontdesk/depth";

/** What a call's `_meta` says of it. */
export function depthMeta(depth: number | undefined): Readonly<Record<string, number>> {
  return depth === undefined ? {} : { [DEPTH_META]: depth };
}

/** What a request says; 0 where it says nothing that can be read. The greatest counts: a header may come twice. */
export function depthOf(header: string | null | undefined, meta: Readonly<Record<string, unknown>> | undefined): number {
  const said = (header ?? "").split(",").map((part) => depthFrom(Number(part)));
  return Math.max(...said, depthFrom(meta?.[DEPTH_META]));
}

function depthFrom(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
