/** A customer talks into a microphone that the browser makes up: it plays a file. */
import { copyFile } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { decodeVoiceFrame, FRAME_OPUS } from "../../../protocol/voice-frames.ts";
import { findSpeechPrograms, NO_SPEECH_PROGRAMS } from "../../support/speech-programs.ts";
import { wavOf } from "../../../server/speech/wires/wav.ts";
import { readOrder } from "../shop-orders.ts";
import { call, hangUp, launchHearing, openVoiceStage, plain, record, SENTENCES, type VoiceStage, WHERE } from "./voice-stage.ts";

const programs = findSpeechPrograms();
/** The fake microphone begins with the call, and nobody can tell it when to speak. */
const ASKED_MS = 3_000;

describe.skipIf(programs === undefined)(
  `a made-up microphone (${programs === undefined ? NO_SPEECH_PROGRAMS : "flite and pocketsphinx"})`,
  () => {
    let stage: VoiceStage | undefined;
    afterEach(async ({ task }) => {
      expect(await stage?.endVisits(task)).toEqual([]);
      await stage?.close();
      stage = undefined;
    });

    test("“where is my order” is heard, answered aloud, and what is said can be transcribed back", async () => {
      const said = await record(programs!, { text: "where is my order", atMs: ASKED_MS });
      stage = await openVoiceStage(programs!, { launch: () => launchHearing(said) });
      const visit = await stage.visit("/");
      const audio: Uint8Array[] = [];
      const sent = new Set<number>();
      visit.page.on("websocket", (socket) => {
        if (!new URL(socket.url()).pathname.endsWith("/voice")) return;
        socket.on("framesent", ({ payload }) => void (typeof payload !== "string" && sent.add(payload[1]!)));
        socket.on("framereceived", ({ payload }) => {
          const frame = typeof payload === "string" ? "text" : decodeVoiceFrame(payload);
          if (typeof frame !== "string") audio.push(frame.audio);
        });
      });
      await call(visit);
      const message = await stage.event(visit, "message-received");
      expect(plain(message.text)).toBe("where is my order");
      // All of it went as Opus.
      expect([...sent]).toEqual([FRAME_OPUS]);
      expect(message.spoken?.transcriptMs).toBeGreaterThan(0);
      const heard = await stage.event(visit, "speech-heard", ({ kind }) => kind === "answer");
      expect(heard.text.trim()).toBe(WHERE);
      await visit.log.getByText(WHERE).waitFor();
      await hangUp(visit);
      await stage.event(visit, "voice-call-ended", ({ reason }) => reason === "hung-up");
      const body = new FormData();
      body.set("file", new File([Uint8Array.from(wavOf(Buffer.concat(audio), 16_000))], "said.wav"));
      const answer = (await (await fetch(`${stage.audio.url}/audio/transcriptions`, { method: "POST", body })).json()) as { text: string };
      expect(wordErrors(plain(answer.text), plain(WHERE))).toBeLessThanOrEqual(0.4);
    });

    test("“please refund my order”, the read-back, “yes approve it”: exactly one refund", async () => {
      const said = await record(programs!, { text: "please refund my order", atMs: ASKED_MS });
      stage = await openVoiceStage(programs!, { launch: () => launchHearing(said) });
      stage.audio.hearOnly(SENTENCES);
      const orderId = stage.newOrder();
      stage.speakOf(orderId);
      const visit = await stage.visit("/");
      await call(visit);
      const question = await stage.event(visit, "speech-heard", ({ kind }) => kind === "question");
      expect(plain(question.text)).toContain("94 90");
      expect((await readOrder(stage.demo.ordersUrl, orderId)).refunds).toEqual([]);
      // Another microphone, which says it at once: the browser reads the file anew.
      await copyFile(await record(programs!, { text: "yes approve it", atMs: 500 }), said);
      await visit.scope.getByRole("button", { name: "Call settings" }).click();
      await visit.scope.getByRole("combobox", { name: "Microphone" }).selectOption({ index: 2 });
      const decided = await stage.event(visit, "approval-decided");
      expect(decided).toMatchObject({ decision: "approved", by: { kind: "customer" }, spoken: { transcript: "yes approve it" } });
      await stage.event(visit, "tool-call-ended", ({ outcome }) => outcome === "ok");
      await stage.event(visit, "speech-heard", ({ kind, seq }) => kind === "answer" && seq > decided.seq);
      await hangUp(visit);
      expect((await readOrder(stage.demo.ordersUrl, orderId)).refunds.length).toBe(1);
    });
  },
);

/** The share of words that were heard wrong. */
function wordErrors(heard: string, said: string): number {
  const [one, other] = [heard.split(" "), said.split(" ")];
  let row = other.map((_, index) => index + 1);
  for (const [at, word] of one.entries()) {
    const next: number[] = [];
    for (const [index, wanted] of other.entries()) {
      const diagonal = index === 0 ? at : row[index - 1]!;
      const left = index === 0 ? at + 1 : next[index - 1]!;
      next.push(Math.min(diagonal + (word === wanted ? 0 : 1), left + 1, row[index]! + 1));
    }
    row = next;
  }
  return row.at(-1)! / other.length;
}
