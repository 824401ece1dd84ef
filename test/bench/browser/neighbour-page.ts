import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { peer } from "../../support/peers.ts";

const PAGE = `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
<script type="module" src="/deepChat.bundle.js"></script><deep-chat connect='{"url": "/chat"}'></deep-chat></html>`;

/** The lightest neighbour that we know, deep-chat, as its makers say to put it on a page: the bundle and the element. */
export async function withNeighbour<Result>(work: (pageUrl: string) => Promise<Result>): Promise<Result> {
  const bundle = await readFile(await peer("deep-chat/dist/deepChat.bundle.js"));
  const server = createServer((request, response) => {
    const isScript = request.url === "/deepChat.bundle.js";
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" }).end(isScript ? bundle : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
