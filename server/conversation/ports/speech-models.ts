import type { SpeechProvider } from "./voice.ts";

/** What an engine takes without a `model`. Absent: there is none that every server has, or none that stays. */
export const HEARING_MODELS: { readonly [provider in SpeechProvider]?: string } = {
  openai: "gpt-transcribe",
  deepgram: "nova-3",
  elevenlabs: "scribe_v2_realtime",
  google: "gemini-3.5-transcribe-live",
};

/** OpenAI has announced an end for each of its models for this. */
export const SPEAKING_MODELS: { readonly [provider in SpeechProvider]?: string } = {
  deepgram: "aura-2",
  elevenlabs: "eleven_flash_v2_5",
  google: "gemini-3.8-flash-tts",
};

/** Absent: it has to be named. */
export const VOICES: { readonly [provider in SpeechProvider]?: string } = { openai: "marin", deepgram: "thalia", google: "Kore" };

/** OpenAI recommends this voice, and cedar, for it. */
export const REALTIME = { model: "gpt-realtime-2.1", voice: "marin" } as const;

/** Models whose end is announced, with its day (openai@7.59.0). */
export const ENDING_MODELS: Readonly<Record<string, string>> = {
  "whisper-1": "2027-02-26",
  "gpt-4o-transcribe": "2027-02-26",
  "gpt-4o-mini-transcribe": "2027-02-26",
  "gpt-4o-transcribe-diarize": "2027-02-26",
  "tts-1": "2027-01-06",
  "tts-1-hd": "2027-01-06",
  "gpt-4o-mini-tts": "2027-01-06",
  "gpt-realtime": "2027-01-20",
  "gpt-realtime-2025-08-28": "2027-01-20",
  "gpt-realtime-mini": "2027-01-20",
  "gpt-realtime-mini-2025-12-15": "2027-01-20",
};
