/** The console's policy allows connections to `'self'`: in every engine that has to mean the staff line's WebSocket too. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Engine, ENGINES } from "./engine.ts";
import { whyNotInstalled } from "./installed-engines.ts";
import { startEngine } from "./start-engine.ts";
import { POLICY } from "../../server/http/console/console-routes.ts";
import { Server as LineServer } from "socket.io";

let httpServer: Server;
let url: string;
beforeAll(async () => {
  httpServer = createServer((_request, response) => {
    response
      .writeHead(200, { "Content-Type": "text/html", "Content-Security-Policy": POLICY })
      .end("<!doctype html><title>Console</title>");
  });
  new LineServer(httpServer, { path: "/staff-line", serveClient: false });
  await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
});
afterAll(() => {
  httpServer.close();
  httpServer.closeAllConnections();
});

const CASES = ENGINES.map((name) => ({ name, missing: whyNotInstalled(name) }));

describe.for(CASES.filter(({ missing }) => missing === undefined))("in $name", ({ name }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(name);
  });
  afterAll(() => engine?.close());

  test("a page under the console's policy opens the WebSocket of its own server, and of no other", async () => {
    const page = await (await engine.newCustomer()).open(url);
    const opened = (address: string) =>
      page.call(
        (path) =>
          new Promise<string>((resolve) => {
            try {
              const socket = new WebSocket(path);
              socket.addEventListener("open", () => resolve("open"));
              socket.addEventListener("error", () => resolve("refused"));
            } catch {
              resolve("refused");
            }
          }),
        address,
      );
    const query = "/staff-line/?EIO=4&transport=websocket";
    expect(await opened(url.replace("http:", "ws:") + query)).toBe("open");
    // The same server under another name is another origin.
    expect(await opened(`ws://localhost:${new URL(url).port}${query}`)).toBe("refused");
  });
});

describe.for(CASES.filter(({ missing }) => missing !== undefined))("in $name", ({ missing }) => {
  test.skip(`the console's line. ${missing}`, () => undefined);
});
