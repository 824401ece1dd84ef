/** The law of `RealtimeSession` as one that hears. */
import { describe, expect, test } from "vitest";
import { SpeechError, type SpeechErrorKind } from "../../server/speech/ports/speech-error.ts";
import { listen, openStage, type RealtimeStage, sayTurn } from "../speech/realtime-stage.ts";
import { KEY } from "../speech/speech-ports.ts";
import { waitFor } from "../support/wait-for.ts";
import { FRAMES, type Listening, say, SPOKEN } from "./listening.ts";

const LONG_MS = 60_000;
const MINUTE_MS = 60_000;
const PING_MS = 20_000;

/** Moves the clock until the session says how it went. */
async function outcomeInTime({ clock }: RealtimeStage, { outcome }: Listening): Promise<unknown> {
  let settled = false;
  void outcome.then(() => (settled = true));
  await waitFor(() => {
    clock.forward(LONG_MS);
    return settled;
  });
  return outcome;
}

export function realtimeHearingLaw(): void {
  describe("a Realtime session, as one that hears", () => {
    test("each turn is heard once, whole, in one session with one key", async () => {
      const stage = await openStage();
      const heard: Buffer[] = [];
      stage.provider.understand = (pcm) => `turn ${heard.push(pcm)}`;
      const session = stage.open();
      const listening = listen(session);
      expect(await sayTurn(session, listening)).toBe("turn 1");
      say(session, FRAMES.slice(0, 6));
      session.endTurn();
      await waitFor(() => listening.finals().length === 2);
      await session.close();
      expect(await listening.outcome).toBe("ended");
      expect(listening.finals().map(({ turn, text }) => [turn, text])).toEqual([
        [0, "turn 1"],
        [1, "turn 2"],
      ]);
      // From 16 to 24 kHz: half as much again, but for what the resampler still waits for.
      for (const [index, length] of [SPOKEN.length, SPOKEN.length / 2].entries())
        expect(Math.abs((heard[index]?.length ?? 0) - length * 1.5)).toBeLessThanOrEqual(4);
      expect(stage.provider.keys).toEqual([KEY]);
    });

    test("what was understood so far comes while the customer speaks, and is of its turn", async () => {
      const stage = await openStage();
      stage.provider.understand = () => undefined;
      const session = stage.open();
      const listening = listen(session);
      say(session);
      await waitFor(() => stage.provider.sessions.length === 1);
      stage.at().understood("item_to_be", "Where is");
      await waitFor(() => listening.heard.length === 1);
      stage.at().understood("item_to_be", " my order");
      await waitFor(() => listening.heard.length === 2);
      expect(listening.heard.map(({ type, turn, text }) => [type, turn, text])).toEqual([
        ["partial", 0, "Where is"],
        ["partial", 0, "Where is my order"],
      ]);
    });

    test("a turn that follows before the one before was answered is not mixed with it", async () => {
      const stage = await openStage();
      const first = Promise.withResolvers<string>();
      const heard: Buffer[] = [];
      stage.provider.understand = (pcm) => (heard.push(pcm) === 1 ? first.promise : "second");
      const session = stage.open();
      const listening = listen(session);
      say(session);
      session.endTurn();
      say(session, FRAMES.slice(0, 6));
      session.endTurn();
      await waitFor(() => heard.length === 2);
      first.resolve("first");
      await waitFor(() => listening.finals().length === 2);
      expect(listening.finals().map(({ turn, text }) => [turn, text])).toEqual([
        [0, "first"],
        [1, "second"],
      ]);
    });

    test("a turn with nothing in it, or less than a word, is heard as nothing", async () => {
      const stage = await openStage();
      const session = stage.open();
      const listening = listen(session);
      session.endTurn();
      say(session, FRAMES.slice(0, 2));
      session.endTurn();
      await waitFor(() => listening.finals().length === 2);
      expect(listening.finals().map(({ text }) => text)).toEqual(["", ""]);
      expect(await sayTurn(session, listening)).not.toBe("");
      expect(stage.said("input_audio_buffer.commit")).toHaveLength(1);
      expect(stage.said("input_audio_buffer.clear")).toHaveLength(1);
      expect(stage.at().errors).toEqual([]);
    });

    test("it is not told what to expect, answers nothing by itself, and has none of the provider's tools", async () => {
      const stage = await openStage();
      const session = stage.open({ language: "de-AT" });
      await sayTurn(session, listen(session));
      const { said, session: settings } = stage.at();
      expect(settings).toMatchObject({
        type: "realtime",
        output_modalities: ["audio"],
        audio: { input: { turn_detection: null, transcription: { language: "de" } } },
      });
      const [update] = said.filter(({ type }) => type === "session.update");
      expect(JSON.stringify(update)).not.toMatch(/prompt|key_?(?:word|term)|vocabulary|phrase|hint|instructions|mcp/i);
      expect(said.map(({ type }) => type)).toEqual(["session.update", "input_audio_buffer.commit"]);
    });

    test("closing closes the connection, also where nobody answers, and nothing more is heard", async () => {
      const stage = await openStage();
      const session = stage.open();
      const listening = listen(session);
      await sayTurn(session, listening);
      stage.provider.pause();
      let isClosed = false;
      void session.close().then(() => (isClosed = true));
      await waitFor(() => {
        stage.clock.forward(500);
        return isClosed;
      });
      session.send(SPOKEN);
      session.endTurn();
      expect(await listening.outcome).toBe("ended");
      expect(stage.provider.sessions).toHaveLength(1);
    });

    test("an abort ends the connection at once, with its reason", async () => {
      const stage = await openStage();
      const session = stage.open();
      const listening = listen(session);
      await sayTurn(session, listening);
      stage.abort.abort(new Error("hung up"));
      expect(await listening.outcome).toMatchObject({ message: "hung up" });
      await waitFor(() => stage.provider.open === 0);
    });

    test("a provider that hangs is given up, and its connection is cut", async () => {
      const stage = await openStage();
      stage.provider.hangs = true;
      const listening = listen(stage.open());
      await waitFor(() => stage.provider.open === 1);
      expect(await outcomeInTime(stage, listening)).toMatchObject({ kind: "silent" });
      await waitFor(() => stage.provider.open === 0);
    });

    test("one that never says what was understood is given up", async () => {
      const stage = await openStage();
      stage.provider.understand = () => undefined;
      const session = stage.open();
      const listening = listen(session);
      say(session);
      session.endTurn();
      await waitFor(() => stage.said("input_audio_buffer.commit").length === 1);
      expect(await outcomeInTime(stage, listening)).toMatchObject({ kind: "silent" });
    });

    test("one that sends garbage broke off", async () => {
      const stage = await openStage();
      const session = stage.open();
      const listening = listen(session);
      await sayTurn(session, listening);
      stage.provider.raw('{"type": ');
      expect(await listening.outcome).toMatchObject({ kind: "broken" });
    });

    test.each<[number, string, SpeechErrorKind]>([
      [401, "invalid_api_key", "key-refused"],
      [402, "payment_required", "quota"],
      [429, "rate_limit_exceeded", "busy"],
      [400, "model_not_found", "misconfigured"],
    ])("%i is told as what it is, without the key", async (status, code, kind) => {
      const stage = await openStage();
      stage.provider.refusal = { status, code, message: `No to ${KEY}.` };
      const error = await listen(stage.open()).outcome;
      expect(error).toBeInstanceOf(SpeechError);
      expect(error).toMatchObject({ kind });
      expect(String(error)).toContain("No to [key]");
    });

    test("a provider that is not there cannot be reached", async () => {
      const stage = await openStage();
      await stage.provider.close();
      expect(await listen(stage.open()).outcome).toMatchObject({ kind: "unreachable" });
    });

    test("a voice that there is not is said to be wrong", async () => {
      const stage = await openStage();
      const error = await listen(stage.open({}, { voice: "nobody" })).outcome;
      expect(error).toMatchObject({ kind: "misconfigured" });
      expect(String(error)).toContain("Invalid value: 'nobody'");
    });

    test("a customer who is muted for minutes keeps the session, and a dead line is found", async () => {
      const stage = await openStage();
      const session = stage.open();
      const listening = listen(session);
      await sayTurn(session, listening);
      for (let elapsed = 0; elapsed < 3 * MINUTE_MS; elapsed += PING_MS) {
        stage.clock.forward(PING_MS);
        await stage.provider.settled();
      }
      expect(await sayTurn(session, listening)).not.toBe("");
      expect(stage.provider.sessions).toHaveLength(1);
      stage.provider.pause();
      // It does not answer the first, and the second finds that out.
      stage.clock.forward(PING_MS);
      stage.clock.forward(PING_MS);
      expect(await sayTurn(session, listening)).not.toBe("");
      expect(stage.provider.sessions).toHaveLength(2);
    });
  });
}
