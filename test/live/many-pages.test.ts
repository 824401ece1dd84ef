import { describe, expect, it } from "vitest";
import { ask, CONVERSATION, openLine, welcomed } from "./line-harness.ts";
import { frame, hello, openRaw } from "./raw-web-socket.ts";

const SOON = { timeout: 20_000 };
const READ = { conversationId: CONVERSATION, callId: "call-0001" };

describe("many pages of one network", () => {
  it("get no more pictures while they read none, and others do", async () => {
    const line = await openLine({ trustedProxies: 1 });
    const data = "A".repeat(8 * 1024 * 1024);
    let read = 0;
    line.script({
      readCall: async () => {
        read += 1;
        return { callId: "call-0001", content: [{ kind: "image", mimeType: "image/png", data }] };
      },
    });
    const address = { "X-Forwarded-For": "192.0.2.1" };
    for (let page = 0; page < 12; page += 1) {
      const raw = await openRaw(line.url, { headers: ["X-Forwarded-For: 192.0.2.1"] });
      await raw.write(hello());
      await expect.poll(raw.received, SOON).toContain("welcome");
      raw.pause();
      for (let id = 0; id < 3; id += 1) await raw.write(frame(`42${id}["call-read",${JSON.stringify(READ)}]`));
    }
    const neighbour = line.client({ headers: address });
    await welcomed(neighbour);
    await expect
      .poll(async () => await ask(neighbour, "call-read", READ), SOON)
      .toMatchObject({ ok: false, error: { code: "rate-limited", retryAfterMs: expect.any(Number) } });
    expect(read).toBeLessThan(12);
    expect(await ask(neighbour, "conversation-open", { conversationId: CONVERSATION })).toMatchObject({ ok: true });
    const far = line.client({ headers: { "X-Forwarded-For": "198.51.100.9" } });
    await welcomed(far);
    expect(await ask(far, "call-read", READ)).toMatchObject({ ok: true });
  });

  it("of one conversation are fifty at most, since each gets every piece of an answer", async () => {
    const line = await openLine();
    const sockets = Array.from({ length: 51 }, () => line.client());
    await Promise.all(sockets.map(welcomed));
    const open = { conversationId: CONVERSATION };
    const answers = await Promise.all(sockets.map((socket) => ask(socket, "conversation-open", open)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(50);
    const refused = sockets[answers.findIndex(({ ok }) => !ok)]!;
    const listening = sockets[answers.findIndex(({ ok }) => ok)]!;
    expect(await ask(listening, "conversation-open", open)).toMatchObject({ ok: true });
    expect(await ask(refused, "conversation-open", open)).toMatchObject({ ok: false, error: { code: "rate-limited" } });
    await ask(listening, "conversation-leave", open);
    expect(await ask(refused, "conversation-open", open)).toMatchObject({ ok: true });
  });
});
