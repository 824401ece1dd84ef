import { openVoiceLine } from "../live/voice/voice-gateway.ts";
import type { Base } from "./open-base.ts";
import type { Web } from "./open-line.ts";
import type { Setup } from "./open-setup.ts";
import type { Voice } from "./open-voice.ts";
import type { StaffApi } from "./staff-api.ts";

/** Lets customers and devices call. */
export function serveVoice(parts: Base & Setup & Web & Voice & { readonly api: StaffApi }): void {
  const { upgrades, setup, address, settings, voiceCalls: calls, api, clock, log } = parts;
  const origins = (): string[] => [...setup.live.origins(), ...address.origins()];
  const { authenticate } = api;
  openVoiceLine({ upgrades, origins, calls, authenticate, trustedProxies: settings.trustedProxies, clock, log });
}
