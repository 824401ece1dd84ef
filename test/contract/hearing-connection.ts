/** The part of the law of `Hearing` that is about a connection which is kept for a call. */
import { describe, expect, test } from "vitest";
import type { Hearing } from "../../server/speech/ports/hearing.ts";
import type { HearingFormat, HearingServer } from "../speech/fake-hearing.ts";
import type { openSpeech } from "../speech/speech-ports.ts";
import { waitFor } from "../support/wait-for.ts";
import { FRAMES, listen, say, SPOKEN } from "./listening.ts";

interface Lawful {
  readonly format: HearingFormat;
  readonly server: HearingServer;
  readonly hearing: Hearing;
  readonly opened: ReturnType<typeof openSpeech>;
  readonly abort: AbortController;
}

const MINUTE_MS = 60_000;

/** `law`: what the test that runs has before it. */
export function hearingConnectionLaw(law: () => Lawful): void {
  describe("over its connection", () => {
    test("words come while the customer still speaks", async () => {
      const { server, hearing, abort } = law();
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      server.onAudio = (turn) => turn.partial("where is");
      say(session);
      await waitFor(() => listening.heard.length > 0);
      expect(listening.heard[0]).toMatchObject({ type: "partial", turn: 0, text: "where is" });
    });

    test("a customer who is muted for a minute keeps the engine", async () => {
      const { server, hearing, opened, abort, format } = law();
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      say(session);
      session.endTurn();
      server.onTurn = (turn) => turn.final("one");
      await waitFor(() => listening.finals().length === 1);
      const kept = (): number => server.said.filter((one) => format.keepAlive.test(one)).length;
      // What was sent just before counts for the first look.
      for (let elapsed = 0; elapsed < MINUTE_MS; elapsed += format.keepAliveMs) opened.clock.forward(format.keepAliveMs);
      await waitFor(() => kept() >= Math.floor(MINUTE_MS / format.keepAliveMs) - 1);
      say(session);
      session.endTurn();
      await waitFor(() => listening.finals().length === 2);
      expect(server.connections.opened).toBe(1);
    });

    test("an engine that leaves between two turns is connected again with the next words", async () => {
      const { server, hearing, abort } = law();
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      server.onTurn = (turn) => turn.final(`heard ${turn.audio.length}`);
      say(session);
      session.endTurn();
      await waitFor(() => listening.finals().length === 1);
      server.turns[0]?.die();
      await waitFor(() => server.connections.open === 0);
      say(session);
      session.endTurn();
      await waitFor(() => listening.finals().length === 2);
      expect(listening.finals()[1]).toMatchObject({ turn: 1, text: `heard ${SPOKEN.length}` });
      expect(server.connections.opened).toBe(2);
    });

    test("an engine that says in a turn that it leaves hears that turn to its end, and none loses its beginning", async ({ skip }) => {
      const { server, hearing, abort, format } = law();
      const { leaving } = format;
      if (leaving === undefined) return skip();
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      let isTold = false;
      server.onAudio = (turn) => {
        if (isTold) return;
        isTold = true;
        turn.raw(leaving);
        turn.partial("do not");
      };
      server.onTurn = (turn) => turn.final(`heard ${turn.audio.length}`);
      say(session, FRAMES.slice(0, 6));
      await waitFor(() => listening.heard.length > 0);
      say(session, FRAMES.slice(6));
      session.endTurn();
      await waitFor(() => listening.finals().length === 1);
      expect(server.connections.opened).toBe(1);
      await waitFor(() => server.connections.open === 0);
      say(session);
      session.endTurn();
      await waitFor(() => listening.finals().length === 2);
      expect(listening.finals().map(({ turn, text }) => [turn, text])).toEqual([
        [0, `heard ${SPOKEN.length}`],
        [1, `heard ${SPOKEN.length}`],
      ]);
      expect(server.connections.opened).toBe(2);
    });

    test("what is said late of a turn is not heard in the next", async () => {
      const { server, hearing, opened, abort } = law();
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      server.onTurn = (turn) => {
        if (server.turns.length === 1) turn.partial("cancel");
        else turn.final("show me teapots");
      };
      say(session);
      session.endTurn();
      await waitFor(() => listening.heard.length === 1);
      opened.clock.forward(3_000);
      await waitFor(() => listening.finals().length === 1);
      say(session);
      server.turns[0]?.final("cancel my order");
      session.endTurn();
      await waitFor(() => listening.finals().length === 2);
      expect(listening.finals().map(({ text }) => text)).toEqual(["cancel", "show me teapots"]);
      expect(listening.heard.map(({ text }) => text)).not.toContain("cancel my order");
    });

    test("a connection is closed within a second also where the engine does not answer", async () => {
      const { server, hearing, opened, abort } = law();
      const session = hearing.open({ signal: abort.signal });
      const listening = listen(session);
      server.onTurn = (turn) => turn.final("one");
      say(session);
      session.endTurn();
      await waitFor(() => listening.finals().length === 1);
      server.pause();
      let closed = false;
      void session.close().then(() => (closed = true));
      opened.clock.forward(1_000);
      await waitFor(() => closed);
    });
  });
}
