/** Speech as Opus, in the order in which it was said, by the browser's own encoder. */
import { FRAME_OPUS, FRAME_PCM16, type VoiceFrame } from "../../../protocol/voice-frame.ts";
import type { VoiceClientMessage } from "../../../protocol/voice-frames.ts";
import { canSendOpus, OpusLane } from "../../../widget/call/opus-lane.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { same } from "./same.ts";

type Frame = Omit<VoiceFrame, "seq">;

function open() {
  const clock = new ManualClock();
  const said: (Frame | VoiceClientMessage)[] = [];
  const lane = new OpusLane({ say: (message) => void said.push(message), frame: (frame) => void said.push(frame) }, clock);
  const until = async (count: number): Promise<void> => {
    while (said.length < count) await new Promise((resolve) => setTimeout(resolve));
  };
  return { clock, said, lane, until, order: () => said.map(({ type }) => type) };
}

/** A piece of the microphone, 20 ms: a tone, or nothing at all. */
function piece(at: number, { samples = 320, loudness = 8000 } = {}): Frame {
  const tone = Int16Array.from({ length: samples }, (_, index) => loudness * Math.sin((2 * Math.PI * 440 * (320 * at + index)) / 16_000));
  return { type: FRAME_PCM16, flags: at === 0 ? 2 : 0, timeMs: 20 * at, audio: new Uint8Array(tone.buffer) };
}

const paused = { type: "speech", event: "paused", atMs: 0 } as const;

describe("speech as Opus", () => {
  it("is one packet for each piece, a tenth of its bytes, with its flags and its time; silence is sent, too", async () => {
    same(await canSendOpus(), true);
    const { said, lane, until } = open();
    for (let at = 0; at < 50; at += 1) lane.frame(piece(at, { loudness: at < 25 ? 8000 : 0 }));
    await until(50);
    same(
      said.map((frame) => ("audio" in frame ? [frame.type, frame.flags, frame.timeMs] : frame)),
      Array.from({ length: 50 }, (_, at) => [FRAME_OPUS, at === 0 ? 2 : 0, 20 * at]),
    );
    const bytes = said.reduce((sum, frame) => sum + ("audio" in frame ? frame.audio.length : 0), 0);
    same(bytes > 100 && bytes < 50 * 80, true);
    lane.close();
  });

  it("what is said after audio waits for it; a piece of another length is sent as it is, in its place", async () => {
    const { said, lane, until, order } = open();
    lane.say({ ...paused, event: "started" });
    same(order(), ["speech"]);
    lane.frame(piece(0));
    lane.frame(piece(1, { samples: 100 }));
    lane.say(paused);
    same(said.length, 1);
    await until(4);
    same(order(), ["speech", FRAME_OPUS, FRAME_PCM16, "speech"]);
    lane.close();
  });

  it("an encoder that fails, or never answers, is done without: nothing is lost", async () => {
    for (const how of ["error", "silence"] as const) {
      const Real = globalThis.AudioEncoder;
      let fail = (): void => undefined;
      globalThis.AudioEncoder = class {
        state = "configured";
        constructor({ error }: AudioEncoderInit) {
          fail = () => error(new DOMException("It broke."));
        }
        configure(): void {}
        encode(): void {}
        close(): void {
          this.state = "closed";
        }
      } as never;
      const { clock, lane, order } = open();
      globalThis.AudioEncoder = Real;
      lane.frame(piece(0));
      lane.say(paused);
      if (how === "error") fail();
      else clock.forward(499);
      if (how === "silence") same(order(), []);
      clock.forward(1);
      same(order(), [FRAME_PCM16, "speech"]);
      lane.frame(piece(1));
      same(order(), [FRAME_PCM16, "speech", FRAME_PCM16]);
      same(clock.next(), undefined);
      lane.close();
    }
  });

  it("after its end nothing more is said", async () => {
    const { clock, said, lane } = open();
    lane.frame(piece(0));
    lane.say(paused);
    lane.close();
    lane.close();
    // Another one that began later has its packet by now.
    const other = open();
    other.lane.frame(piece(0));
    await other.until(1);
    other.lane.close();
    clock.forward(1_000);
    same(said, []);
  });
});
