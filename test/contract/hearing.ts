/** The law of `Hearing`, which every maker keeps. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Hearing } from "../../server/speech/ports/hearing.ts";
import { SpeechError, type SpeechErrorKind } from "../../server/speech/ports/speech-error.ts";
import { type HearingFormat, type HearingServer, startHearingServer } from "../speech/fake-hearing.ts";
import { KEY, openSpeech } from "../speech/speech-ports.ts";
import { waitFor } from "../support/wait-for.ts";
import { hearingConnectionLaw } from "./hearing-connection.ts";
import { FRAMES, listen, type Listening, say, SPOKEN } from "./listening.ts";

/** Longer than anything that a session waits for. */
const LONG_MS = 60_000;

export function hearingLaw(format: HearingFormat): void {
  describe(`hearing by ${format.name}`, () => {
    let server: HearingServer;
    let hearing: Hearing;
    let opened: ReturnType<typeof openSpeech>;
    let abort: AbortController;
    /** Moves the clock until the session says how it went. */
    const outcomeInTime = async ({ outcome }: Listening): Promise<unknown> => {
      let settled = false;
      void outcome.then(() => (settled = true));
      await waitFor(() => {
        opened.clock.forward(LONG_MS);
        return settled;
      });
      return outcome;
    };

    beforeEach(async () => {
      server = await startHearingServer(format);
      opened = openSpeech();
      hearing = opened.speech.hearing(format.settings(server.url));
      abort = new AbortController();
    });
    afterEach(async () => {
      abort.abort(new Error("the test is over"));
      await opened.speech.close();
      await server.close();
    });

    test("each turn is heard once, whole and unchanged, in one session with one key", async () => {
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      server.onTurn = (turn) => turn.final(`turn of ${turn.audio.length}`);
      say(session);
      session.endTurn();
      await waitFor(() => listening.finals().length === 1);
      say(session, FRAMES.slice(0, 6));
      session.endTurn();
      await waitFor(() => listening.finals().length === 2);
      await session.close();
      expect(await listening.outcome).toBe("ended");
      expect(server.turns.map(({ audio }) => audio)).toEqual([SPOKEN, Buffer.concat(FRAMES.slice(0, 6))]);
      expect(listening.finals().map(({ turn, text }) => [turn, text])).toEqual([
        [0, `turn of ${SPOKEN.length}`],
        [1, `turn of ${SPOKEN.length / 2}`],
      ]);
      expect(new Set(server.keys)).toEqual(new Set([KEY]));
    });

    test.runIf(format.hasPartials)("what was understood so far comes before the final, and is of its turn", async () => {
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      server.onTurn = (turn) => {
        turn.partial("where is my");
        turn.final("Where is my order?");
      };
      say(session);
      session.endTurn();
      await waitFor(() => listening.finals().length === 1);
      expect(listening.heard.map(({ type, turn, text }) => [type, turn, text])).toEqual([
        ["partial", 0, "where is my"],
        ["final", 0, "Where is my order?"],
      ]);
    });

    test("a turn that follows before the one before was answered is not mixed with it", async () => {
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      say(session);
      session.endTurn();
      say(session, FRAMES.slice(0, 6));
      session.endTurn();
      await waitFor(() => server.turns.length >= 1);
      server.turns[0]?.final("first");
      await waitFor(() => server.turns.length === 2);
      server.turns[1]?.final("second");
      await waitFor(() => listening.finals().length === 2);
      expect(listening.finals().map(({ turn, text }) => [turn, text])).toEqual([
        [0, "first"],
        [1, "second"],
      ]);
      expect(server.turns.map(({ audio }) => audio.length)).toEqual([SPOKEN.length, SPOKEN.length / 2]);
    });

    test("a turn in which nothing was sent is heard as nothing", async () => {
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      session.endTurn();
      await waitFor(() => listening.finals().length === 1);
      expect(listening.finals()).toEqual([{ type: "final", turn: 0, text: "" }]);
      expect(server.turns).toEqual([]);
    });

    test("no engine is told what to expect", async () => {
      const session = hearing.open({ signal: abort.signal, language: "de-AT" });
      const listening = listen(session);
      server.onTurn = (turn) => turn.final("ja");
      say(session);
      session.endTurn();
      await waitFor(() => listening.finals().length === 1);
      expect(server.said.join("\n")).not.toMatch(/prompt|key_?(?:word|term)|vocabulary|phrase|hint|previous_text|context/i);
      expect(server.said.join("\n")).toMatch(/\bde\b/);
    });

    test("closing closes the connection, and nothing more is heard", async () => {
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      say(session);
      session.endTurn();
      await waitFor(() => server.turns.length === 1);
      await session.close();
      await waitFor(() => server.connections.open === 0);
      session.send(SPOKEN);
      session.endTurn();
      expect(await listening.outcome).toBe("ended");
      expect(server.connections.opened).toBe(1);
    });

    test("a call that is over before it is connected connects to nothing", async () => {
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      await session.close();
      expect(await listening.outcome).toBe("ended");
      await waitFor(() => server.connections.open === 0);
    });

    test("an abort in the middle ends the connection at once, with its reason", async () => {
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      say(session);
      session.endTurn();
      await waitFor(() => server.turns.length === 1);
      abort.abort(new Error("hung up"));
      expect(await listening.outcome).toMatchObject({ message: "hung up" });
      await waitFor(() => server.connections.open === 0);
    });

    test("an engine that dies in the middle of a turn broke off", async () => {
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      server.onTurn = (turn) => {
        if (format.hasPartials) turn.partial("where");
        turn.die();
      };
      say(session);
      session.endTurn();
      const error = await listening.outcome;
      expect(error).toBeInstanceOf(SpeechError);
      expect(["broken", "unreachable"]).toContain((error as SpeechError).kind);
      expect(String(error)).not.toContain(KEY);
    });

    test("an engine that hangs is given up, and its connection is cut", async () => {
      server.hangs = true;
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      say(session);
      session.endTurn();
      await waitFor(() => server.keys.length === 1);
      expect(await outcomeInTime(listening)).toMatchObject({ kind: "silent" });
      await waitFor(() => server.connections.open === 0);
    });

    test("an engine that sends garbage broke off", async () => {
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      server.onTurn = (turn) => turn.raw('{"channel": ');
      say(session);
      session.endTurn();
      expect(await listening.outcome).toMatchObject({ kind: "broken" });
    });

    test.each<[number, string, SpeechErrorKind]>([
      [401, "invalid_auth", "key-refused"],
      [402, "payment_required", "quota"],
      [429, "too_many", "busy"],
      [400, "bad_model", "misconfigured"],
    ])("%i is told as what it is, without the key", async (status, code, kind) => {
      server.refusal = { status, code, message: `No to ${KEY}.` };
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      say(session);
      session.endTurn();
      const error = await listening.outcome;
      expect(error).toMatchObject({ kind });
      expect(String(error)).toContain("No to [key]");
    });

    test("an engine that is not there cannot be reached", async () => {
      await server.close();
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      say(session);
      session.endTurn();
      expect(await listening.outcome).toMatchObject({ kind: "unreachable" });
    });

    if (format.keepsConnection) hearingConnectionLaw(() => ({ format, server, hearing, opened, abort }));
  });
}
