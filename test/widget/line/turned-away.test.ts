import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { expect, onTestFinished, test } from "vitest";
import { LINE_PATH } from "../../../protocol/frames.ts";
import { openLine } from "../../live/line-harness.ts";
import { welcomeFrame } from "../../support/memory-line.ts";
import { hearLine } from "./heard-line.ts";

// A page without an origin, which no assistant allows, is what Node sends by itself.
test("a page that is turned away at the door hears why, and does not knock again", async () => {
  const { url, logged } = await openLine();
  const { heard } = hearLine(url);
  await expect.poll(() => heard).toContain("refused origin-refused");
  expect(heard.filter((word) => word.startsWith("refused"))).toEqual(["refused origin-refused"]);
  expect(heard.at(-1)).toBe("refused origin-refused");
  expect(logged.join()).toContain("Refused a socket");
});

test("a door that is shut for a moment is no refusal: the line comes in when it opens", async () => {
  const http = createServer();
  const io = new Server(http, { path: LINE_PATH });
  onTestFinished(() => io.close());
  io.on("connection", (socket) => void socket.emit("welcome", welcomeFrame()));
  let turnedAway = 0;
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (turnedAway++ > 1) return next();
    if (request.headers.upgrade !== undefined) return void request.socket.destroy();
    response.writeHead(503).end(JSON.stringify({ error: { code: "stopping", message: "The server is restarting.", retryAfterMs: 10 } }));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { heard } = hearLine(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
  await expect.poll(() => heard.at(-1)).toBe("welcome");
  expect(new Set(heard)).toEqual(new Set(["lost", "welcome"]));
});
