import { html, nothing, type TemplateResult } from "lit";
import type { CallChoices, CallState, Device } from "../../call/call-state.ts";
import { modeOf } from "../../call/call-state.ts";
import type { VoiceWords } from "../../words/types/voice-words.ts";

/** How a call is set: how the customer speaks, by which devices, how loud the assistant is. */
export function callMenu(state: CallState, words: VoiceWords, choose: (change: Partial<CallChoices>) => void): TemplateResult {
  const { choices, activity, microphones, loudspeakers } = state;
  const mode = modeOf(state);
  const value = (event: Event): string => (event.target as HTMLInputElement).value;
  return html`<div class="call-menu" id="call-menu" part="call-menu">
    <fieldset>
      <legend>${words.mode}</legend>
      <label
        ><input
          type="radio"
          name="mode"
          .checked=${mode === "hands-free"}
          ?disabled=${activity === "never"}
          @change=${() => choose({ mode: "hands-free" })}
        />${words.handsFree}</label
      >
      <label
        ><input
          type="radio"
          name="mode"
          .checked=${mode === "push-to-talk"}
          @change=${() => choose({ mode: "push-to-talk" })}
        />${words.pushToTalk}</label
      >
    </fieldset>
    ${deviceChoice(words, { label: words.microphone, devices: microphones, chosen: choices.microphoneId }, (microphoneId) => choose({ microphoneId }))}
    ${deviceChoice(words, { label: words.loudspeaker, devices: loudspeakers, chosen: choices.loudspeakerId }, (loudspeakerId) => choose({ loudspeakerId }))}
    <label class="field"
      >${words.volume}<input
        type="range"
        min="0"
        max="1"
        step="0.05"
        .value=${String(choices.volume)}
        @input=${(event: Event) => choose({ volume: Number(value(event)) })}
    /></label>
  </div>`;
}

/** Where there is nothing to choose from, nothing is shown. */
function deviceChoice(
  words: VoiceWords,
  { label, devices, chosen }: { readonly label: string; readonly devices: readonly Device[]; readonly chosen: string },
  choose: (id: string) => void,
): TemplateResult | typeof nothing {
  if (devices.length === 0) return nothing;
  const isThere = devices.some(({ id }) => id === chosen);
  return html`<label class="field"
    >${label}<select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      <option value="" ?selected=${!isThere}>${words.systemDevice}</option>
      ${devices.map((device, index) => html`<option value=${device.id} ?selected=${device.id === chosen}>${device.label || words.device(index + 1)}</option>`)}
    </select></label
  >`;
}
