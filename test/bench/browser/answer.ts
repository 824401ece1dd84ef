import type { Page } from "playwright-core";
import type { BenchOptions, Figure } from "../figure.ts";
import { median } from "../samples.ts";
import { LAST_STAMP } from "../server/scenario.ts";
import { inShop, openPanel, type Shop } from "./shop-page.ts";
import { longestTaskMs, traced } from "./trace.ts";

const PER_SECOND = 200;

/**
 * A long answer in Markdown through everything: model, server, line, widget, screen. The floor is the same window with
 * an open panel in which nothing happens.
 */
export async function benchAnswer({ fast }: BenchOptions): Promise<readonly Figure[]> {
  return inShop(async (shop) => {
    const tokens = fast ? 1000 : 4000;
    const rounds: { still: Seen; answer: Seen }[] = [];
    for (let round = 0; round < (fast ? 1 : 3); round += 1) rounds.push(await watchOne(shop, tokens));
    const of = (which: "still" | "answer", key: keyof Seen): number => median(rounds.map((seen) => seen[which][key]));
    const name = `answer of ${tokens} tokens at ${PER_SECOND}/s through everything`;
    return [
      {
        name: `${name}: dropped frames of 1,000`,
        unit: "frames",
        value: of("answer", "droppedPerThousand"),
        floor: of("still", "droppedPerThousand"),
        budget: 0,
      },
      { name: `${name}: last token to last word`, unit: "ms", value: of("answer", "lagMs"), budget: 30 },
      { name: `${name}: longest task`, unit: "ms", value: of("answer", "longestTaskMs"), floor: of("still", "longestTaskMs"), budget: 50 },
    ];
  });
}

interface Seen {
  readonly droppedPerThousand: number;
  readonly longestTaskMs: number;
  readonly lagMs: number;
}

async function watchOne(shop: Shop, tokens: number): Promise<{ still: Seen; answer: Seen }> {
  const context = await shop.visitor();
  try {
    const page = await context.newPage();
    await openPanel(page, shop.pageUrl);
    const still = await watch(page, { send: undefined, forMs: 3000 });
    const scenario = { kind: "text", tokens, gapMs: 1000 / PER_SECOND, waitMs: 100, markdown: true };
    const answer = await watch(page, { send: JSON.stringify(scenario), forMs: 120_000 });
    return { still, answer };
  } finally {
    await context.close();
  }
}

/** Watches frames until the last token's stamp is drawn, or for the time given. */
async function watch(page: Page, { send, forMs }: { send: string | undefined; forMs: number }): Promise<Seen> {
  let seen = { frames: 0, dropped: 0, drawnAt: 0, text: "" };
  const events = await traced(page, async () => {
    seen = await page.evaluate(watchFrames, [send, forMs] as const);
  });
  const left = LAST_STAMP.exec(seen.text)?.[1];
  // The stamp is of the machine's own clock, the frame's time of the calendar; both run alike.
  const offsetMs = Date.now() - Number(process.hrtime.bigint() / 1000n) / 1000;
  return {
    droppedPerThousand: (seen.dropped / Math.max(1, seen.frames)) * 1000,
    longestTaskMs: longestTaskMs(events),
    lagMs: left === undefined ? Number.NaN : seen.drawnAt - (Number(left) / 1000 + offsetMs),
  };
}

/** Runs in the page. A frame counts as dropped when the next one comes more than half a frame late. */
function watchFrames([send, forMs]: readonly [string | undefined, number]): Promise<{
  frames: number;
  dropped: number;
  drawnAt: number;
  text: string;
}> {
  const frameMs = 1000 / 60;
  const desk = document.querySelector("front-desk");
  if (send !== undefined) desk?.send(send);
  return new Promise((resolve) => {
    let frames = 0;
    let dropped = 0;
    let last = performance.now();
    const begun = last;
    const frame = (now: number): void => {
      const missed = Math.max(0, Math.round((now - last) / frameMs) - 1);
      last = now;
      frames += 1 + missed;
      dropped += missed;
      // Looked at when all that this frame does has been done. The end of the answer alone: reading all of it would be
      // the work that is measured.
      setTimeout(() => {
        const thread = desk?.shadowRoot?.querySelector("front-desk-thread")?.shadowRoot;
        const text =
          thread?.querySelector("front-desk-turn:last-of-type front-desk-answer")?.lastElementChild?.textContent.slice(-80) ?? "";
        if (!/e\d{16}/.test(text) && performance.now() - begun < forMs) return void requestAnimationFrame(frame);
        resolve({ frames, dropped, drawnAt: performance.timeOrigin + performance.now(), text });
      });
    };
    requestAnimationFrame(frame);
  });
}
