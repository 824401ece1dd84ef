import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ModelError, type Model, type ModelPart, type ModelRequest } from "../../server/conversation/ports/model.ts";
import { ask, collect, never } from "../model/collect.ts";
import type { Answer } from "../model/wire-formats.ts";

/** A model and the provider behind it, for one test. */
export interface OpenedModel {
  readonly model: Model;
  /** What the provider says to the next requests. */
  answer(answer: Answer): void;
  /** The provider says the beginning of this and then nothing more. */
  stall(answer: Answer): void;
  refuse(status: number, code: string, message: string): void;
  /** The newest request as text, whatever the format. */
  told(): string;
  /** Resolves when the provider has noticed that the model hung up; absent where it cannot tell. */
  hungUp?(): Promise<void>;
  close(): Promise<void>;
}

const LOOKUP = {
  name: "orders__lookup_order",
  description: "Looks an order up.",
  inputSchema: { type: "object", properties: { order: { type: "string" } } },
};
const REFUND = { name: "orders__refund_order", description: "Refunds.", inputSchema: { type: "object", properties: {} } };
const CALLS = [
  { name: LOOKUP.name, argumentsText: '{"order":"1042","note":"äöü 🎉"}' },
  { name: REFUND.name, argumentsText: '{"order":"1043"}' },
];
const withTools = (more: Partial<ModelRequest> = {}): ModelRequest => ask("Where is order 1042?", { tools: [LOOKUP, REFUND], ...more });

/** The law of the `Model` port. Every maker runs it in its own test file. */
export function modelContract(name: string, open: () => Promise<OpenedModel>, { cannotRefuse = false } = {}): void {
  describe(`${name}, as a Model`, () => {
    let opened: OpenedModel;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    test("says the text in order and ends with exactly one finish", async () => {
      const pieces = ["Grüß Gott! ", "Your order ", "is on its way 🚚", "."];
      opened.answer({ pieces });
      const { parts, text, finish, error } = await collect(opened.model);
      expect(error).toBeUndefined();
      expect(text).toBe(pieces.join(""));
      expect(finish).toMatchObject({ reason: "stop" });
      expect(parts.filter((part) => part.type === "finish")).toHaveLength(1);
      expect(parts.at(-1)?.type).toBe("finish");
    });

    test("says what it cost", async () => {
      opened.answer({ pieces: ["Hi."] });
      const { finish } = await collect(opened.model);
      expect(finish?.usage).toMatchObject({ inputTokens: 11, outputTokens: 7 });
    });

    test("says several calls of one step, each whole, in order", async () => {
      opened.answer({ calls: CALLS });
      const { calls, finish } = await collect(opened.model, withTools());
      expect(calls.map(({ name: called, argumentsText }) => ({ name: called, arguments: JSON.parse(argumentsText) as unknown }))).toEqual(
        CALLS.map(({ name: called, argumentsText }) => ({ name: called, arguments: JSON.parse(argumentsText) as unknown })),
      );
      expect(new Set(calls.map((call) => call.modelCallId)).size).toBe(2);
      expect(finish?.reason).toBe("tool-calls");
    });

    test("says text before calls", async () => {
      opened.answer({ pieces: ["Let me look."], calls: CALLS });
      const { parts } = await collect(opened.model, withTools());
      const types = parts.map((part) => part.type).filter((type) => type !== "thoughts");
      expect(types.filter((type, index) => type !== types[index - 1])).toEqual(["text", "tool-call", "finish"]);
    });

    test("takes its own calls back with their results", async () => {
      opened.answer({ pieces: ["Let me look."], calls: CALLS });
      const first = await collect(opened.model, withTools());
      opened.answer({ pieces: ["It is on its way."] });
      const second = await collect(
        opened.model,
        withTools({
          messages: [
            { role: "system", text: "You are the desk of a shop." },
            { role: "user", text: "Where is order 1042?" },
            { role: "assistant", text: first.text, toolCalls: first.calls },
            ...first.calls.map((call, index) => ({
              role: "tool" as const,
              modelCallId: call.modelCallId,
              name: call.name,
              text: `result ${index}`,
              failed: index === 1,
            })),
          ],
        }),
      );
      expect(second.error).toBeUndefined();
      expect(second.text).toBe("It is on its way.");
      for (const said of ["You are the desk of a shop.", "Let me look.", "result 0", "result 1", LOOKUP.name])
        expect(opened.told()).toContain(said);
    });

    test("says that the length was reached", async () => {
      opened.answer({ pieces: ["This is only the beg"], ends: "length" });
      expect((await collect(opened.model)).finish?.reason).toBe("length");
    });

    test.skipIf(cannotRefuse)("says that the provider refused", async () => {
      opened.answer({ pieces: ["I "], ends: "refused" });
      expect((await collect(opened.model)).finish?.reason).toBe("refused");
    });

    test.each([
      [401, "invalid_api_key", "misconfigured"],
      [404, "not_found_error", "misconfigured"],
      [429, "rate_limit_exceeded", "rate-limited"],
      [500, "api_error", "overloaded"],
      [503, "overloaded_error", "overloaded"],
    ] as const)("fails on %i as %s", async (status, code, kind) => {
      opened.refuse(status, code, "Said by the provider.");
      const { error, parts } = await collect(opened.model);
      expect(error).toBeInstanceOf(ModelError);
      expect(error).toMatchObject({ kind });
      expect((error as ModelError).message).toContain("Said by the provider.");
      expect(parts).toEqual([]);
    });

    test("throws the signal's reason when it is aborted, and hangs up", async () => {
      opened.stall({ pieces: ["one ", "two ", "three ", "four "] });
      const aborting = new AbortController();
      const reason = new Error("stopped by the customer");
      const parts: ModelPart[] = [];
      const reading = (async () => {
        for await (const part of opened.model.stream(ask(), aborting.signal)) {
          parts.push(part);
          aborting.abort(reason);
        }
      })();
      await expect(reading).rejects.toBe(reason);
      expect(parts).toHaveLength(1);
      await opened.hungUp?.();
    });

    test("sends nothing when it was aborted before", async () => {
      const reason = new Error("too late");
      const { error } = await collect(opened.model, ask(), AbortSignal.abort(reason));
      expect(error).toBe(reason);
    });

    test("hangs up when nobody listens any more", async () => {
      opened.stall({ pieces: ["one ", "two ", "three ", "four "] });
      for await (const part of opened.model.stream(ask(), never)) {
        expect(part.type).toBe("text");
        break;
      }
      await opened.hungUp?.();
    });
  });
}
