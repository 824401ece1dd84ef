/** The chat of a page whose server cannot be reached: the owner is told why in the console, the customer without it. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Visit } from "../story/visit.ts";
import { openSite, type PageParts, type Site } from "./page-with.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterEach(async ({ task }) => void (await site.stage.endVisits(task)));
afterAll(() => site.close());

const SENTENCE = "The chat cannot be reached at the moment. Your messages are sent when it is back.";

async function serve(answer: Parameters<typeof createServer>[1]): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Opens the chat and writes; resolves when the customer reads that it cannot be reached. */
async function unreached(parts: PageParts): Promise<{ readonly visit: Visit; readonly told: readonly string[] }> {
  const told: string[] = [];
  const prepare = (context: { on: Visit["context"]["on"] }): Promise<unknown> =>
    Promise.resolve(context.on("console", (message) => message.text().startsWith("Frontdesk") && told.push(message.text())));
  const visit = await site.visit(parts, { prepare });
  await visit.openPanel();
  await visit.ask("Is anybody there?");
  await visit.notice.getByText(SENTENCE).waitFor();
  return { visit, told };
}

async function expectAdvice(told: readonly string[], server: string): Promise<void> {
  await expect.poll(() => told.length).toBe(1);
  for (const part of [`at ${server}/line/`, "data-server", "connect-src", "proxy", `${server}/healthz`]) expect(told[0]).toContain(part);
}

test("a server that is not Frontdesk", async () => {
  const { url } = await serve((_request, response) => void response.writeHead(200, { "access-control-allow-origin": "*" }).end("<p>Hello"));
  const { told, visit } = await unreached({ tag: `data-server="${url}"` });
  await expectAdvice(told, url);
  expect(await visit.message.isEnabled()).toBe(true);
  expect(await visit.said()).toEqual(["Is anybody there?"]);
});

test("a port where nobody listens; what was written is sent when somebody does", async () => {
  const { server, url } = await serve(() => undefined);
  server.close();
  const { told, visit } = await unreached({ tag: `data-server="${url}"` });
  await expectAdvice(told, url);
  const { port } = new URL(url);
  const desk = new URL(site.stage.demo.deskUrl);
  const { createServer: createTunnel, connect } = await import("node:net");
  const tunnel = createTunnel((socket) => {
    const onward = connect(Number(desk.port), desk.hostname);
    for (const one of [socket, onward]) one.on("error", () => [socket, onward].forEach((each) => each.destroy()));
    socket.pipe(onward).pipe(socket);
  });
  tunnel.listen(Number(port), "127.0.0.1");
  onTestFinished(() => void tunnel.close());
  await visit.answers.first().waitFor();
  await expect.poll(() => visit.notice.count()).toBe(0);
  expect(told.length).toBe(1);
});

test("a wrong path of the right server", async () => {
  const server = `${site.stage.demo.deskUrl}/wrong`;
  const { told } = await unreached({ tag: `data-server="${server}"` });
  await expectAdvice(told, server);
});

test("a policy without connect-src", async () => {
  const policy = `<meta http-equiv="Content-Security-Policy" content="connect-src 'none'">`;
  const { told } = await unreached({ head: policy });
  await expectAdvice(told, site.stage.demo.deskUrl);
  const { host } = new URL(site.stage.demo.deskUrl);
  expect(told[0]).toContain(`connect-src http://${host} ws://${host}`);
});

test("a script of the page's own, without data-server: the page's server is asked", async () => {
  const { url } = await serve(
    (request, response) =>
      void fetch(site.stage.demo.deskUrl + request.url).then(async (found) => {
        if (request.url?.startsWith("/line/")) return response.writeHead(404).end();
        const headers = { "content-type": found.headers.get("content-type") ?? "", "access-control-allow-origin": "*" };
        return response.writeHead(found.status, headers).end(await found.text());
      }),
  );
  const { told } = await unreached({ tag: false, body: `<script src="${url}/frontdesk.js" data-assistant="shop"></script>` });
  await expectAdvice(told, url);
});
