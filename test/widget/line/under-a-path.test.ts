import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { expect, onTestFinished, test } from "vitest";
import { openSocketLine } from "../../../widget/line/socket-line.ts";
import { HELLO } from "../../live/line-harness.ts";
import { welcomeFrame } from "../../support/memory-line.ts";

/** A server whose line is at `path`. */
async function serverAt(path: string, transports: ("websocket" | "polling")[]): Promise<string> {
  const http = createServer((_request, response) => void response.writeHead(404).end());
  const io = new Server(http, { path, transports });
  onTestFinished(() => io.close());
  io.on("connection", (socket) => void socket.emit("welcome", welcomeFrame()));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

test.each([
  ["", "/line"],
  ["/", "/line"],
  ["/desk", "/desk/line"],
  ["/desk/", "/desk/line"],
  ["//a//desk//", "/a/desk/line"],
  ["/desk?x=1#y", "/desk/line"],
])("the line of a server whose address ends in %j is at %s, over either transport", async (end, path) => {
  for (const transport of ["websocket", "polling"] as const) {
    const origin = await serverAt(path, [transport]);
    const heard: string[] = [];
    const ignore = (): void => {};
    const welcome = (): void => void heard.push("welcome");
    const listener = {
      welcome,
      events: ignore,
      text: ignore,
      more: ignore,
      progress: ignore,
      renew: ignore,
      typing: ignore,
      "page-call": ignore,
      lost: ignore,
      refused: ignore,
    };
    const line = openSocketLine({ server: origin + end, assistant: "shop", hello: () => HELLO, listener });
    onTestFinished(() => line.close());
    await expect.poll(() => heard).toContain("welcome");
  }
});
