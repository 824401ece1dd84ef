import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { WireError } from "../../protocol/errors.ts";
import type { HelloFrame, RequestName, ServerFrames } from "../../protocol/frames.ts";
import { LineLostError } from "../../widget/line/line.ts";
import type { Line, LineListener, OpenLine } from "../../widget/line/line.ts";
import { PATIENCE_MS } from "../support/wait-for.ts";

/** A server that a maker of lines is tried against. */
export interface LinePeer {
  readonly server: string;
  readonly openLine: OpenLine;
  readonly hellos: readonly HelloFrame[];
  /** How requests are answered from now on; `undefined`: never. */
  answer(answer: (name: RequestName, frame: Record<string, unknown>) => object | undefined): void;
  /** Refuses the next hello. */
  refuseNext(error: WireError): void;
  send<K extends "events" | "text" | "more" | "progress">(kind: K, frame: ServerFrames[K]): void;
  /** Breaks every connection, as a network does. */
  drop(): void;
  /** Ends every connection, as a server that stops does. */
  dismiss(): void;
  /** Lets waiting frames travel, where they do not by themselves. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** What every maker of lines promises. */
export function lineLaw(name: string, make: () => Promise<LinePeer>): void {
  describe(`${name} keeps the law of lines`, () => {
    let peer: LinePeer;
    let line: Line;
    let heard: string[];
    let token: string | undefined;

    const listener: LineListener = {
      welcome: () => heard.push("welcome"),
      events: (frame) => heard.push(`events ${frame.events.map((event) => event.seq).join()}`),
      text: (frame) => heard.push(`text ${frame.text}`),
      more: ([stream, offset, text]) => heard.push(`more ${stream} ${offset} ${text}`),
      progress: (frame) => heard.push(`progress ${frame.progress}`),
      renew: () => heard.push("renew"),
      typing: (frame) => heard.push(`typing ${frame.name}`),
      "page-call": (frame) => heard.push(`page-call ${frame.callId}`),
      lost: () => heard.push("lost"),
      refused: (error) => heard.push(`refused ${error.code}`),
    };
    const open = (): void => {
      const hello = (): HelloFrame => ({
        version: 1,
        assistant: "shop",
        sessionId: "session-1",
        ...(token === undefined ? {} : { token }),
      });
      line = peer.openLine({ server: peer.server, assistant: "shop", hello, listener });
    };
    const until = async (condition: () => boolean): Promise<void> => {
      await vi.waitFor(
        async () => {
          await peer.flush();
          if (!condition()) throw new Error(`Not yet; heard so far: ${heard.join(", ")}`);
        },
        { timeout: PATIENCE_MS, interval: 5 },
      );
    };
    const welcomed = (times = 1): Promise<void> => until(() => heard.filter((word) => word === "welcome").length === times);

    beforeEach(async () => {
      heard = [];
      token = undefined;
      peer = await make();
    });
    afterEach(async () => {
      line.close();
      await peer.close();
    });

    test("welcome comes first, and the hello arrives as it was given", async () => {
      token = "token-1";
      open();
      await welcomed();
      expect(heard).toEqual(["welcome"]);
      expect(peer.hellos).toEqual([{ version: 1, assistant: "shop", sessionId: "session-1", token: "token-1" }]);
    });

    test("a request gets its own reply, refusals included", async () => {
      peer.answer((request, frame) =>
        request === "conversation-leave"
          ? { ok: true }
          : { ok: false, error: { code: "unknown-call", message: `${request} ${String(frame["callId"])}` } },
      );
      open();
      await welcomed();
      const replies = Promise.all([
        line.request("call-read", { conversationId: "conversation-1", callId: "call-0001" }),
        line.request("conversation-leave", { conversationId: "conversation-1" }),
      ]);
      await peer.flush();
      await peer.flush();
      expect(await replies).toEqual([{ ok: false, error: { code: "unknown-call", message: "call-read call-0001" } }, { ok: true }]);
    });

    test("before the welcome a request is not taken", async () => {
      open();
      await expect(line.request("conversation-leave", { conversationId: "conversation-1" })).rejects.toBeInstanceOf(LineLostError);
    });

    test("frames come in the order in which they were sent", async () => {
      open();
      await welcomed();
      const conversationId = "conversation-1";
      peer.send("events", { conversationId, events: [{ type: "hidden", seq: 1, at: 1 }] });
      for (const text of ["a", "b", "c"]) peer.send("text", { conversationId, turnId: "turn-0001", step: 0, offset: 0, text });
      peer.send("more", [7, 3, "d"]);
      peer.send("progress", { conversationId, callId: "call-0001", progress: 3 });
      peer.send("events", { conversationId, events: [{ type: "hidden", seq: 2, at: 1 }] });
      await until(() => heard.length === 8);
      expect(heard).toEqual(["welcome", "events 1", "text a", "text b", "text c", "more 7 3 d", "progress 3", "events 2"]);
    });

    test("when the connection breaks, open requests reject and the line comes back with a fresh hello", async () => {
      open();
      await welcomed();
      const request = expect(line.request("conversation-leave", { conversationId: "conversation-1" })).rejects.toBeInstanceOf(
        LineLostError,
      );
      await peer.flush();
      token = "token-2";
      peer.drop();
      await request;
      await welcomed(2);
      expect(heard.slice(0, 2)).toEqual(["welcome", "lost"]);
      expect(peer.hellos.at(-1)?.token).toBe("token-2");
    });

    test("a server that says good-bye is only restarting", async () => {
      open();
      await welcomed();
      peer.dismiss();
      await welcomed(2);
    });

    test("a refusal is told once and the line stays silent until it is asked to try again", async () => {
      peer.refuseNext({ code: "origin-refused", message: "This website is not allowed." });
      open();
      await until(() => heard.includes("refused origin-refused"));
      await peer.flush();
      expect(heard).toEqual(["refused origin-refused"]);
      await expect(line.request("conversation-leave", { conversationId: "conversation-1" })).rejects.toBeInstanceOf(LineLostError);
      line.reconnect();
      await welcomed();
    });

    test("a refusal that time heals is tried again after the time that was named", async () => {
      peer.refuseNext({ code: "busy", message: "Many people are writing right now.", retryAfterMs: 10 });
      open();
      await welcomed();
      expect(heard.filter((word) => word.startsWith("refused"))).toEqual([]);
    });

    test("reconnect drops what there is and says hello again", async () => {
      open();
      await welcomed();
      token = "token-2";
      line.reconnect();
      await welcomed(2);
      expect(peer.hellos.at(-1)?.token).toBe("token-2");
    });

    test("after close nothing is heard and nothing is sent", async () => {
      open();
      await welcomed();
      const request = expect(line.request("conversation-leave", { conversationId: "conversation-1" })).rejects.toBeInstanceOf(
        LineLostError,
      );
      peer.send("text", { conversationId: "conversation-1", turnId: "turn-0001", step: 0, offset: 0, text: "late" });
      line.close();
      line.close();
      line.reconnect();
      await request;
      await peer.flush();
      expect(heard).toEqual(["welcome"]);
      await expect(line.request("conversation-leave", { conversationId: "conversation-1" })).rejects.toBeInstanceOf(LineLostError);
    });
  });
}
