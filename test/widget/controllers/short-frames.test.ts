/** Text that comes in `more` frames, which say no ids: every tab shows what the model said, whatever happens on the way. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Live } from "../../../server/conversation/journal/live.ts";
import { turnId } from "./asked-tab.ts";
import { Desk, Site, Tab } from "./tab.ts";

/** A server whose model speaks: what it says goes to every line as the customers' listener sends it. */
class SpeakingDesk extends Desk {
  #live = this.#newLive();
  /** Whether the next pieces are lost on the way, as those for a slow network are. */
  loses = false;
  step = 0;
  said = "";

  constructor() {
    super();
    this.running = (conversationId) => {
      const { running } = this.#live.snapshot(conversationId);
      return running === undefined ? {} : { running };
    };
  }

  #newLive(): Live {
    return new Live({
      events: () => {},
      text: ({ stream, offset, text, ...place }) => {
        if (this.loses) return;
        if (offset === 0) this.line.send("text", { ...place, stream, offset, text });
        else this.line.send("more", [stream, offset, text]);
      },
      progress: () => {},
      typing: () => {},
    });
  }

  speak(conversationId: string, text: string): void {
    this.#live.text({ conversationId, turnId, step: this.step, offset: this.said.length, text });
    this.said += text;
  }

  endStep(conversationId: string): void {
    const events = this.append(conversationId, { type: "step-ended", turnId, step: this.step, text: this.said });
    this.#live.events(conversationId, events as never);
    this.line.send("events", { conversationId, events });
    this.step += 1;
    this.said = "";
  }

  /** Another process takes over: it names steps anew, and says this one from its beginning. */
  restart(): void {
    this.#live = this.#newLive();
    this.said = "";
    this.line.drop();
  }

  /** A conversation that a tab just left. */
  speakElsewhere(text: string): void {
    this.#live.text({ conversationId: "conversation-left", turnId: "turn-left", step: 0, offset: text.length % 2, text });
  }
}

function textOf(tab: Tab): string[] {
  return tab.thread.state.turns.flatMap((turn) => turn.parts.map((part) => (part.kind === "text" ? part.text : "")));
}

async function begun(): Promise<{ desk: SpeakingDesk; site: Site; tab: Tab; conversationId: string }> {
  const desk = new SpeakingDesk();
  const site = new Site();
  const tab = await new Tab(desk, site).start();
  const messageId = tab.thread.send("Where is my order?")!;
  await tab.settle();
  desk.say(tab.id, { type: "turn-started", turnId, messageId });
  await tab.settle();
  return { desk, site, tab, conversationId: tab.id };
}

test("pieces go on with the step that was named, and nothing is asked for again", async () => {
  const { desk, tab, conversationId } = await begun();
  const opened = desk.sent("conversation-open").length;
  for (const text of ["On ", "its ", "way"]) desk.speak(conversationId, text);
  desk.endStep(conversationId);
  for (const text of ["It ", "left"]) desk.speak(conversationId, text);
  await tab.settle();
  expect(textOf(tab)).toEqual(["On its way", "It left"]);
  expect(desk.sent("conversation-open").length).toBe(opened);
  expect(desk.line.hellos.at(-1)).toMatchObject({ more: true });
});

test("who joins in the middle goes on with what runs, and asks no second time", async () => {
  const { desk, site, conversationId } = await begun();
  desk.speak(conversationId, "On ");
  desk.speak(conversationId, "its ");
  const late = await new Tab(desk, site).start();
  const opened = desk.sent("conversation-open").length;
  desk.speak(conversationId, "way");
  await late.settle();
  expect(textOf(late)).toEqual(["On its way"]);
  expect(desk.sent("conversation-open").length).toBe(opened);
});

test("a piece of a step whose beginning was lost makes the tab ask for the text so far", async () => {
  const { desk, tab, conversationId } = await begun();
  desk.loses = true;
  desk.speak(conversationId, "On ");
  desk.loses = false;
  desk.speak(conversationId, "its ");
  desk.speak(conversationId, "way");
  await tab.settle();
  expect(textOf(tab)).toEqual(["On its way"]);
});

test("the name that a step had before a reconnect means nothing after it", async () => {
  const { desk, tab, conversationId } = await begun();
  desk.speak(conversationId, "On its way");
  await tab.settle();
  desk.restart();
  desk.loses = true;
  desk.speak(conversationId, "It has bee");
  desk.loses = false;
  // Between joining and the reply comes a piece with the same name and offset as the one that would have come next.
  const { answer } = desk.line;
  desk.line.answer = (name) => void (name === "conversation-open" && desk.speak(conversationId, "n sent"));
  await tab.settle();
  expect(textOf(tab)).toEqual(["On its way"]);
  desk.line.answer = answer;
  desk.line.drop();
  await tab.settle();
  expect(textOf(tab)).toEqual(["It has been sent"]);
});

const happening = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("On ", "its ", "way ", "🙂", "aa", "a").map((text) => ({ kind: "say" as const, text })) },
  ...(["step", "draw", "flush", "drop", "lose", "keep", "join", "restart", "elsewhere"] as const).map((kind) => ({
    weight: 1,
    arbitrary: fc.constant({ kind }),
  })),
);

test("whatever is lost, broken, begun anew or joined late, every tab shows what was said", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 60 }), async (happenings) => {
      const { desk, site, tab, conversationId } = await begun();
      const tabs = [tab];
      const steps: string[] = [];
      for (const each of happenings) {
        if (each.kind === "say") desk.speak(conversationId, each.text);
        else if (each.kind === "step") {
          steps.push(desk.said);
          desk.endStep(conversationId);
        } else if (each.kind === "draw") for (const one of tabs) one.draw();
        else if (each.kind === "flush") await desk.line.flush();
        else if (each.kind === "drop") desk.line.drop();
        else if (each.kind === "lose") desk.loses = true;
        else if (each.kind === "keep") desk.loses = false;
        else if (each.kind === "restart") desk.restart();
        else if (each.kind === "elsewhere") desk.speakElsewhere("else");
        else if (tabs.length < 3) tabs.push(await new Tab(desk, site).start());
      }
      desk.loses = false;
      desk.speak(conversationId, "end");
      desk.speak(conversationId, ".");
      for (let round = 0; round < 4; round += 1) for (const one of tabs) await one.pass(20_000);
      const said = [...steps, desk.said].filter((text) => text !== "");
      for (const one of tabs) expect(textOf(one).filter((text) => text !== "")).toEqual(said);
    }),
    { numRuns: 150 },
  );
});
