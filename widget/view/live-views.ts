/** A view that is drawn. */
export interface LiveView {
  /** Whether the reader sees it, or soon will. */
  readonly isNear: boolean;
  /** Closes it; it is opened again when the reader comes back to it. */
  rest(): void;
}

/** Each is a page of its own, with all that it needs. */
const MOST = 4;

/** The views that are drawn on this page, the one that was looked at longest ago first. */
const live = new Set<LiveView>();

/** This one is drawn, or looked at again: beyond the most there may be, another rests. */
export function looksAt(view: LiveView): void {
  live.delete(view);
  live.add(view);
  if (live.size <= MOST) return;
  const [oldest] = live;
  const resting = [...live].find((other) => !other.isNear) ?? oldest;
  if (resting === undefined) return;
  live.delete(resting);
  resting.rest();
}

export function isGone(view: LiveView): void {
  live.delete(view);
}
