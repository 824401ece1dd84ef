import { describe, expect, it } from "vitest";
import { NetworkTurns } from "../../server/live/line/network-turns.ts";
import { ask, CONVERSATION, EMPTY, openLine, welcomed } from "./line-harness.ts";

const OPEN = { conversationId: CONVERSATION };

describe("large answers of one network", () => {
  it("are made one at a time, with everybody else's work between them", async () => {
    const turns = new NetworkTurns();
    const made: string[] = [];
    const make = (what: string) => turns.inTurn("192.0.2.1", async () => void made.push(what));
    const others: string[] = [];
    setImmediate(() => others.push(made.join()));
    const all = ["one", "two", "three"].map(make);
    await turns.inTurn("198.51.100.9", async () => void made.push("elsewhere"));
    await Promise.all(all);
    expect(made).toEqual(["one", "elsewhere", "two", "three"]);
    expect(others).toEqual(["one,elsewhere"]);
  });

  it("go on after one that failed, which is told", async () => {
    const turns = new NetworkTurns();
    const failing = turns.inTurn("192.0.2.1", () => Promise.reject(new Error("no")));
    const next = turns.inTurn("192.0.2.1", () => Promise.resolve());
    await expect(failing).rejects.toThrow("no");
    await next;
  });

  it.each(["conversation-open", "call-read"])("wait for each other, whichever customers ask for them (%s)", async (name) => {
    const line = await openLine({ trustedProxies: 1 });
    const from = async (address: string) => {
      const socket = line.client({ headers: { "X-Forwarded-For": address } });
      await welcomed(socket);
      return (conversationId: string) =>
        ask(socket, name, name === "call-read" ? { conversationId, callId: "call-0001" } : { conversationId });
    };
    const [anna, ben, far] = [await from("192.0.2.1"), await from("192.0.2.1"), await from("198.51.100.9")];
    const { promise: held, resolve: goOn } = Promise.withResolvers<void>();
    const begun: string[] = [];
    const script = async (_customer: unknown, { conversationId }: { conversationId: string }) => {
      begun.push(conversationId);
      if (conversationId === "conversation-a") await held;
    };
    line.script({
      open: async (customer, request) => (await script(customer, request), EMPTY),
      readCall: async (customer, request) => (await script(customer, request), { callId: "call-0001", content: [] }),
    });
    const first = anna("conversation-a");
    await expect.poll(() => begun).toEqual(["conversation-a"]);
    const second = ben("conversation-b");
    expect(await far("conversation-c")).toMatchObject({ ok: true });
    expect(begun).toEqual(["conversation-a", "conversation-c"]);
    goOn();
    expect(await Promise.all([first, second])).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it("are not made for a customer who is gone by their turn", async () => {
    const line = await openLine();
    const [anna, ben] = [line.client(), line.client()];
    await Promise.all([welcomed(anna), welcomed(ben)]);
    const { promise: held, resolve: goOn } = Promise.withResolvers<void>();
    line.script({ open: async () => (await held, EMPTY) });
    const first = ask(anna, "conversation-open", OPEN);
    await expect.poll(() => line.calls.filter(([method]) => method === "open")).toHaveLength(1);
    ben.emit("conversation-open", OPEN, () => {});
    await ask(ben, "connections-list", {});
    ben.disconnect();
    await expect.poll(line.sockets).toBe(1);
    goOn();
    await first;
    await ask(anna, "conversation-open", OPEN);
    expect(line.calls.filter(([method]) => method === "open")).toHaveLength(2);
  });
});
