import type { ThreadContext } from "../foundation/thread-context.ts";

/** "Today 14:02", "12 March 14:02". */
export function stampText(at: number, { words, formats, now }: ThreadContext): string {
  const today = now();
  const daysAgo = Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  const day = daysAgo === 0 ? words.today : daysAgo === 1 ? words.yesterday : formats.day(at, today);
  return `${day} ${formats.time(at)}`;
}
