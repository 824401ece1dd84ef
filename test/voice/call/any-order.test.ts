/** Whatever happens in whatever order: nothing hangs, nothing is left behind, and the journal is whole. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { SpeechError } from "../../../server/speech/ports/speech-error.ts";
import { calls } from "./approval-stage.ts";
import { openStage, type Page, type Stage } from "./call-stage.ts";

const SENTENCES = [
  "It is on its way. ",
  "It comes **tomorrow**, at noon. ",
  "```\ncode\n```\n",
  "See [the page](https://shop.example/a). ",
  "Bye. ",
];

interface Run {
  readonly stage: Stage;
  page: Page;
  turns: number;
  /** What the open step has said so far. */
  step: string | undefined;
  readonly written: Map<string, string>;
  calls: number;
  /** Of a voice that hung. */
  letGo: (() => void) | undefined;
}

type Action = (run: Run) => Promise<void>;

const turnOf = ({ turns }: Run): string => `turn-${String(turns).padStart(4, "0")}`;
/** The oldest turn that waits for it. False: none does. */
function answer({ hearing: { session } }: Stage, text: string): boolean {
  const waits = session.answered < session.ended;
  if (waits) session.final(text);
  return waits;
}
const tool = (run: Run) => ({ turnId: turnOf(run), callId: `tool-${turnOf(run)}` });

const ACTIONS: Readonly<Record<string, Action>> = {
  begin: async (run) => {
    if (run.step !== undefined) return;
    run.turns += 1;
    run.step = "";
    await run.stage.emit({ type: "turn-started", turnId: turnOf(run), messageId: `message-${run.turns}` });
  },
  write: async (run) => {
    if (run.step === undefined) return;
    const text = SENTENCES[(run.turns + run.step.length) % SENTENCES.length]!;
    await run.stage.text(text, { turnId: turnOf(run), offset: run.step.length });
    run.step += text;
  },
  endTurn: async (run) => {
    if (run.step === undefined) return;
    run.written.set(turnOf(run), run.step);
    await run.stage.emit(
      { type: "step-ended", turnId: turnOf(run), step: 0, text: run.step },
      { type: "turn-ended", turnId: turnOf(run), outcome: "done" },
    );
    run.step = undefined;
  },
  tool: (run) => run.stage.emit({ type: "tool-call-started", ...tool(run), attempt: 1 }),
  toolEnds: (run) => run.stage.emit({ type: "tool-call-ended", ...tool(run), outcome: "ok" }),
  stop: (run) => run.stage.emit({ type: "stop-requested", turnId: turnOf(run), by: { kind: "customer", id: "customer-one" } }),
  play: ({ page }) => page.play(700),
  wait: ({ stage }) => stage.forward(2_500),
  speechBegins: ({ page }) => page.begin(),
  speechPauses: ({ page }) => page.quiet(),
  cut: ({ page }) => page.cut(),
  interrupt: async ({ page, stage }) => {
    await page.begin();
    await page.cut();
    await stage.forward(1_200);
  },
  button: ({ page }) => page.cut("button"),
  talk: ({ page, stage }) => page.take({ type: "talk", held: stage.clock.now() % 2 === 0, atMs: 20_000 }),
  mute: ({ page, stage }) => page.take({ type: "mute", muted: stage.clock.now() % 3 === 0 }),
  understood: async ({ stage }) => {
    answer(stage, "where is it");
    await stage.settle();
  },
  nothing: async ({ stage }) => {
    answer(stage, "");
    await stage.settle();
  },
  earsBreak: async ({ stage }) => {
    stage.hearing.session.fail(new SpeechError("broken", "The ears broke."));
    await stage.settle();
  },
  voiceBreaks: async ({ stage }) => {
    stage.speaking.fails = stage.speaking.fails === undefined ? () => true : undefined;
    await stage.settle();
  },
  voiceBreaksOff: async ({ stage }) => {
    stage.speaking.breaks = stage.speaking.breaks === undefined ? () => true : undefined;
    await stage.settle();
  },
  voiceHangs: async (run) => {
    const { stage } = run;
    if (run.letGo === undefined) {
      const hanging = Promise.withResolvers<void>();
      run.letGo = hanging.resolve;
      stage.speaking.waits = hanging.promise;
    } else stage.speaking.waits = undefined;
    await stage.settle();
  },
  lose: ({ page }) => page.lose(),
  comeBack: async (run) => {
    const { stage } = run;
    const voiceCallId =
      stage.calls.size === 0 ? `call-${String(++run.calls).padStart(4, "0")}` : `call-${String(run.calls).padStart(4, "0")}`;
    run.page = await stage.call({ voiceCallId }).catch(() => run.page);
  },
};

/** Without these there is nothing to hear. */
const OFTEN = ["begin", "write", "write", "write", "play", "play", "endTurn", "lose", "comeBack"];

async function openRun(): Promise<Run> {
  const stage = openStage();
  const page = await stage.call({ voiceCallId: "call-0001" });
  return { stage, page, turns: 0, step: undefined, written: new Map(), calls: 1, letGo: undefined };
}

test("whatever happens: every call ends once, its engines are let go of, no timer is left, and what was heard was written", async () => {
  const actions = fc.array(fc.constantFrom(...Object.keys(ACTIONS), ...OFTEN), { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(actions, async (names) => {
      const run = await openRun();
      const { stage } = run;
      for (const name of names) await ACTIONS[name]!(run);
      await ACTIONS["endTurn"]!(run);
      await run.page.take({ type: "call-end" });
      await stage.forward(11_000);

      expect(stage.calls.size).toBe(0);
      expect(stage.hearing.sessions.filter(({ isClosed }) => !isClosed)).toEqual([]);
      expect(stage.clock.next()).toBeUndefined();
      const begun = stage.written.flatMap((one) => (one.type === "begun" ? [one.call.voiceCallId] : []));
      const ended = stage.written.flatMap((one) => (one.type === "ended" ? [one.call.voiceCallId] : []));
      expect(ended).toEqual(begun);
      expect(stage.logged.filter((line) => line.includes("could not"))).toEqual([]);
      for (const one of stage.written) {
        if (one.type !== "speech-heard" && one.type !== "speech-cut") continue;
        const { turnId, kind, text } = one;
        if (kind !== "answer" || turnId === undefined) continue;
        const whole = run.written.get(turnId)!;
        // From the beginning of the step, and no word that was not written.
        expect(whole.startsWith(text)).toBe(true);
        if (one.type === "speech-cut") expect(whole.startsWith(text + one.unheard)).toBe(true);
        else expect(text).toBe(whole);
      }
    }),
    { numRuns: 60 },
  );
});

const SPEAKING = ["begin", "write", "endTurn", "play", "wait", "stop", "button", "voiceBreaks", "voiceBreaksOff", "voiceHangs"];

test("however a voice breaks, hangs and is cut: once nothing is wrong any more, the next answer is said and heard whole", async () => {
  const actions = fc.array(fc.constantFrom(...SPEAKING, "begin", "write", "play", "endTurn"), { minLength: 5, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(actions, async (names) => {
      const run = await openRun();
      const { stage, page } = run;
      for (const name of names) await ACTIONS[name]!(run);
      await ACTIONS["endTurn"]!(run);
      Object.assign(stage.speaking, { fails: undefined, breaks: undefined, waits: undefined });
      run.letGo?.();
      await page.playOut();
      await page.playOut();
      await stage.answer("It goes on. It ends here.", "turn-last");
      for (let times = 0; times < 4; times++) await page.playOut();
      expect(page.sayings.slice(-2)).toEqual(["It goes on.", "It ends here."]);
      expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "It goes on. It ends here." });
      await page.take({ type: "call-end" });
    }),
    { numRuns: 60 },
  );
});

/** The customer is there and silent, and all that they said is understood: nothing of it was words. */
async function becomesQuiet(run: Run): Promise<void> {
  const { stage } = run;
  if (stage.calls.size === 0 || run.page.isClosed) await ACTIONS["comeBack"]!(run);
  const { page } = run;
  await page.take({ type: "mute", muted: false });
  await page.take({ type: "talk", held: false, atMs: 20_000 });
  await page.quiet();
  // Turns end by themselves, and engines that broke are there again.
  await stage.forward(4_000);
  while (answer(stage, ""));
  await stage.settle();
}

test("however calls are interrupted, lost and misheard: once it is quiet, the next answer is said and heard whole", async () => {
  const actions = fc.array(fc.constantFrom(...Object.keys(ACTIONS), ...OFTEN, "interrupt", "interrupt"), { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(actions, async (names) => {
      const run = await openRun();
      const { stage } = run;
      for (const name of names) await ACTIONS[name]!(run);
      await ACTIONS["endTurn"]!(run);
      Object.assign(stage.speaking, { fails: undefined, breaks: undefined, waits: undefined });
      run.letGo?.();
      await becomesQuiet(run);
      const { page } = run;
      await page.play(2_000);
      for (let times = 0; times < 4; times++) await page.playOut();
      await stage.answer("It goes on. It ends here.", "turn-last");
      for (let times = 0; times < 4; times++) await page.playOut();
      expect(page.sayings.slice(-2)).toEqual(["It goes on.", "It ends here."]);
      expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "It goes on. It ends here." });
      await page.take({ type: "call-end" });
    }),
    { numRuns: 60 },
  );
});

/** What the customer may do, and what may break, while an approval waits. Nobody says the phrase. */
const ASKED = Object.keys(ACTIONS).filter((name) => !["begin", "write", "endTurn", "tool", "toolEnds", "stop"].includes(name));

test("whatever happens while an approval waits: nothing but the phrase approves it, and at last it can be given", async () => {
  const actions = fc.array(fc.constantFrom(...ASKED, "play", "play", "wait", "lose", "comeBack", "comeBack"), {
    minLength: 5,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(actions, async (names) => {
      const { stage, page: first, decided } = await calls();
      const run: Run = { stage, page: first, turns: 1, step: undefined, written: new Map(), calls: 1, letGo: undefined };
      for (const name of names) await ACTIONS[name]!(run);
      expect(decided).toEqual([]);
      // It was over: then the card has it.
      fc.pre(stage.written.every(({ type }) => type !== "ended"));
      Object.assign(stage.speaking, { fails: undefined, breaks: undefined, waits: undefined });
      run.letGo?.();
      await becomesQuiet(run);
      const { page } = run;
      const asking = () => page.of("asking").at(-1);
      const isLeft = (): boolean => asking() !== undefined && asking()!.phrase === undefined;
      for (let seconds = 0; seconds < 60 && decided.length === 0 && !isLeft(); seconds++) {
        await page.play(1_000);
        if (asking() !== undefined && page.phase !== "speaking") await page.speak("Yes, approve it.");
      }
      if (!isLeft()) expect(decided).toMatchObject([{ decision: "approved" }]);
      await page.take({ type: "call-end" });
    }),
    { numRuns: 25 },
  );
});
