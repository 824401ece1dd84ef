import { voiceWeights } from "../../../scripts/voice-weights.ts";
import { Silero } from "../../../voice/activity/silero.ts";
import { readWeights } from "../../../voice/activity/silero-layout.ts";
import { TurnEnd, type TurnEvent } from "../../../voice/activity/turn-end.ts";
import { VoiceActivity, type VoiceEvent } from "../../../voice/activity/voice-activity.ts";
import type { VoiceSettings } from "../../../voice/activity/voice-settings.ts";

/** As a page's audio worklet and the wire have it: 20 ms. */
const PIECE = 320;

const weights = readWeights(await voiceWeights());

/** What is heard in a sound from its beginning, and which turns there are if nobody says what was understood. */
export function listen(
  samples: Float32Array,
  { settings, assistantSpeaks = false }: { readonly settings?: Partial<VoiceSettings>; readonly assistantSpeaks?: boolean } = {},
): { readonly events: readonly VoiceEvent[]; readonly turns: readonly TurnEvent[] } {
  const activity = new VoiceActivity(new Silero(weights), settings);
  const turn = new TurnEnd();
  const events: VoiceEvent[] = [];
  const turns: TurnEvent[] = [];
  if (assistantSpeaks) activity.assistantSpeaks(0);
  for (let at = 0; at < samples.length; at += PIECE) {
    const heard = activity.accept(samples.subarray(at, at + PIECE), at / 16);
    events.push(...heard);
    turns.push(...heard.flatMap((event) => turn.accept(event)), ...turn.passTo((at + PIECE) / 16));
  }
  return { events, turns };
}
