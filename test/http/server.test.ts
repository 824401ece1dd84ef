import { rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { io as connect, type Socket } from "socket.io-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { LINE_PATH } from "../../protocol/frames.ts";
import type { Store } from "../../server/conversation/ports/store.ts";
import { StoreUnwritableError } from "../../server/conversation/ports/errors.ts";
import { startServer } from "../../server/start/start-server.ts";
import { settingsFor, SHOP_ORIGIN, start, temporaryFolder } from "./server-harness.ts";

function customer(url: string, transport: "websocket" | "polling" = "websocket"): Socket {
  const socket = connect(url, {
    path: LINE_PATH,
    transports: [transport],
    forceNew: true,
    auth: { version: 1, assistant: "shop", sessionId: "session-one" },
    extraHeaders: { Origin: SHOP_ORIGIN },
  });
  onTestFinished(() => void socket.disconnect());
  return socket;
}

const welcomed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once("welcome", resolve));

/** A store whose `listDue` does what the test says. */
function withListDue(listDue: Store["listDue"]) {
  return <T extends object>(name: string, port: T): T =>
    name === "store" ? new Proxy(port, { get: (target, key) => (key === "listDue" ? listDue : bound(target, key)) }) : port;
}

function bound(target: object, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key);
  return typeof value === "function" ? value.bind(target) : value;
}

describe("a server", () => {
  it("is healthy and ready", async () => {
    const { url } = await start();
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: "ok" });
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: "ready" });
  });

  it("is alive but not ready while its store fails", async () => {
    const { url } = await start({ wrapPort: withListDue(() => Promise.reject(new Error("disk gone"))) });
    const response = await fetch(`${url}/readyz`);
    expect([response.status, await response.json()]).toEqual([503, { status: "not-ready", problem: "store-failed" }]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it("tells customers to try again, and is not ready, while nothing can be written", async () => {
    const full = (): Promise<never> => Promise.reject(new StoreUnwritableError("The disk is full. Make room."));
    let isFull = true;
    const { url, logged } = await start({
      wrapPort: (name, port) =>
        name === "store"
          ? new Proxy(port, { get: (target, key) => (isFull && (key === "append" || key === "tryWrite") ? full : bound(target, key)) })
          : port,
    });
    const response = await fetch(`${url}/readyz`);
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: "not-ready", problem: "store-unwritable", detail: "The disk is full. Make room." },
    ]);
    const socket = customer(url);
    await welcomed(socket);
    const send = (): Promise<unknown> =>
      socket.timeout(10_000).emitWithAck("message-send", { conversationId: "conversation-one", messageId: "message-one", text: "Hi" });
    for (let time = 0; time < 3; time += 1)
      expect(await send()).toMatchObject({
        ok: false,
        error: { code: "busy", retryAfterMs: 5_000, detail: expect.not.stringContaining("disk") },
      });
    expect(logged.filter((line) => line.includes("are turned away"))).toHaveLength(1);
    isFull = false;
    expect(await send()).toMatchObject({ ok: true });
  });

  it("is not ready while its store is silent", async () => {
    const { url } = await start({ wrapPort: withListDue(() => new Promise(() => undefined)) });
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: "not-ready", problem: "store-silent" });
  });

  it("says what it is to whoever opens it in a browser, and lets that page load nothing", async () => {
    const { url } = await start({ environment: { PUBLIC_URL: "https://desk.example" } });
    const response = await fetch(url);
    expect(await response.text()).toContain("https://desk.example/frontdesk.js");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("strict-transport-security")).toContain("max-age");
    expect(response.headers.get("x-powered-by")).toBeNull();
  });

  it("takes customers who come by long-polling, and no page answers for the line", async () => {
    const { url } = await start();
    expect(await welcomed(customer(url, "polling"))).toMatchObject({ assistant: { key: "shop" } });
  });

  it("answers what it does not know in JSON", async () => {
    const { url } = await start();
    const missing = await fetch(`${url}/nothing/<b>`);
    expect([missing.status, await missing.json()]).toEqual([
      404,
      { error: { code: "not-found", message: "There is nothing at /nothing/%3Cb%3E." } },
    ]);
    const posted = await fetch(`${url}/healthz`, { method: "POST", body: "x" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    expect((await fetch(`${url}/v/%zz/x`)).status).toBe(400);
  });

  it("counts its sockets and its own process for Prometheus, and names no customer", async () => {
    const { url } = await start();
    await welcomed(customer(url));
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toMatch(/^frontdesk_sockets 1$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).toContain("frontdesk_turns_total");
    expect(text).not.toContain("session-one");
  });

  it("keeps customers between starts", async () => {
    const folder = await temporaryFolder();
    const settings = await settingsFor(folder, { LOG_LEVEL: "silent" });
    const tokens: unknown[] = [];
    for (let round = 0; round < 2; round += 1) {
      const server = await startServer(settings);
      const socket = connect(`http://127.0.0.1:${server.port}`, {
        path: LINE_PATH,
        transports: ["websocket"],
        forceNew: true,
        auth: {
          version: 1,
          assistant: "shop",
          sessionId: "session-one",
          ...(round === 0 ? {} : { token: (tokens[0] as { token: string }).token }),
        },
        extraHeaders: { Origin: SHOP_ORIGIN },
      });
      tokens.push(await welcomed(socket));
      socket.disconnect();
      await server.close();
    }
    expect(tokens[1]).toMatchObject({ customerId: (tokens[0] as { customerId: string }).customerId });
  });

  it("passes every port through wrapPort", async () => {
    const names = new Set<string>();
    await start({
      wrapPort: (name, port) => {
        names.add(name);
        return port;
      },
    });
    expect([...names].sort()).toEqual(["assistants", "clock", "meter", "models", "room", "signIns", "store", "tools"]);
  });

  it("logs no secret of its configuration", async () => {
    const { logged, url } = await start({ wrapPort: withListDue(() => Promise.reject(new Error("wrong key sk-never-shown"))) });
    await fetch(`${url}/readyz`);
    await expect.poll(() => logged.join()).toContain("wrong key");
    expect(logged.join()).not.toContain("sk-never-shown");
  });
});

describe("a database that was lost", () => {
  const FILE = "frontdesk.sqlite";
  const startIn = async (folder: string): Promise<string> => {
    const logged: string[] = [];
    const server = await startServer(await settingsFor(folder), { logDestination: { write: (line) => void logged.push(line) } });
    await server.close();
    return logged.join("");
  };

  it("is refused when its file is empty beside the keys, and missed aloud when it is gone", async () => {
    const folder = await temporaryFolder();
    expect(await startIn(folder)).not.toContain("no database beside them");
    const path = join(folder, "data", FILE);
    await writeFile(path, "");
    await expect(startIn(folder)).rejects.toThrow(`The database ${path} is empty: what was in it is gone. Put a backup in its place.`);
    await rm(path);
    expect(await startIn(folder)).toContain("There are keys but no database beside them");
    expect(await startIn(folder)).not.toContain("no database beside them");
  });

  it("is missed aloud by its keys as well", async () => {
    const folder = await temporaryFolder();
    expect(await startIn(folder)).not.toContain("is gone");
    await rm(join(folder, "data/secret.key"));
    expect(await startIn(folder)).toContain("secret.key is gone: with a new one, customers lose their conversations.");
    await rm(join(folder, "data/encryption.key"));
    expect(await startIn(folder)).toContain("encryption.key is gone: a new one opens no secret that is stored.");
    expect(await startIn(folder)).not.toContain("is gone");
  });
});

describe("stopping", () => {
  it("takes nothing new, tells who asks, and then everything is closed", async () => {
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let isHeld = false;
    const server = await start({
      wrapPort: (name, port) =>
        name === "store"
          ? new Proxy(port, {
              get: (target, key) => {
                const value = bound(target, key) as (...values: unknown[]) => unknown;
                if (key !== "append") return value;
                return async (...values: unknown[]) => {
                  isHeld = true;
                  await held;
                  return value(...values);
                };
              },
            })
          : port,
    });
    const socket = customer(server.url);
    await welcomed(socket);
    const ask = (messageId: string): Promise<unknown> =>
      socket.timeout(10_000).emitWithAck("message-send", { conversationId: "conversation-one", messageId, text: "Hi" });
    const first = ask("message-one");
    await expect.poll(() => isHeld).toBe(true);
    goOn();
    expect(await first).toMatchObject({ ok: true });

    const lost = new Promise((resolve) => socket.once("disconnect", resolve));
    const closed = server.close();
    expect(await ask("message-two")).toMatchObject({ ok: false, error: { code: "stopping" } });
    await closed;
    // A reason after which browsers connect again by themselves.
    expect(await lost).toBe("transport close");
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    await server.close();
  });
});

describe("a start that cannot be", () => {
  async function takenPort(): Promise<number> {
    const other: Server = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    return (other.address() as AddressInfo).port;
  }

  it("says that the port is taken, and lets go of the database", async () => {
    const folder = await temporaryFolder();
    const port = await takenPort();
    const settings = await settingsFor(folder, { PORT: String(port), LOG_LEVEL: "silent" });
    await expect(startServer(settings)).rejects.toThrow(
      `Port ${port} is already used by another program. Stop that program, or set PORT to another port.`,
    );
    const server = await startServer({ ...settings, port: 0 });
    await server.close();
  });

  it("says that another server uses the same data", async () => {
    const folder = await temporaryFolder();
    const settings = await settingsFor(folder, { LOG_LEVEL: "silent" });
    const server = await startServer(settings);
    onTestFinished(() => server.close());
    await expect(startServer(settings)).rejects.toThrow(/Another Frontdesk uses DATA_DIR/);
  });

  it("says that HOST is no address of this machine", async () => {
    const settings = await settingsFor(await temporaryFolder(), { HOST: "192.0.2.1", LOG_LEVEL: "silent" });
    await expect(startServer(settings)).rejects.toThrow(/HOST 192\.0\.2\.1 is not an address of this machine/);
  });
});
