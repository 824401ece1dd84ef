/** The law of `Speaking`, which every maker keeps. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SpeechError, type SpeechErrorKind } from "../../server/speech/ports/speech-error.ts";
import type { Speaking, SpokenAudio } from "../../server/speech/ports/speaking.ts";
import { type SpeakingFormat, type SpeakingServer, startSpeakingServer } from "../speech/fake-speaking.ts";
import { countedPcm, KEY, openSpeech } from "../speech/speech-ports.ts";
import { waitFor } from "../support/wait-for.ts";

const PCM = countedPcm(4_000);
const SILENT_MS = 15_000;

export async function allOf(audio: AsyncIterable<SpokenAudio>): Promise<{ pcm: Buffer; rates: Set<number>; sizes: number[] }> {
  const pieces: SpokenAudio[] = [];
  for await (const one of audio) pieces.push(one);
  return {
    pcm: Buffer.concat(pieces.map(({ pcm }) => pcm)),
    rates: new Set(pieces.map((one) => one.sampleRate)),
    sizes: pieces.map(({ pcm }) => pcm.length),
  };
}

export function speakingLaw(format: SpeakingFormat): void {
  describe(`speaking by ${format.name}`, () => {
    let server: SpeakingServer;
    let speaking: Speaking;
    let opened: ReturnType<typeof openSpeech>;
    const speak = (text = "Your order is on its way.", signal = new AbortController().signal) => speaking.speak(text, { signal });
    const refused = async (): Promise<SpeechError> => {
      const error: unknown = await allOf(speak()).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(SpeechError);
      expect(String(error)).not.toContain(KEY);
      return error as SpeechError;
    };
    const answerWith = (status: number, code: string, message: string): void => {
      server.answer = ({ response }) => {
        response.writeHead(status, { "content-type": "application/json" }).end(format.refusal(status, code, message));
      };
    };

    beforeEach(async () => {
      server = await startSpeakingServer();
      opened = openSpeech();
      speaking = opened.speech.speaking(format.settings(server.url));
    });
    afterEach(async () => {
      await opened.speech.close();
      await server.close();
    });

    test("the text is sent once with the key, and the audio comes as it was made, in whole samples", async () => {
      server.answer = ({ response }) => {
        format.head(response);
        const body = format.body(PCM);
        // Cut where no sample ends.
        const cuts = [1, 2, 5, 11, 12, 500, 501, body.length];
        for (const [index, end] of cuts.entries()) response.write(body.subarray(cuts[index - 1] ?? 0, end));
        response.end();
      };
      const { pcm, rates, sizes } = await allOf(speak("Two teapots, 40 €."));
      expect(pcm.equals(PCM)).toBe(true);
      expect(sizes.filter((size) => size === 0 || size % 2 === 1)).toEqual([]);
      expect([...rates]).toEqual([24_000]);
      expect(server.asked.map(({ body }) => format.textIn(body))).toEqual(["Two teapots, 40 €."]);
      expect(server.asked.map(({ request }) => format.keyIn(request))).toEqual([KEY]);
    });

    test.runIf(format.streams)("the first audio comes before the last was made", async () => {
      const more = Promise.withResolvers<void>();
      server.answer = ({ response }) => {
        format.head(response);
        response.write(PCM.subarray(0, 2_000));
        void more.promise.then(() => response.end(PCM.subarray(2_000)));
      };
      const audio = speak()[Symbol.asyncIterator]();
      const first = await audio.next();
      expect(first.done).toBe(false);
      more.resolve();
      while ((await audio.next()).done !== true);
    });

    test("an abort ends the request at once, with its reason", async () => {
      const abort = new AbortController();
      server.answer = ({ response }) => {
        format.head(response);
        response.write(format.body(PCM).subarray(0, 1_000));
        abort.abort(new Error("they speak"));
      };
      await expect(allOf(speak("A long story.", abort.signal))).rejects.toThrow("they speak");
      await waitFor(() => server.broken.count === 1);
      await expect(allOf(speak("Another.", abort.signal))).rejects.toThrow("they speak");
      expect(server.asked).toHaveLength(1);
    });

    test.runIf(format.streams)("a reader that leaves ends the request", async () => {
      server.answer = ({ response }) => {
        format.head(response);
        response.write(PCM);
      };
      for await (const _ of speak()) break;
      await waitFor(() => server.broken.count === 1);
    });

    test("an engine that dies in the middle broke its answer off", async () => {
      server.answer = ({ response }) => {
        format.head(response);
        response.write(format.body(PCM).subarray(0, 1_000), () => response.destroy());
      };
      expect((await refused()).kind).toBe("broken");
    });

    test.each(["before its answer", "in the middle of it"])("an engine that hangs %s is given up", async (when) => {
      server.answer = ({ response }) => {
        if (when === "before its answer") return;
        format.head(response);
        response.write(format.body(PCM).subarray(0, 1_000));
      };
      let heard = 0;
      const found = (async () => {
        for await (const _ of speak()) heard += 1;
      })().catch((error: unknown) => error);
      await waitFor(() => server.asked.length === 1 && (when === "before its answer" || !format.streams || heard > 0));
      let settled = false;
      void found.then(() => (settled = true));
      await waitFor(() => {
        opened.clock.forward(SILENT_MS);
        return settled;
      });
      expect(await found).toMatchObject({ kind: "silent" });
      await waitFor(() => server.broken.count === 1);
    });

    test("what is no PCM is refused, with what it is", async () => {
      server.answer = ({ response }) => response.writeHead(200, { "content-type": format.garbage.type }).end(format.garbage.body);
      expect((await refused()).kind).toBe(format.garbage.kind);
    });

    test("an answer without audio is none", async () => {
      server.answer = ({ response }) => {
        format.head(response);
        response.end(format.body(Buffer.alloc(0)));
      };
      expect((await refused()).kind).toBe("broken");
    });

    test.each<[number, string, SpeechErrorKind, RegExp]>([
      [401, "invalid_auth", "key-refused", /Check the key/],
      [402, "payment_required", "quota", /Check the account's credit/],
      [429, "too_many", "busy", /Try again later/],
      [503, "unavailable", "busy", /Try again later/],
      [404, "no_such_model", "misconfigured", /Check its model, voice, language and address/],
      [400, "bad", "misconfigured", /Check its model/],
    ])("%i is told as what it is, without the key", async (status, code, kind, advice) => {
      answerWith(status, code, `Refused for the key ${KEY}.`);
      const error = await refused();
      expect(error.kind).toBe(kind);
      expect(error.message).toMatch(advice);
      expect(error.message).toContain("Refused for the key");
    });

    test("an engine that is not there cannot be reached", async () => {
      await server.close();
      expect((await refused()).kind).toBe("unreachable");
    });
  });
}
