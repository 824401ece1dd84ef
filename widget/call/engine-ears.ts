import { FLAG_LAST, FLAG_LOOKBACK, FRAME_PCM16 } from "../../protocol/voice-frame.ts";
import { Silero } from "../../voice/activity/silero.ts";
import { readWeights, type SileroWeights } from "../../voice/activity/silero-layout.ts";
import { CustomerEar, type EarEvent } from "../../voice/capture/customer-ear.ts";
import { openMicrophone, type Microphone, type MicrophoneState } from "../../voice/capture/microphone.ts";
import { AudioFault } from "../../voice/context/audio-fault.ts";
import { weightsUrl, workletUrl } from "./call-assets.ts";
import { CallFault, type Ears, type EarsNews } from "./call-ports.ts";
import type { CallChoices } from "./call-state.ts";

/** Shared by all calls of the page. */
let weights: Promise<SileroWeights> | undefined;

function loadWeights(): Promise<SileroWeights> {
  weights ??= fetch(weightsUrl())
    .then((response) => {
      if (!response.ok) throw new Error(`The weights of voice activity did not come: ${response.status}.`);
      return response.arrayBuffer();
    })
    .then((bytes) => readWeights(new Uint8Array(bytes)));
  weights.catch(() => (weights = undefined));
  return weights;
}

/**
 * Opens the microphone, whose audio our engines hear. Rejects with `CallFault`.
 *
 * @param signal ends every track at once, also while it opens
 * @param isEchoLikely the assistant's voice is one that the browser does not take out of the microphone
 */
export async function openEngineEars(choices: CallChoices, news: EarsNews, signal: AbortSignal, isEchoLikely: boolean): Promise<Ears> {
  const ear = new CustomerEar((event) => tell(event, news));
  const loaded = loadWeights();
  let microphone: Microphone;
  try {
    microphone = await openMicrophone({
      workletUrl: workletUrl(),
      deviceId: choices.microphoneId,
      signal,
      onFrames: (samples, capturedMs) => ear.hear(samples, capturedMs),
      onState: (state) => noteState(state, news),
      onEnd: (reason) => news.ended(reason),
    });
  } catch (error) {
    throw faultOf(error);
  }
  ear.echoIsLikely = isEchoLikely || !microphone.cancelsEcho;
  loaded.then(
    (known) => {
      if (signal.aborted) return;
      ear.model = new Silero(known);
      news.activity("ready");
    },
    () => news.activity("never"),
  );
  return {
    get level() {
      return microphone.level;
    },
    mute(isMuted) {
      microphone.muted = isMuted;
      ear.muted = isMuted;
    },
    pushToTalk(isOn) {
      ear.handsFree = !isOn;
    },
    talk: (isHeld) => (isHeld ? ear.press() : ear.release()),
    assistantSpeaks: (isAudible) => (isAudible ? ear.assistantSpeaks() : ear.assistantIsSilent()),
    assistantSays: () => undefined,
    hearFrom: (microphoneId) =>
      void microphone.setDevice(microphoneId).then(
        () => (ear.echoIsLikely = isEchoLikely || !microphone.cancelsEcho),
        // The one before is kept.
        () => undefined,
      ),
    close: () => microphone.stop(),
  };
}

/** What the audio says went wrong. */
export function faultOf(error: unknown): CallFault {
  return new CallFault(error instanceof AudioFault ? error.reason : "unsupported", error);
}

/** What a context, or a microphone, says of itself at this moment. */
export function noteState(state: MicrophoneState, { note }: Pick<EarsNews, "note">): void {
  note("silent", state === "silent");
  note("interrupted", state === "interrupted");
  note("no-sound", state === "suspended");
}

function tell(event: EarEvent, news: EarsNews): void {
  switch (event.type) {
    case "audio": {
      const flags = (event.isLast ? FLAG_LAST : 0) | (event.isLookback ? FLAG_LOOKBACK : 0);
      return news.frame({ type: FRAME_PCM16, flags, timeMs: event.capturedMs, audio: event.pcm });
    }
    case "speech":
    case "talk":
      return news.say(event);
    case "lower":
    case "raise":
      return news.doubt(event.type === "lower");
    case "stop":
      return news.interrupt(event.by);
  }
}
