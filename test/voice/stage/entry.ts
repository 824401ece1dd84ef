/** All that a call loads of voice beside the weights and the worklet, for pages of tests. */
export { CustomerEar } from "../../../voice/capture/customer-ear.ts";
export { openMicrophone } from "../../../voice/capture/microphone.ts";
export { AudioFault } from "../../../voice/context/audio-fault.ts";
export { listDevices } from "../../../voice/context/devices.ts";
export { openSpeaker } from "../../../voice/playback/speaker.ts";
export { readWeights } from "../../../voice/activity/silero-layout.ts";
export { Silero } from "../../../voice/activity/silero.ts";
export { fromPcm16, toPcm16 } from "../../../voice/activity/pcm16.ts";
