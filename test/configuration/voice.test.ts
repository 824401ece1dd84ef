import { expect, test } from "vitest";
import { voiceFields } from "../../server/configuration/voice-schema.ts";
import { lackingOf, voiceOfferOf } from "../../server/conversation/ports/voice.ts";
import { MEASURED_TURN } from "../../voice/activity/turn-settings.ts";
import { ConfigurationError, parseConfiguration } from "../../server/configuration/read-configuration.ts";

const KEY = "dg-0123456789abcdef";

function read(voice: unknown, environment: Record<string, string> = {}) {
  const shop = {
    name: "Shop",
    prompt: "",
    model: { provider: "openai", model: "m", apiKey: "${MODEL_KEY}" },
    allowedOrigins: ["https://shop.example"],
    ...(voice === undefined ? {} : { voice }),
  };
  return parseConfiguration(JSON.stringify({ assistants: { shop } }), { MODEL_KEY: "sk-model-0123456789", ...environment });
}

function faultsOf(voice: unknown): readonly string[] {
  try {
    read(voice);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
}

test("an assistant without a voice has none, and one with engines is off until it says so", () => {
  expect(read(undefined).assistants[0]?.voice).toBeUndefined();
  expect(read({}).assistants[0]?.voice).toEqual({ enabled: false, hearing: [], speaking: [] });
  const { assistants, secrets, warnings } = read(
    {
      hearing: [{ provider: "deepgram", apiKey: "${DG}" }],
      speaking: [
        {
          provider: "openai-compatible",
          model: "k",
          voice: "v",
          baseUrl: "https://speech.example/v1?token=t-9876543210",
          speed: 1.2,
          sampleRate: 24_000,
        },
      ],
    },
    { DG: KEY },
  );
  expect(assistants[0]?.voice?.hearing).toEqual([{ provider: "deepgram", apiKey: KEY }]);
  expect(secrets).toEqual(expect.arrayContaining([KEY, "t-9876543210"]));
  expect(warnings).toEqual([]);
});

test("what an engine lacks is said at its place", () => {
  expect(
    faultsOf({
      hearing: [{ provider: "deepgram" }],
      speaking: [
        { provider: "elevenlabs", apiKey: KEY },
        { provider: "openai", apiKey: KEY },
      ],
    }),
  ).toEqual([
    'assistants.shop.voice.hearing[0].apiKey: found nothing, expected the API key for deepgram, such as "${API_KEY}" with API_KEY set in the environment',
    "assistants.shop.voice.speaking[0].voice: found nothing, expected the name or id of a voice of elevenlabs",
    "assistants.shop.voice.speaking[1].model: found nothing, expected the name of a model of openai",
  ]);
  expect(faultsOf({ hearing: [{ provider: "openai-compatible" }] })).toEqual([
    "assistants.shop.voice.hearing[0].baseUrl: found nothing, expected the URL of the openai-compatible server",
    "assistants.shop.voice.hearing[0].model: found nothing, expected the name of a model of openai-compatible",
  ]);
  const wrong = {
    hearing: [{ provider: "whisper" }, { provider: "google", apiKey: KEY, language: "german", keywords: ["yes"] }],
    speaking: [{ provider: "google", apiKey: KEY, speed: 7, sampleRate: 11_025 }],
  };
  expect(faultsOf(wrong).join("\n")).toMatch(
    /hearing\[0\]\.provider.*\n.*hearing\[1\]\.language.*\n.*hearing\[1\]\.keywords: found an unknown key/,
  );
  expect(faultsOf(wrong).join("\n")).toMatch(/speaking\[0\]\.speed.*\n.*speaking\[0\]\.sampleRate/);
  expect(faultsOf(wrong).join("\n")).not.toContain(KEY);
});

test("a key in the file, a private address, and a model that ends are warned of", () => {
  const { warnings } = read({
    hearing: [{ provider: "openai", model: "whisper-1", apiKey: KEY }],
    speaking: [{ provider: "openai-compatible", model: "kokoro", voice: "v", baseUrl: "http://127.0.0.1:8880/v1" }],
  });
  expect(warnings).toEqual([
    'assistants.shop.voice.hearing[0].apiKey is a secret in the file itself. Write "${NAME}" there and set NAME in the environment.',
    "assistants.shop.voice.hearing[0].model is whisper-1, which its provider ends on 2027-02-26. Take another one.",
    "assistants.shop.voice.speaking[0].baseUrl is not reached: 127.0.0.1 is in a private network. Add it to network.allowPrivate if it should be reached.",
  ]);
});

test("how calls go is kept as it is written, and nothing else is", () => {
  const written = {
    enabled: true,
    greeting: "Hello.",
    fillers: ["One moment."],
    style: "plain",
    recording: { enabled: true },
    longestMs: 60_000,
    idleMs: 30_000,
    concurrentCalls: 2,
    turns: { endMs: 800 },
  };
  expect(read(written).assistants[0]?.voice).toEqual({ ...written, hearing: [], speaking: [] });
});

test("the browser's own is alone in its list, and needs nothing", () => {
  expect(read({ hearing: [{ provider: "browser" }], speaking: [{ provider: "browser" }] }).assistants[0]?.voice).toMatchObject({
    hearing: [{ provider: "browser" }],
  });
  expect(faultsOf({ speaking: [{ provider: "browser" }, { provider: "deepgram", apiKey: "k" }] })).toEqual([
    expect.stringContaining("assistants.shop.voice.speaking[0]: found browser beside another, expected it alone"),
  ]);
});

test("customers are offered a call where something hears and speaks, and know before it whether it is recorded", () => {
  const browser = { hearing: [{ provider: "browser" }], speaking: [{ provider: "browser", language: "de" }] };
  const offer = (voice: object) => voiceOfferOf(read(voice).assistants[0]?.voice);
  expect(offer(browser)).toBeUndefined();
  expect(offer({ ...browser, enabled: true, hearing: [] })).toBeUndefined();
  expect(offer({ ...browser, enabled: true })).toEqual({ hearing: "browser", speaking: "browser", language: "de" });
  const recorded = { ...browser, enabled: true, recording: { enabled: true } };
  const deepgram = [{ provider: "deepgram", apiKey: KEY }];
  expect(offer({ ...recorded, hearing: deepgram })).toMatchObject({ recorded: true });
  expect(offer({ ...recorded, speaking: deepgram })).toMatchObject({ recorded: true });
  // What the browser hears and says never comes to the server, so nothing of it is recorded.
  expect(offer(recorded)).toEqual({ hearing: "browser", speaking: "browser", language: "de" });
});

test("of a call that cannot be, it is said what it lacks", () => {
  const browser = [{ provider: "browser" }];
  const lacking = (voice: object) => lackingOf(read({ enabled: true, ...voice }).assistants[0]?.voice);
  expect(lacking({ hearing: browser, speaking: browser })).toBeUndefined();
  expect(lacking({ hearing: browser })).toBe("speaking");
  expect(lacking({ speaking: browser })).toBe("hearing");
  expect(lacking({})).toBe("both");
  expect(lacking({ enabled: false })).toBeUndefined();
  expect(lacking({ realtime: { provider: "openai", apiKey: KEY } })).toBeUndefined();
  expect(lackingOf(undefined)).toBeUndefined();
});

test("what the schema says of the times of turns is what was measured", () => {
  const { endMs, confirmedMs, holdingMs, earlyMs } = voiceFields.turns.unwrap().shape;
  for (const [schema, measured] of [
    [endMs, MEASURED_TURN.endMs],
    [confirmedMs, MEASURED_TURN.confirmedMs],
    [holdingMs, MEASURED_TURN.holdingMs],
    [earlyMs, MEASURED_TURN.earlyMs],
  ] as const)
    expect(schema.description).toContain(`By default ${measured}.`);
});

test("a model that hears and speaks itself needs a key alone, and says what is missing beside it", () => {
  const { assistants, warnings, secrets } = read({ realtime: { provider: "openai", apiKey: "${DG}", speed: 1.2 } }, { DG: KEY });
  expect(assistants[0]?.voice?.realtime).toEqual({ provider: "openai", apiKey: KEY, speed: 1.2 });
  expect(secrets).toContain(KEY);
  expect(warnings).toEqual([
    "assistants.shop.voice.realtime has no engine beside it in voice.speaking: nothing is said while a tool runs, and approvals are asked for in the chat alone.",
  ]);
  expect(faultsOf({ realtime: { provider: "openai" } })).toEqual([
    'assistants.shop.voice.realtime.apiKey: found nothing, expected the API key for openai, such as "${API_KEY}" with API_KEY set in the environment',
  ]);
  const wrong = { provider: "deepgram", apiKey: KEY, speed: 3, instructions: "Expect yes." };
  expect(faultsOf({ realtime: wrong }).join("\n")).toMatch(
    /realtime\.provider.*\n.*realtime\.speed.*\n.*realtime\.instructions: found an unknown key/,
  );
  const old = read({
    realtime: { provider: "openai", model: "gpt-realtime", baseUrl: "http://127.0.0.1:1/v1", apiKey: KEY },
    speaking: [{ provider: "deepgram", apiKey: KEY }],
  });
  expect(old.warnings.join("\n")).toMatch(
    /realtime\.apiKey is a secret in the file.*\n.*\n.*realtime\.model is gpt-realtime, which its provider ends on 2027-01-20/,
  );
  expect(old.warnings.join("\n")).toMatch(/realtime\.baseUrl is not reached/);
});
