import { lackingOf, type VoiceSettings } from "../../conversation/ports/voice.ts";
import type { Finding } from "./finding.ts";

const LACKS = {
  hearing: "Nothing hears what customers say. Add an engine that hears, or do not let customers call.",
  speaking: "Nothing says answers aloud. Add an engine that speaks, or do not let customers call.",
  both: "Nothing hears and nothing speaks. Add an engine for each, or do not let customers call.",
} as const;

/** Whether calls are allowed that cannot be made: the chat shows no button for them. */
export function voiceFindings(assistant: string, voice: VoiceSettings | undefined): Finding[] {
  const lacking = lackingOf(voice);
  if (lacking === undefined) return [];
  return [
    {
      code: "no-calls",
      severity: "broken",
      title: "Customers may call, and cannot",
      detail: LACKS[lacking],
      link: { kind: "voice", assistant },
      about: { reason: lacking },
    },
  ];
}
