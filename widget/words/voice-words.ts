import { englishVoice } from "./english/voice.ts";
import { LateWords } from "./late-words.ts";
import type { VoiceWords } from "./types/voice-words.ts";

export const voiceWords = new LateWords<VoiceWords>(englishVoice, (late) => late.voice());
