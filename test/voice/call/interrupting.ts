/** What interrupts the assistant: a sound, and what comes of it. */
import type { Page, Stage } from "./call-stage.ts";

export const TOOL = { turnId: "turn-one", callId: "tool-call-one" } as const;
export const BY_CUSTOMER = { kind: "customer", id: "customer-one" } as const;
export const interrupted = ({ asked }: Stage): number => asked.filter(([method]) => method === "interrupt").length;
export const sent = ({ asked }: Stage): number => asked.filter(([method]) => method === "send").length;

/** The page stops playing for it, and the server takes it for a turn. */
export async function cough(stage: Stage, page: Page): Promise<void> {
  await page.begin();
  await page.cut();
  await stage.forward(200);
  await quiet(stage, page);
}

/** The turn is over, and nothing was said in it. */
export async function quiet(stage: Stage, page: Page, text = ""): Promise<void> {
  await page.quiet();
  await stage.forward(620);
  stage.hearing.session.final(text);
  await stage.settle();
}

export async function beginAnswer(stage: Stage, text: string): Promise<Page> {
  const page = await stage.call();
  await stage.emit({ type: "turn-started", turnId: "turn-one", messageId: "message-one" });
  await stage.text(text);
  return page;
}

/** The model writes all of it, and the turn is over. */
export async function endAnswer(stage: Stage, text: string, from: number): Promise<void> {
  if (from < text.length) await stage.text(text.slice(from), { offset: from });
  await stage.emit({ type: "step-ended", turnId: "turn-one", step: 0, text }, { type: "turn-ended", turnId: "turn-one", outcome: "done" });
}
