/** However the bytes of an answer are cut, and whatever waits for more: what the model said comes out, in its order. */
import { PassThrough } from "node:stream";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelError, type ModelPart } from "../../server/conversation/ports/model.ts";
import { Answer } from "../../server/model/answer.ts";
import { PROVIDER_APIS } from "../../server/model/providers.ts";
import { FIRST_HABITS } from "../../server/model/wires/habits.ts";
import { ask } from "./collect.ts";
import { type WireFormat, WIRE_FORMATS } from "./wire-formats.ts";

/** Holds back as a list says, and lets go when it is told. */
class ScriptedGathering {
  readonly #script: readonly boolean[];
  readonly #held: (() => void)[] = [];
  asked = 0;

  constructor(script: readonly boolean[]) {
    this.#script = script;
  }

  hold(callback: () => void): boolean {
    const holds = this.#script[this.asked % this.#script.length] ?? false;
    this.asked += 1;
    if (holds) this.#held.push(callback);
    return holds;
  }

  /** The waits of all pieces that wait now are over. */
  release(): void {
    for (const callback of this.#held.splice(0)) callback();
  }
}

function answerOf(format: WireFormat, body: PassThrough, script: readonly boolean[]) {
  const wire = PROVIDER_APIS[format.provider].wire({
    model: "m",
    baseUrl: new URL(format.own ?? "https://model.example/v1"),
    apiKey: undefined,
    newId: () => "id",
  });
  const gathering = new ScriptedGathering(script);
  const head = { status: 200, headers: {} };
  const reader = wire.reader(ask(), FIRST_HABITS);
  return { gathering, answer: new Answer({ who: "It", head, body, reader, gathering, mostBytes: 1_000_000, now: () => 0 }) };
}

/** Takes all parts as the conversation does: the first word never waits. */
async function takeAll(answer: Answer): Promise<{ parts: ModelPart[]; takes: number; error: unknown }> {
  const parts: ModelPart[] = [];
  for (let takes = 0; ; takes += 1) {
    try {
      const more = await answer.next({ patiently: parts.length > 0 });
      parts.push(...more);
      if (more.length === 0 || more.at(-1)?.type === "finish") return { parts, takes: takes + 1, error: undefined };
    } catch (error) {
      return { parts, takes, error };
    }
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const said = (parts: readonly ModelPart[]): string => parts.map((part) => (part.type === "text" ? part.text : "")).join("");

const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 30 });
const script = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 });
const pieces = fc.array(fc.constantFrom("Order ", "1042", " is ", "on its way", "…", "🙂", "é"), { minLength: 1, maxLength: 12 });

/** Sends bytes cut like this, some of them in one turn of the loop, and lets go of what waits now and then. */
async function send(body: PassThrough, bytes: Buffer, lengths: readonly number[], gathering: ScriptedGathering): Promise<void> {
  for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
    const length = lengths[cut % lengths.length] ?? 1;
    body.write(bytes.subarray(at, at + length));
    at += length;
    if (length % 2 === 0) await turn();
    if (length % 3 === 0) gathering.release();
  }
}

describe.each(WIRE_FORMATS.map((format) => [format.name, format] as const))("an answer of %s", (_name, format) => {
  it("says all, in order, and its calls and its end wait for nothing", async () => {
    await fc.assert(
      fc.asyncProperty(pieces, cuts, script, fc.boolean(), async (words, lengths, holds, calls) => {
        const body = new PassThrough();
        const { answer, gathering } = answerOf(format, body, holds);
        const made = calls ? [{ name: "look_up", argumentsText: '{"order":1042}' }] : [];
        const taken = takeAll(answer);
        // Never released after this: whatever still waits at the end would wait for ever.
        await send(body, Buffer.from(format.events({ pieces: words, calls: made }).join("")), lengths, gathering);
        body.end();
        const { parts, error } = await taken;
        expect(error).toBeUndefined();
        expect(said(parts)).toBe(words.join(""));
        expect(parts.findLastIndex((part) => part.type === "text")).toBeLessThan(parts.findIndex((part) => part.type !== "text"));
        expect(parts.filter((part) => part.type === "tool-call").map((part) => part.argumentsText)).toEqual(
          made.map(({ argumentsText }) => argumentsText),
        );
        expect(parts.at(-1)?.type).toBe("finish");
      }),
      { numRuns: 60 },
    );
  });

  it("that breaks off has said all that came before", async () => {
    await fc.assert(
      fc.asyncProperty(pieces, cuts, script, async (words, lengths, holds) => {
        const body = new PassThrough();
        const { answer, gathering } = answerOf(format, body, holds);
        const taken = takeAll(answer);
        await send(body, Buffer.from(format.unfinished({ pieces: words }).join("")), lengths, gathering);
        await turn();
        body.destroy(new Error("the cable"));
        const { parts, error } = await taken;
        expect(said(parts)).toBe(words.join(""));
        expect(error).toBeInstanceOf(ModelError);
        expect(error).toMatchObject({ kind: "broken" });
      }),
      { numRuns: 40 },
    );
  });

  it("tells a fault at once that comes with its last word", async () => {
    const body = new PassThrough();
    const { answer } = answerOf(format, body, [true]);
    const events = format.unfinished({ pieces: ["first", " second"] });
    const at = events.findIndex((event) => event.includes('"first"')) + 1;
    const taken = takeAll(answer);
    body.write(events.slice(0, at).join(""));
    await turn();
    // Nobody lets go of what is held, and the connection stays open.
    body.write(events.slice(at).join("") + format.error("server_error", "the machine stopped"));
    const { parts, error } = await taken;
    expect(said(parts)).toBe("first second");
    expect(error).toBeInstanceOf(ModelError);
  });

  it("says its first word at once, and what comes while the process is busy in one piece", async () => {
    const body = new PassThrough();
    const { answer, gathering } = answerOf(format, body, [true]);
    const words = Array.from({ length: 30 }, (_, index) => `word ${index} `);
    const taken: ModelPart[] = [];
    const taking = (async () => {
      for (let parts = await answer.next({ patiently: false }); parts.length > 0; parts = await answer.next({ patiently: true }))
        taken.push(...parts);
    })().catch(() => {});
    for (const event of format.unfinished({ pieces: words })) {
      const said = taken.length;
      body.write(event);
      await turn();
      // Whatever came, nobody was asked to wait before the first word was there.
      if (said === 0) expect(gathering.asked).toBe(0);
    }
    expect(taken).toEqual([{ type: "text", text: "word 0 " }]);
    // The others wait with the one that waits.
    expect(gathering.asked).toBe(1);
    gathering.release();
    await turn();
    expect(taken).toEqual([
      { type: "text", text: "word 0 " },
      { type: "text", text: words.slice(1).join("") },
    ]);
    body.destroy();
    await taking;
  });
});
