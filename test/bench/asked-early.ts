import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Desk } from "../../server/conversation/desk.ts";
import type { Model, ModelPart } from "../../server/conversation/ports/model.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { assistant } from "../support/desk-assistant.ts";
import { noSignIns } from "../support/no-sign-ins.ts";
import { RecordingRoom } from "../support/recording-room.ts";
import type { Bench, Figure } from "./figure.ts";
import { bestMedian } from "./samples.ts";

/** Until a model's first word. */
const MODEL_MS = 300;
/** From the likely end of a turn to its end, as `voice/activity/turn-settings.ts` has them. */
const EARLY_MS = 250;
const TURNS = 12;
const EARLIER = 100;
const CUSTOMER = { id: "customer-1", assistant: "shop", sessionId: "session-1" } as const;
const SPOKEN = { voiceCallId: "voice-call-1" } as const;

/**
 * What a customer who speaks waits less for where the model is asked early, and how long it takes until it is: over a
 * journal on disk, with a model that takes its time.
 */
export const benchAskedEarly: Bench = async ({ fast }) => {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-early-"));
  const store = await openSqliteStore({ path: join(folder, "frontdesk.db") });
  const stage = new Stage(store);
  const rounds = fast ? 1 : 3;
  const [early, then, asking]: [number[][], number[][], number[][]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    const conversationId = `conversation-${round}`;
    for (let turn = 0; turn < (fast ? 10 : EARLIER); turn += 1) await stage.answered(conversationId, 0);
    early.push([]);
    then.push([]);
    asking.push([]);
    for (let turn = 0; turn < (fast ? 3 : TURNS); turn += 1) {
      then.at(-1)!.push((await stage.answered(conversationId, MODEL_MS)).firstWordMs);
      const { firstWordMs, askedMs } = await stage.answered(conversationId, MODEL_MS, true);
      early.at(-1)!.push(firstWordMs);
      asking.at(-1)!.push(askedMs);
    }
  }
  await stage.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
  const figures: Figure[] = [
    {
      name: `spoken message to first word, a model that takes ${MODEL_MS} ms asked ${EARLY_MS} ms early, floor not early`,
      unit: "ms",
      value: bestMedian(early),
      floor: bestMedian(then),
      budget: MODEL_MS - EARLY_MS + 10,
    },
    { name: `until the model is asked early, after ${EARLIER} answers`, unit: "ms", value: bestMedian(asking), budget: 10 },
  ];
  return figures;
};

class Stage {
  readonly #room = new RecordingRoom();
  readonly #desk: Desk;
  #modelMs = 0;
  #asked: (() => void) | undefined;
  #count = 0;

  constructor(store: Awaited<ReturnType<typeof openSqliteStore>>) {
    const quiet = { info: () => {}, warn: () => {}, error: console.error };
    const uncounted = { runStarted: () => {}, runEnded: () => {}, turnEnded: () => {}, stepEnded: () => {}, toolCalled: () => {} };
    const model: Model = { stream: (_request, signal) => this.#say(signal) };
    this.#desk = new Desk(
      {
        store,
        room: this.#room,
        clock: systemClock,
        tools: { open: async () => ({ tools: [], unavailable: [] }), rest: () => {}, close: async () => {} },
        models: { of: async () => model },
        assistants: { find: () => assistant({ connectors: [] }) },
        log: quiet,
        meter: uncounted,
        approvers: async () => [],
        signIns: noSignIns,
      },
      { holder: "bench", leaseMs: 30_000, pollMs: 1_000, page: { events: 100, bytes: 256 * 1024 } },
    );
  }

  close(): Promise<void> {
    return this.#desk.drain(1_000);
  }

  /** One message and its answer. `firstWordMs`: from the message; `askedMs`: from the likely end to the model's request. */
  async answered(conversationId: string, modelMs: number, early = false): Promise<{ firstWordMs: number; askedMs: number }> {
    this.#modelMs = modelMs;
    const text = `Question ${(this.#count += 1)}`;
    const [texts, ends] = [this.#room.texts.length, this.#ends()];
    let askedMs = 0;
    if (early) {
      const begun = performance.now();
      const asked = new Promise<void>((resolve) => (this.#asked = resolve));
      if (!(await this.#desk.voice.begin(CUSTOMER, { conversationId, text, spoken: SPOKEN }))) throw new Error("Nothing was begun.");
      await asked;
      askedMs = performance.now() - begun;
      await pause(EARLY_MS - askedMs);
    }
    const sent = performance.now();
    void this.#desk.customers.send(CUSTOMER, { conversationId, messageId: `message-${this.#count}`, text }, SPOKEN);
    await this.#room.until((room) => room.texts.length > texts);
    const firstWordMs = performance.now() - sent;
    await this.#room.until(() => this.#ends() > ends);
    // The run gives its lease back with the end; its place is free right after.
    await pause(5);
    return { firstWordMs, askedMs };
  }

  async *#say(signal: AbortSignal): AsyncGenerator<ModelPart> {
    this.#asked?.();
    if (this.#modelMs > 0) await pause(this.#modelMs, undefined, { signal });
    yield { type: "text", text: "It left on Monday, and it will be there on Friday." };
    yield { type: "finish", reason: "stop", usage: { inputTokens: 10, outputTokens: 5 } };
  }

  #ends(): number {
    return this.#room.journal.filter(({ type }) => type === "turn-ended").length;
  }
}
