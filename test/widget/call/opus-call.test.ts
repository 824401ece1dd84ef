/** Speech as Opus, where the browser can encode it and the server read it. */
import { beforeEach, expect, test } from "vitest";
import type { SpeechLine } from "../../../widget/call/call-ports.ts";
import { CallStage } from "./call-stage.ts";

let stage: CallStage;
/** What each connection's lane was given; it says nothing by itself. */
let lanes: { readonly items: unknown[]; readonly line: SpeechLine; isClosed: boolean }[];
beforeEach(() => {
  stage = new CallStage();
  lanes = [];
  stage.opus = (line) => {
    const lane = { items: [] as unknown[], line, isClosed: false };
    lanes.push(lane);
    return {
      say: (message) => void lane.items.push(message.type),
      frame: ({ timeMs }) => void lane.items.push(timeMs),
      close: () => void (lane.isClosed = true),
    };
  };
});

async function on(codec: "pcm" | "opus") {
  const call = stage.call();
  call.start();
  await stage.settle();
  stage.socket.ready({ codec });
  return call;
}

test("what the customer says goes its way, in its order; everything else goes at once", async () => {
  const call = await on("opus");
  expect(stage.socket.of("call-open")[0]?.codecs).toEqual(["opus"]);
  stage.ears.speaks();
  stage.ears.pauses();
  call.mute(true);
  // Who is muted is not heard any more: what they said before comes first.
  expect(lanes[0]?.items).toEqual(["speech", 1, "speech", "mute"]);
  call.hush();
  stage.voice.placeMs = 1;
  stage.ears.news.interrupt("speech");
  await stage.settle();
  expect(stage.socket.said.map(({ type }) => type)).toEqual(["call-open", "cut"]);
  expect(stage.socket.frames).toEqual([]);
  lanes[0]?.line.say({ type: "talk", held: true, atMs: 0 });
  expect(stage.socket.said.at(-1)?.type).toBe("talk");
  call.hangUp();
  expect(lanes[0]?.isClosed).toBe(true);
});

test("a server that reads none is sent PCM, and a browser that makes none offers none", async () => {
  await on("pcm");
  stage.ears.speaks();
  expect(lanes).toEqual([]);
  expect(stage.socket.frames).toHaveLength(1);
  stage.opus = undefined;
  await on("pcm");
  expect(stage.socket.of("call-open")[0]).not.toHaveProperty("codecs");
});

test("each connection has its own; what is said again is encoded anew", async () => {
  await on("opus");
  stage.ears.speaks();
  stage.socket.onclose?.();
  expect(lanes[0]?.isClosed).toBe(true);
  stage.ears.audio(20);
  await stage.pass(500);
  stage.socket.ready({ codec: "opus", resumed: true });
  expect(lanes[1]?.items).toEqual(["speech", 1, 20]);
  expect(lanes[0]?.items).toEqual(["speech", 1]);
});
