import { expect, test } from "vitest";
import { openGuardedSockets } from "../../server/guard/network/guarded-fetch.ts";
import { allOf } from "../contract/speaking.ts";
import { listen } from "../contract/listening.ts";
import { HEARING_FORMATS, startHearingServer } from "./fake-hearing.ts";
import { openSpeech } from "./speech-ports.ts";

const { signal } = new AbortController();

test.each(HEARING_FORMATS)("$name is not listened with at an address that the guard refuses", async (format) => {
  const server = await startHearingServer(format);
  for (const host of ["127.0.0.1", "localhost"]) {
    const { speech } = openSpeech({ sockets: () => openGuardedSockets({ allowPrivate: [] }) });
    const url = server.url.replace("127.0.0.1", host);
    const session = speech.hearing(format.settings(url)).open({ signal });
    const listening = listen(session);
    session.send(new Uint8Array(6_400));
    session.endTurn();
    expect(await listening.outcome).toMatchObject({ kind: "misconfigured", message: expect.stringContaining("network.allowPrivate") });
    await speech.close();
  }
  expect(server.connections.opened).toBe(0);
  await server.close();
});

test("a metadata service is no engine, and neither is a host in the private network", async () => {
  const { speech } = openSpeech({ sockets: () => openGuardedSockets({ allowPrivate: [] }) });
  const speaking = speech.speaking({ provider: "openai-compatible", model: "m", voice: "v", baseUrl: "http://169.254.169.254/v1" });
  await expect(allOf(speaking.speak("Hello.", { signal }))).rejects.toMatchObject({ kind: "misconfigured" });
  await speech.close();
});

test("settings of which no engine can be made are said, and left out of an assistant's", async () => {
  const { speech, logged } = openSpeech();
  for (const engine of [
    { provider: "deepgram" },
    { provider: "openai-compatible", model: "m" },
    { provider: "google", apiKey: "kéy" },
    { provider: "deepgram", apiKey: "k", baseUrl: "https://user:password@speech.example/v1" },
  ] as const)
    expect(() => speech.hearing(engine)).toThrow(expect.objectContaining({ kind: "misconfigured" }));
  const { hearing } = speech.of({ enabled: true, hearing: [{ provider: "deepgram" }, { provider: "google", apiKey: "k" }], speaking: [] });
  expect(hearing.name).toBe("Google Gemini");
  expect(logged).toHaveLength(1);
});
