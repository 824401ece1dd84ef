/** All that a call loads of voice activity, beside the weights. */
export { Lookback } from "../../../voice/activity/lookback.ts";
export { fromPcm16, toPcm16 } from "../../../voice/activity/pcm16.ts";
export { Resampler } from "../../../voice/activity/resampler.ts";
export { Silero } from "../../../voice/activity/silero.ts";
export { readWeights } from "../../../voice/activity/silero-layout.ts";
export { TurnEnd } from "../../../voice/activity/turn-end.ts";
export { VoiceActivity } from "../../../voice/activity/voice-activity.ts";
