/**
 * What listening costs: CPU time for a second of audio, beside the ONNX file in ONNX Runtime (WebAssembly), and that of
 * bringing a microphone's rate to 16 kHz. Run alone: `node test/bench/voice-activity.ts`.
 */
import { InferenceSession, Tensor } from "onnxruntime-web";
import { SILERO_MODEL, voiceWeights } from "../../scripts/voice-weights.ts";
import { Resampler } from "../../voice/activity/resampler.ts";
import { FRAME, FRAME_MS, SAMPLE_RATE, Silero } from "../../voice/activity/silero.ts";
import { readWeights } from "../../voice/activity/silero-layout.ts";
import { VoiceActivity } from "../../voice/activity/voice-activity.ts";
import { whiteNoise } from "../voice/activity/sounds.ts";
import type { BenchOptions, Figure } from "./figure.ts";

/** As long as the page's and the wire's frames are. */
const PIECE = SAMPLE_RATE / 50;

export async function benchVoiceActivity({ fast }: BenchOptions = { fast: false }): Promise<readonly Figure[]> {
  const seconds = fast ? 5 : 40;
  const audio = whiteNoise(seconds, 1);
  const file = await voiceWeights();
  const readMs = await cpuMs(() => readWeights(file));
  const weights = readWeights(file);
  const listen = (): void => {
    const activity = new VoiceActivity(new Silero(weights));
    for (let at = 0; at < audio.length; at += PIECE) activity.accept(audio.subarray(at, at + PIECE), (at / SAMPLE_RATE) * 1000);
  };
  // Once before, so that what is measured is compiled.
  listen();
  const listening = (await cpuMs(listen)) / seconds;
  const onnx = (await cpuMs(await onnxRun(audio))) / seconds;
  const resampler = new Resampler(48_000);
  const microphone = whiteNoise(3 * seconds, 2);
  const resampling =
    (await cpuMs(() => {
      for (let at = 0; at < microphone.length; at += 3 * PIECE) resampler.resample([microphone.subarray(at, at + 3 * PIECE)]);
    })) / seconds;
  return [
    {
      name: "voice activity: CPU per second of audio, floor the same network in ONNX Runtime",
      value: listening,
      unit: "ms",
      floor: onnx,
      budget: 0.5,
      judged: "ratio",
    },
    { name: "of that, one frame of 32 ms", value: (listening * FRAME_MS) / 1000, unit: "ms" },
    { name: "voice activity: CPU to read the weights, once", value: readMs, unit: "ms", budget: 100 },
    { name: "from 48 to 16 kHz: CPU per second of audio", value: resampling, unit: "ms", budget: 20 },
  ];
}

async function onnxRun(audio: Float32Array): Promise<() => Promise<void>> {
  const session = await InferenceSession.create(SILERO_MODEL, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const sr = new Tensor("int64", BigInt64Array.of(16_000n));
  return async () => {
    let state: Tensor = new Tensor("float32", new Float32Array(256), [2, 1, 128]);
    const heard = new Float32Array(64 + FRAME);
    for (let at = 0; at + FRAME <= audio.length; at += FRAME) {
      heard.copyWithin(0, FRAME);
      heard.set(audio.subarray(at, at + FRAME), 64);
      const { stateN } = await session.run({ input: new Tensor("float32", heard, [1, 576]), state, sr });
      if (stateN !== undefined) state = stateN;
    }
  };
}

/** CPU time of this process, however busy the machine is. */
async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

if (import.meta.main) console.table(await benchVoiceActivity());
