import { EventEmitter } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { LINE_PATH } from "../../protocol/frames.ts";
import { Limits } from "../../server/guard/limits/limits.ts";
import { createMemoryLimiters } from "../../server/guard/limits/memory-limiters.ts";
import { openLineServer } from "../../server/live/line/line-server.ts";
import { Upgrades } from "../../server/live/upgrades.ts";
import { ReadingPace } from "../../server/live/line/reading-pace.ts";
import { assistant } from "../support/desk-assistant.ts";
import { ask, CONVERSATION, HELLO, next, openLine, SHOP_ORIGIN, welcomed } from "./line-harness.ts";

const OPEN = { conversationId: CONVERSATION };

describe("a hostile customer", () => {
  it.each(["/elsewhere", `${LINE_PATH}/?EIO=4&transport=websocket`])(
    "who asks %s for an upgrade and hangs up harms nobody",
    async (path) => {
      const httpServer = createServer();
      const quiet = { info: () => {}, warn: () => {}, error: () => {} };
      const limits = new Limits({ limiters: createMemoryLimiters() });
      const upgrades = new Upgrades({ limits, trustedProxies: 0, isStopping: () => false, clock: { now: () => 42 }, log: quiet });
      upgrades.attach(httpServer);
      const io = openLineServer({ upgrades, origins: () => [SHOP_ORIGIN], limits, trustedProxies: 0 });
      onTestFinished(async () => {
        await io.close();
        httpServer.close();
      });
      const gone = new Promise<number>((resolve) => {
        httpServer.on("upgrade", (_request, socket: Duplex) => {
          // An error that nobody listens for ends the process.
          const listening = socket.listenerCount("error");
          socket.once("close", () => resolve(listening));
          client.resetAndDestroy();
        });
      });
      await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
      const client = connect((httpServer.address() as AddressInfo).port, "127.0.0.1");
      client.on("error", () => {});
      client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: https://evil.example\r\n\r\n`);
      expect(await gone).toBeGreaterThan(0);
    },
  );

  it.each(["&sid=", "&sid=x&sid="])("who connects with %s is counted like everybody", async (query) => {
    const line = await openLine({ limits: { connectionsPerMinutePerAddress: 1 } });
    const knock = (): Promise<Response> =>
      fetch(`${line.url}${LINE_PATH}/?EIO=4&transport=polling${query}`, { headers: { Origin: SHOP_ORIGIN } });
    expect((await knock()).status).toBe(200);
    expect((await knock()).status).toBe(429);
  });

  it("who wants no acknowledgement is counted like everybody", async () => {
    const line = await openLine({ limits: { requestsPerMinute: 3 } });
    const socket = line.client();
    await welcomed(socket);
    for (let sent = 0; sent < 3; sent += 1) socket.emit("conversation-open", OPEN);
    expect(await ask(socket, "conversation-open", OPEN)).toMatchObject({ ok: false, error: { code: "rate-limited" } });
    expect(line.calls).toEqual([]);
  });

  it("whose frame is nested too deep is counted like everybody, and fills no log", async () => {
    const line = await openLine({ limits: { requestsPerMinute: 1 } });
    const socket = line.client();
    await welcomed(socket);
    const depth = 20_000;
    socket.io.engine.write(`2900["conversation-open",${"[".repeat(depth)}${"]".repeat(depth)}]`);
    expect(await ask(socket, "conversation-open", OPEN)).toMatchObject({ ok: false, error: { code: "rate-limited" } });
    expect(line.logged).toEqual([]);
  });

  it("who hammers on after many refusals is cut off, and may come back", async () => {
    const line = await openLine({ limits: { requestsPerMinute: 1 } });
    const socket = line.client();
    await welcomed(socket);
    const cut = next<string>(socket, "disconnect");
    for (let sent = 0; sent < 300; sent += 1) socket.emit("conversation-open", OPEN, () => {});
    expect(await cut).toBe("transport close");
    await welcomed(line.client());
  });

  it("who says hello twice on one connection is refused the second time", async () => {
    const line = await openLine();
    const socket = line.client();
    await welcomed(socket);
    const answer = new Promise<string>((resolve) => {
      socket.io.engine.on("data", (data: unknown) => {
        if (String(data).startsWith("4")) resolve(String(data));
      });
    });
    socket.io.engine.write("1");
    await expect.poll(() => line.sockets()).toBe(0);
    socket.io.engine.write(`0${JSON.stringify(HELLO)}`);
    expect(await answer).toContain("bad-request");
    expect(line.logged).toEqual([]);
  });

  it("who tries a failed answer again and again is limited as with messages", async () => {
    const shop = assistant({ allowedOrigins: [SHOP_ORIGIN] });
    const line = await openLine({ assistants: [{ ...shop, limits: { ...shop.limits, messagesPerMinute: 1 } }] });
    const socket = line.client();
    await welcomed(socket);
    const retry = { ...OPEN, turnId: "turn-0001" };
    expect(await ask(socket, "turn-retry", retry)).toMatchObject({ ok: true });
    expect(await ask(socket, "turn-retry", retry)).toMatchObject({ ok: false, error: { code: "rate-limited" } });
  });
});

class FakeConnection extends EventEmitter {
  readyState = "open";
  writeBuffer: { data: string }[] = [];
  close(): void {
    this.readyState = "closed";
    this.emit("close");
  }
  /** The network took everything. */
  flush(): void {
    this.writeBuffer = [];
    this.emit("drain");
  }
}

describe("large answers", () => {
  const MEGABYTES = { data: "x".repeat(2 * 1024 * 1024) };

  it("wait until the one before has left, and come in order", async () => {
    const connection = new FakeConnection();
    const pace = new ReadingPace(connection);
    const given: number[] = [];
    const give = async (number: number): Promise<void> => {
      given.push(number);
      connection.writeBuffer.push(MEGABYTES);
    };
    const turns = [1, 2, 3].map((number) => pace.inTurn(() => give(number)));
    await turns[0];
    expect(given).toEqual([1]);
    connection.flush();
    await turns[1];
    expect(given).toEqual([1, 2]);
    connection.flush();
    await turns[2];
    expect(given).toEqual([1, 2, 3]);
  });

  it("are not looked up for a connection that is gone, nor piled up for one that reads nothing", async () => {
    const connection = new FakeConnection();
    const pace = new ReadingPace(connection);
    connection.writeBuffer.push(MEGABYTES);
    let given = 0;
    const turns = Array.from({ length: 200 }, () => pace.inTurn(async () => void (given += 1)));
    await Promise.all(turns);
    expect(connection.readyState).toBe("closed");
    expect(given).toBe(0);
  });
});
