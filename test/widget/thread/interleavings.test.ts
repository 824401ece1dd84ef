import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ThreadState } from "../../../widget/thread/state.ts";
import { coalesce } from "../../../widget/thread/coalesce.ts";
import { emptyThread, needsOpen, reduce } from "../../../widget/thread/reduce.ts";
import type { ThreadFrame } from "../../../widget/thread/thread-frame.ts";
import { conversation, conversationId, ScriptedServer } from "./scripted-conversation.ts";
import type { Emission } from "./scripted-conversation.ts";

/** What may happen to what a server sends, on the way to one of two tabs. */
const mishap = fc.record({
  kind: fc.constantFrom("deliver", "deliver", "deliver", "lose", "hold", "repeat", "release", "reconnect", "older", "late-reply", "batch"),
  tab: fc.nat(1),
  pick: fc.nat(50),
});

function toFrame(emission: Emission): ThreadFrame {
  switch (emission.kind) {
    case "event":
      return { type: "events", frame: { conversationId, events: [emission.event] } };
    case "text":
      return { type: "text", frame: emission.frame };
    case "progress":
      return { type: "progress", frame: emission.frame };
  }
}

class Tab {
  state: ThreadState = emptyThread(conversationId);
  next = 0;
  readonly held: ThreadFrame[] = [];
  readonly server: ScriptedServer;

  constructor(server: ScriptedServer) {
    this.server = server;
  }

  take(frame: ThreadFrame): void {
    const before = this.state;
    this.state = reduce(frame, before);
    // A turn that says the same must be the same object: elements draw by identity.
    for (const turn of this.state.turns) {
      const old = before.turns.find((other) => other.turnId === turn.turnId);
      if (old !== undefined && old !== turn) expect(turn).not.toEqual(old);
      // Nothing is ever drawn that was not said, not even until the next opening.
      for (const part of turn.parts)
        if (part.kind === "text") expect(this.server.said(turn.turnId, part.step)).toSatisfy((text: string) => text.startsWith(part.text));
    }
  }

  open(): void {
    const after = this.state.lastSeq === 0 ? undefined : this.state.lastSeq;
    this.take({ type: "opened", reply: this.server.open(after), ...(after === undefined ? {} : { after }) });
    this.next = this.server.sent;
  }

  /** What the controller does when it has to; with a broken server it would never end. */
  settle(): void {
    for (let tries = 0; needsOpen(this.state); tries++) {
      if (tries > 3) throw new Error(`Opened ${tries} times and still incomplete.`);
      this.open();
    }
  }

  older(): void {
    if (this.state.more) this.take({ type: "paged", reply: this.server.page(this.state.firstSeq), before: this.state.firstSeq });
  }

  happen(kind: string, pick: number): void {
    const { server } = this;
    if (server.sent < server.emissions.length && this.next >= server.sent) server.sent += 1;
    const emission = this.next < server.sent ? server.emissions[this.next] : undefined;
    const frame = emission && toFrame(emission);
    switch (kind) {
      case "deliver":
        if (frame) this.take(frame);
        this.next += frame ? 1 : 0;
        break;
      case "batch": {
        const frames: ThreadFrame[] = [];
        for (; this.next < server.sent; this.next++) coalesce(toFrame(server.emissions[this.next]!), frames);
        for (const each of frames) this.take(each);
        break;
      }
      case "hold":
        if (frame) this.held.push(frame);
        this.next += frame ? 1 : 0;
        break;
      case "lose":
        this.next += frame ? 1 : 0;
        break;
      case "release": {
        const [late] = this.held.splice(pick % Math.max(1, this.held.length), 1);
        if (late) this.take(late);
        break;
      }
      case "repeat": {
        const again = server.emissions[pick % Math.max(1, this.next)];
        if (again && this.next > 0) this.take(toFrame(again));
        break;
      }
      case "reconnect":
        this.open();
        break;
      case "older":
        this.older();
        break;
      case "late-reply":
        this.held.push({ type: "opened", reply: server.open(undefined) });
        break;
    }
  }
}

const drawn = ({ turns, queued, firstSeq, lastSeq, more }: ThreadState): unknown => ({ turns, queued, firstSeq, lastSeq, more });

test("whatever is lost, repeated or late, every tab ends with what a plain reading of the journal gives", () => {
  fc.assert(
    fc.property(conversation, fc.integer({ min: 1, max: 9 }), fc.array(mishap, { maxLength: 80 }), (emissions, pageLength, mishaps) => {
      const server = new ScriptedServer(emissions, pageLength);
      const tabs = [new Tab(server), new Tab(server)] as const;
      for (const { kind, tab, pick } of mishaps) tabs[tab as 0 | 1].happen(kind, pick);

      server.sent = emissions.length;
      const whole = new ScriptedServer(emissions, 10_000);
      whole.sent = emissions.length;
      const plain = reduce({ type: "opened", reply: whole.open(undefined) }, emptyThread(conversationId));
      for (const tab of tabs) {
        for (const late of tab.held) tab.take(late);
        tab.open();
        tab.settle();
        while (tab.state.more) tab.older();
        expect(drawn(tab.state)).toEqual(drawn(plain));
        for (const emission of emissions) tab.take(toFrame(emission));
        expect(drawn(tab.state)).toEqual(drawn(plain));
      }
    }),
    { numRuns: 600 },
  );
});

test("frame by frame without mishaps gives the same as the journal read at once, at every moment", () => {
  fc.assert(
    fc.property(conversation, (emissions) => {
      const server = new ScriptedServer(emissions, 10_000);
      let state = emptyThread(conversationId);
      for (const emission of emissions) {
        server.sent += 1;
        state = reduce(toFrame(emission), state);
        expect(needsOpen(state)).toBe(false);
        const plain = reduce({ type: "opened", reply: server.open(undefined) }, emptyThread(conversationId));
        expect(drawn(state)).toEqual(drawn(plain));
      }
    }),
    { numRuns: 200 },
  );
});
