/**
 * A server in a process of its own, its engines, the network and the tab are killed at each stage of a call. Whatever
 * it was: nothing hangs, the journal is whole, no tool runs twice, and another call in the same conversation goes on.
 */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { VoiceClient } from "../support/voice-client.ts";
import { waitFor } from "../support/wait-for.ts";
import { Caller } from "./voice/caller.ts";
import { type Peers, startPeers } from "./voice/peers.ts";
import { Server } from "./voice/server.ts";
import { type Reached, type Stage, STAGES } from "./voice/stages.ts";
import { checkJournal, isAtRest } from "./voice/whole-journal.ts";

let peers: Peers;
let server: Server;
beforeAll(async () => {
  peers = await startPeers();
  server = await Server.open("chaos-voice", peers.configuration());
});
afterAll(async () => {
  await server?.close();
  await peers?.close();
});

interface Place extends Reached {
  readonly caller: Caller;
  readonly voiceCallId: string;
  readonly stage: Stage;
}

/** What is done to a call. Gives the page in which it goes on; undefined: it is over. */
interface Kind {
  readonly name: string;
  strike(place: Place): Promise<VoiceClient | undefined>;
}

/** The page comes back with the id of its call. */
async function comesBack({ caller, voiceCallId, stage }: Place): Promise<VoiceClient | undefined> {
  const back = await caller.call(voiceCallId);
  const isThere = !("code" in back);
  if (stage.isOn) {
    expect(back).not.toHaveProperty("code");
    if (isThere) expect(back.of("call-ready")[0]).toMatchObject({ voiceCallId, resumed: true });
  } else if (!isThere) expect(back.code).toBe("call-over");
  return isThere ? back : undefined;
}

/** The customer hangs up while an engine says nothing: it is let go of all the same. */
async function hangsUp({ page, stage }: Place): Promise<undefined> {
  if (page === undefined) return undefined;
  await page.hear("call-ready");
  if (stage.name !== "hanging up") page.say({ type: "call-end" });
  expect(await page.hear("call-end")).toEqual({ type: "call-end", reason: "hung-up" });
  await waitFor(page.closed);
  await waitFor(() => peers.open() === 0);
  return undefined;
}

const KINDS: readonly Kind[] = [
  {
    name: "the server is killed",
    strike: async ({ caller, page, voiceCallId, stage }) => {
      await server.killAndStart();
      if (page !== undefined) await waitFor(page.closed);
      const back = await caller.call(voiceCallId);
      if (!stage.isOn && !("code" in back)) return back;
      expect(back).toMatchObject({ code: "call-over" });
      return undefined;
    },
  },
  {
    name: "the engine that hears is cut off",
    strike: async ({ page }) => {
      peers.hearing.cut();
      return page;
    },
  },
  {
    name: "the engine that hears says nothing more",
    strike: async (place) => {
      peers.hang("ears");
      return hangsUp(place);
    },
  },
  {
    name: "the engine that speaks is cut off",
    strike: async ({ page }) => {
      for (const { response } of peers.speaking.asked) response.destroy();
      return page;
    },
  },
  {
    name: "the engine that speaks says nothing more",
    strike: async (place) => {
      peers.hang("voice");
      return hangsUp(place);
    },
  },
  {
    name: "the network is lost",
    strike: async (place) => {
      place.page?.socket.terminate();
      place.caller.customer.lose();
      return comesBack(place);
    },
  },
  {
    name: "the network stands still",
    strike: async (place) => {
      place.page?.socket.pause();
      return comesBack(place);
    },
  },
  {
    name: "the tab is closed",
    strike: async ({ caller, page }) => {
      page?.socket.close();
      await caller.otherTab();
      return undefined;
    },
  },
];

/** Says something in this call, hears it answered, and hangs up. Whatever waited for a decision is decided before. */
async function talkAndHangUp(caller: Caller, page: VoiceClient): Promise<void> {
  await page.hear("call-ready");
  page.listen();
  await decideWhatWaits(caller);
  const before = (await caller.journal()).length;
  caller.say(page, "where is my order");
  await waitFor(async () =>
    (await caller.journal())
      .slice(before)
      .some((event) => event.type === "speech-heard" && event.kind === "answer" && event.text.includes("It will come tomorrow")),
  );
  page.say({ type: "call-end" });
  await page.hear("call-end");
  await waitFor(page.closed);
}

async function decideWhatWaits(caller: Caller): Promise<void> {
  const events = await caller.journal();
  const asked = events.find((event) => event.type === "approval-requested");
  if (asked === undefined || events.some((event) => event.type === "approval-decided")) return;
  const { conversationId, customer } = caller;
  const { approvalId, argumentsHash } = asked;
  const decided = await customer.request("approval-decide", { conversationId, approvalId, argumentsHash, decision: "approved" });
  expect(decided.ok).toBe(true);
  await waitFor(async () => isTurnOver(await caller.journal(), asked.turnId));
}

const isTurnOver = (events: Awaited<ReturnType<Caller["journal"]>>, turnId: string): boolean =>
  events.some((event) => event.type === "turn-ended" && event.turnId === turnId);

test("the engine that hears is cut off before a sentence, in it, and after it: each is heard, whole and once", async () => {
  const caller = new Caller(server.url, peers, "conversation-cut-off");
  onTestFinished(() => caller.close());
  const page = await caller.call("call-cut-off-first");
  if ("code" in page) throw new Error(page.message);
  const cut = (): void => peers.hearing.cut();
  const moments: readonly ((text: string) => void | Promise<void>)[] = [
    (text) => {
      cut();
      caller.say(page, text);
    },
    (text) => {
      caller.begin(page, text);
      cut();
      caller.end(page);
    },
    async (text) => {
      const heard = peers.sound();
      caller.begin(page, text);
      await heard;
      cut();
      caller.end(page);
    },
    async (text) => {
      const ended = peers.gates.transcript.close();
      caller.say(page, text);
      await ended;
      cut();
      peers.gates.transcript.open();
    },
  ];
  const sentences: string[] = [];
  for (const moment of [...moments, ...moments]) {
    sentences.push(`story ${sentences.length + 1}`);
    const samples = peers.hearing.turns.length;
    await moment(sentences.at(-1) ?? "");
    await page.hear("understood", sentences.length - 1);
    // All of its two tenths of a second.
    expect(peers.hearing.turns.slice(samples).at(-1)?.audio.length).toBe(6_400);
  }
  expect(page.of("understood").map(({ text }) => text)).toEqual(sentences);
  expect(page.of("trouble")).toEqual([]);
  page.say({ type: "call-end" });
  await waitFor(page.closed);
  await waitFor(() => peers.open() === 0);
});

describe.each(KINDS)("$name", (kind) => {
  test.each(STAGES)("while $name", async (stage) => {
    const name = `${KINDS.indexOf(kind)}-${STAGES.indexOf(stage)}`;
    const caller = new Caller(server.url, peers, `conversation-${name}`);
    onTestFinished(() => {
      caller.close();
      peers.mend();
    });
    const voiceCallId = `call-${name}-first`;
    const reached = await stage.reach(caller, voiceCallId, peers);
    const page = await kind.strike({ caller, voiceCallId, stage, ...reached });
    peers.mend();
    if (page !== undefined && stage.name !== "hanging up") await talkAndHangUp(caller, page);

    const next = await caller.call(`call-${name}-second`, true);
    if ("code" in next) throw new Error(`No other call: ${JSON.stringify(next)}`);
    await talkAndHangUp(caller, next);
    const events = await waitFor(async () => {
      const all = await caller.journal();
      return isAtRest(all) ? all : undefined;
    });
    checkJournal(events);
    expect(events.filter(({ type }) => type === "voice-call-started").length).toBeLessThanOrEqual(2);
    const ran = events.filter((event) => event.type === "tool-call-started");
    expect(peers.ran(caller.conversationId)).toBeLessThanOrEqual(ran.length);
    expect(peers.ran(caller.conversationId, "refund")).toBe(stage.name === "an approval is being read" ? 1 : 0);
    // Nothing of the calls is open any more.
    await waitFor(() => peers.open() === 0);
  });
});
