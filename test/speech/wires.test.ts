/** What each engine is asked, and what it says, as its official package types it (named beside each wire). */
import { expect, test } from "vitest";
import { deepgramHearing } from "../../server/speech/wires/deepgram-hearing.ts";
import { deepgramSpeaking } from "../../server/speech/wires/deepgram-speaking.ts";
import { elevenLabsHearing } from "../../server/speech/wires/elevenlabs-hearing.ts";
import { elevenLabsSpeaking } from "../../server/speech/wires/elevenlabs-speaking.ts";
import { googleHearing } from "../../server/speech/wires/google-hearing.ts";
import { googleSpeaking } from "../../server/speech/wires/google-speaking.ts";
import { openAiHearing } from "../../server/speech/wires/openai-hearing.ts";
import { openAiSpeaking } from "../../server/speech/wires/openai-speaking.ts";
import type { SpeakingWire } from "../../server/speech/wires/engine-wire.ts";

const at = (baseUrl: string, model: string) => ({ who: "It", baseUrl: new URL(baseUrl), apiKey: "k", model });
const asked = (wire: SpeakingWire, language?: string) => {
  const { url, body } = wire.request("Hello.", language);
  return { url: url.href, body: JSON.parse(String(body)) as unknown };
};

test("OpenAI's format is asked for PCM, and for no stream format", () => {
  const voice = { ...at("https://api.openai.com/v1", "m"), voice: "marin", speed: 1.2, sampleRate: 24_000 };
  expect(asked(openAiSpeaking(voice), "de")).toEqual({
    url: "https://api.openai.com/v1/audio/speech",
    body: { model: "m", voice: "marin", input: "Hello.", response_format: "pcm", speed: 1.2 },
  });
  expect(asked(openAiSpeaking({ ...voice, speed: undefined })).body).not.toHaveProperty("speed");
});

test("Deepgram's family of voices is called with the voice and the language", () => {
  const voice = { ...at("https://api.deepgram.com/v1", "aura-2"), voice: "thalia", speed: undefined, sampleRate: 24_000 };
  const query = "encoding=linear16&container=none&sample_rate=24000";
  expect(asked(deepgramSpeaking(voice))).toEqual({
    url: `https://api.deepgram.com/v1/speak?model=aura-2-thalia-en&${query}`,
    body: { text: "Hello." },
  });
  expect(asked(deepgramSpeaking(voice), "es-MX").url).toContain("model=aura-2-thalia-es");
  expect(asked(deepgramSpeaking({ ...voice, model: "aura-2-celeste-es", speed: 0.9 })).url).toContain("model=aura-2-celeste-es&encoding");
});

test("ElevenLabs is told the language where its model takes one", () => {
  const voice = { ...at("https://api.elevenlabs.io/v1", "eleven_flash_v2_5"), voice: "a/b", speed: 1.1, sampleRate: 16_000 };
  expect(asked(elevenLabsSpeaking(voice), "de-AT")).toEqual({
    url: "https://api.elevenlabs.io/v1/text-to-speech/a%2Fb/stream?output_format=pcm_16000",
    body: { text: "Hello.", model_id: "eleven_flash_v2_5", language_code: "de", voice_settings: { speed: 1.1 } },
  });
  expect(asked(elevenLabsSpeaking({ ...voice, model: "eleven_multilingual_v2" }), "de").body).not.toHaveProperty("language_code");
});

test("Google's older models are not asked for a format", () => {
  const voice = { ...at("https://generativelanguage.googleapis.com/v1beta", "gemini-3.8-flash-tts"), voice: "Kore" };
  expect(asked(googleSpeaking(voice), "de-DE")).toEqual({
    url: "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash-tts:generateContent",
    body: {
      contents: [{ role: "user", parts: [{ text: "Hello." }] }],
      generationConfig: {
        responseModalities: ["AUDIO"],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: "Kore" } }, languageCode: "de-DE" },
        responseFormat: { audio: { mimeType: "AUDIO_L16" } },
      },
    },
  });
  expect(asked(googleSpeaking({ ...voice, model: "gemini-2.5-flash-preview-tts" })).body).not.toHaveProperty(
    "generationConfig.responseFormat",
  );
});

test("OpenAI's format is given a WAV, and read as one answer or as events", () => {
  const wire = openAiHearing({ ...at("http://127.0.0.1:8000/v1", "whisper"), asStream: true });
  const { url, headers, body } = wire.request(new Uint8Array(4), "pt-BR");
  expect(url.href).toBe("http://127.0.0.1:8000/v1/audio/transcriptions");
  const text = Buffer.from(body).toString("latin1");
  expect(text.startsWith(`--${String(headers["content-type"]).split("boundary=")[1]}\r\n`)).toBe(true);
  for (const part of [
    'name="model"\r\n\r\nwhisper',
    'name="response_format"\r\n\r\njson',
    'name="stream"\r\n\r\ntrue',
    'name="language"\r\n\r\npt',
  ])
    expect(text).toContain(`Content-Disposition: form-data; ${part}\r\n`);
  expect(text).toContain("RIFF\u0028\0\0\0WAVEfmt ");

  const whole = wire.reader();
  whole.push(Buffer.from('\n {"text": "olá", "logprobs": [{"token":"a","logprob":-0.1},{"logprob":-0.3}]}'));
  expect(whole.end()).toEqual({ text: "olá", confidence: Math.exp(-0.2) });
  const events = wire.reader();
  const said = 'data: {"type":"transcript.text.delta","delta":"Where"}\n\ndata: {"type":"transcript.text.delta","delta":" is it"}\n\n';
  expect(events.push(Buffer.from(said)).map((one) => one.text)).toEqual(["Where", "Where is it"]);
  expect(events.end()).toBeUndefined();
  events.push(Buffer.from('data: {"type":"transcript.text.done","text":"Where is it?"}\n\n'));
  expect(events.end()).toEqual({ text: "Where is it?" });
  expect(() => wire.reader().push(Buffer.from('data: {"type":"error","error":{"message":"no"}}\n\n'))).toThrow("no");
});

test("Deepgram's pieces of a turn are put together, and a turn before is not in it", () => {
  const wire = deepgramHearing(at("https://api.deepgram.com/v1", "nova-3"));
  expect(wire.url("de").href).toBe(
    "https://api.deepgram.com/v1/listen?model=nova-3&encoding=linear16&sample_rate=16000&channels=1&interim_results=true&punctuate=true&endpointing=false&language=de",
  );
  expect(wire.url(undefined).searchParams.get("language")).toBe("multi");
  const reader = wire.reader();
  const results = (transcript: string, confidence: number, more: object = {}) =>
    reader.read(
      JSON.stringify({ type: "Results", start: 2, duration: 1, channel: { alternatives: [{ transcript, confidence }] }, ...more }),
      { sentMs: 2_000 },
    );
  expect(results("where", 0.5)).toEqual({ type: "words", words: { text: "where", confidence: 0.5 }, isWhole: false });
  expect(results("where is", 1, { is_final: true })).toMatchObject({ words: { text: "where is" } });
  expect(results("it", 0, { is_final: true, from_finalize: true })).toEqual({
    type: "words",
    words: { text: "where is it", confidence: 0.8 },
    isWhole: true,
  });
  expect(results("old", 1, { start: 1, duration: 1, is_final: true })).toEqual({ type: "nothing" });
  expect(reader.read('{"type":"UtteranceEnd","channel":[0,1],"last_word_end":2.1}', { sentMs: 0 })).toEqual({ type: "nothing" });
  expect(reader.read('{"type":"Error","err_code":"NET-0001","err_msg":"no audio"}', { sentMs: 0 })).toMatchObject({
    type: "failure",
    failure: { message: "no audio" },
  });
});

test("ElevenLabs says nothing was heard, or that its time is over, and neither is a failure", () => {
  const wire = elevenLabsHearing(at("https://api.elevenlabs.io/v1", "scribe_v2_realtime"));
  expect(wire.url("de-AT").href).toBe(
    "https://api.elevenlabs.io/v1/speech-to-text/realtime?model_id=scribe_v2_realtime&audio_format=pcm_16000&commit_strategy=manual&language_code=de",
  );
  expect(JSON.parse(String(wire.audio(Uint8Array.of(1, 2))))).toEqual({
    message_type: "input_audio_chunk",
    audio_base_64: "AQI=",
    commit: false,
    sample_rate: 16_000,
  });
  const reader = wire.reader();
  const read = (message: object) => reader.read(JSON.stringify(message), { sentMs: 0 });
  read({ message_type: "partial_transcript", text: "hm" });
  expect(read({ message_type: "insufficient_audio_activity", error: "quiet" })).toEqual({
    type: "words",
    words: { text: "hm" },
    isWhole: true,
  });
  expect(read({ message_type: "session_time_limit_exceeded", error: "over" })).toEqual({ type: "leaving" });
  expect(read({ message_type: "quota_exceeded", error: "empty" })).toMatchObject({
    type: "failure",
    failure: { codes: ["quota_exceeded"] },
  });
  expect(read({ message_type: "something_new" })).toEqual({ type: "nothing" });
});

test("Google's segments, pieces and guesses are put together", () => {
  const wire = googleHearing(at("https://generativelanguage.googleapis.com/v1beta", "gemini-3.5-transcribe-live"));
  expect(wire.url(undefined).href).toBe(
    "https://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=k",
  );
  expect(JSON.parse(wire.opening("de-DE")[0] ?? "")).toEqual({
    setup: { model: "models/gemini-3.5-transcribe-live", inputAudioTranscription: { languageCodes: ["de-DE"] } },
  });
  const reader = wire.reader();
  const read = (serverContent: object) => reader.read(JSON.stringify({ serverContent }), { sentMs: 0 });
  expect(read({ interimInputTranscription: { text: "wo" } })).toMatchObject({ words: { text: "wo" } });
  expect(read({ inputTranscription: { text: "Wo ist" } })).toMatchObject({ words: { text: "Wo ist" } });
  expect(read({ inputTranscription: { text: " es?", finished: true } })).toMatchObject({ words: { text: "Wo ist es?" }, isWhole: false });
  expect(read({ interimInputTranscription: { text: "danke" } })).toMatchObject({ words: { text: "Wo ist es? danke" } });
  expect(read({ turnComplete: true })).toEqual({ type: "words", words: { text: "Wo ist es? danke" }, isWhole: true });
  expect(reader.read('{"goAway":{"timeLeft":"10s"}}', { sentMs: 0 })).toEqual({ type: "leaving" });
});
