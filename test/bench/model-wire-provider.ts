/**
 * A provider in its own process, for `model-wire.ts`: streams numbered tokens in the format that the path asks for, one
 * every `gapMs`, each with the time at which it left. `/pace?tokens=…&gapMs=…` sets the pace of later answers. Prints
 * its port.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { anthropic, gemini, openAiChat, openAiResponses, type WireFormat } from "../model/wire-formats.ts";

let tokens = 100;
let gapMs = 20;

function formatOf(path: string): WireFormat {
  if (path.includes("streamGenerateContent")) return gemini;
  if (path.includes("/messages")) return anthropic;
  return path.includes("/responses") ? openAiResponses : openAiChat;
}

function stream(response: ServerResponse, format: WireFormat): void {
  // The last event before the end is the piece itself; what comes before it begins an answer.
  const pieceOf = (text: string): string => format.unfinished({ pieces: [text] }).find((event) => event.includes("token@")) ?? "";
  const end = format.events({}).slice(format.unfinished({}).length);
  let sent = 0;
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(
    format
      .unfinished({})
      .filter((event) => !event.includes("content_block_stop"))
      .join(""),
  );
  const next = (): void => {
    if (response.destroyed) return;
    if (sent++ === tokens) response.end(end.join(""));
    else {
      response.write(pieceOf(` token@${(performance.timeOrigin + performance.now()).toFixed(3)} `));
      setTimeout(next, gapMs);
    }
  };
  setTimeout(next, Math.random() * gapMs);
}

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    const url = new URL(request.url ?? "/", "http://provider");
    if (url.pathname !== "/pace") return stream(response, formatOf(url.pathname));
    tokens = Number(url.searchParams.get("tokens"));
    gapMs = Number(url.searchParams.get("gapMs"));
    response.end();
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit());
