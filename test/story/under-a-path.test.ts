/**
 * Frontdesk under a path of the shop's own host, behind a real nginx with the lines of docs/operating.md. They are
 * changed to what else is promised there: the path taken off, and no WebSockets.
 */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { freePortPair } from "../../demo/start/ports.ts";
import { findNginx, type Nginx, NO_NGINX, startNginx } from "../support/nginx.ts";
import { waitFor } from "../support/wait-for.ts";
import { openStage, type Stage } from "./stage.ts";
import { readOrder } from "./shop-orders.ts";
import type { Visit } from "./visit.ts";

const BASE = "/desk";
/** Slow enough that there is much time to stop a long answer. */
const TOKENS_PER_SECOND = 80;
const LONG_QUESTION = "Write a long answer about glazes";
const LONG_MIDDLE = "as firm as cold butter";
const LONG_END = "the script thanks you.";

const program = findNginx();
let stage: Stage;
let nginx: Nginx;
/** The shop, and Frontdesk under `/desk`. */
let host: string;

beforeAll(async () => {
  if (program === undefined) return;
  const port = await freePortPair();
  host = `http://127.0.0.1:${port}`;
  stage = await openStage({ tokensPerSecond: TOKENS_PER_SECOND, publicUrl: host + BASE });
  nginx = await startNginx(program, port, proxy(leavesPathOn));
});
afterEach(async ({ task }) => expect(await stage?.endVisits(task)).toEqual(program === undefined ? undefined : []));
afterAll(async () => {
  await nginx?.close();
  await stage?.close();
});

/** What the documentation says, for the ports of this test, and with `change`. */
function proxy(change: (location: string) => string): string {
  const page = readFileSync(new URL("../../docs/operating.md", import.meta.url), "utf8");
  const [, snippet = ""] = /```nginx\n(.*?)```/s.exec(page) ?? [];
  const [map = "", location = ""] = snippet.split("# In the server { } of shop.example:");
  expect(location).toContain("proxy_pass http://127.0.0.1:4400;");
  return `${map}
server {
  listen ${new URL(host).host};
  ${change(location).replace("http://127.0.0.1:4400", stage.demo.parts.server.url)}
  location / { proxy_pass ${stage.demo.shopUrl}; }
  location ~ \\.js$ { return 410; }
}`;
}

const leavesPathOn = (location: string): string => location;
const takesPathOff = (location: string): string => location.replace("127.0.0.1:4400;", "127.0.0.1:4400/;");
const withoutWebSockets = (location: string): string => location.replace(/^.*(?:Upgrade|\$connection_upgrade).*$/gm, "");

/** The transports that a page's line really used, from now on. */
function watch(page: Page): ReadonlySet<string> {
  const transports = new Set<string>();
  page.on("websocket", (socket) => {
    if (!socket.url().startsWith(`${host.replace("http", "ws")}${BASE}/line/`)) return;
    socket.on("framereceived", () => transports.add("websocket"));
  });
  page.on("response", (response) => {
    const { pathname, searchParams } = new URL(response.url());
    if (pathname === `${BASE}/line/` && searchParams.get("transport") === "polling" && response.ok()) transports.add("polling");
  });
  return transports;
}

/** With the panel open. `transports`: over what its line really went. */
async function arrive(path: string): Promise<{ readonly visit: Visit; readonly transports: ReadonlySet<string> }> {
  const visit = await stage.visit(path);
  const transports = watch(visit.page);
  await visit.openPanel();
  return { visit, transports };
}

/** The beginning of an answer is there long before its end, which never comes. */
async function askAndStop(visit: Visit): Promise<void> {
  await visit.ask(LONG_QUESTION);
  await visit.answered(LONG_MIDDLE);
  await visit.stop.click();
  await visit.log.getByText("Stopped", { exact: true }).waitFor();
  await visit.page.reload();
  await visit.answered(LONG_MIDDLE);
  expect((await visit.answerTexts()).join("")).not.toContain(LONG_END);
}

async function approveRefund(visit: Visit, orderId: string): Promise<void> {
  await visit.askRefund(orderId);
  await visit.page.reload();
  await visit.approve.click();
  await visit.decided(/Approved by you/).waitFor();
  await waitFor(async () => (await readOrder(stage.demo.ordersUrl, orderId)).refunds.length === 1);
}

async function signIn(visit: Visit): Promise<void> {
  await visit.ask("How many club points do I have?");
  await visit.connect.waitFor();
  const opened = visit.page.waitForEvent("popup");
  await visit.connect.click();
  const popup = await opened;
  const callback = popup.waitForRequest((request) => request.url().startsWith(`${host}${BASE}/oauth/callback?`));
  const closed = popup.waitForEvent("close");
  await popup.getByRole("button", { name: "Continue as Ada Quill" }).click();
  await callback;
  await closed;
  await visit.answered("420 points");
}

describe.skipIf(program === undefined)(program === undefined ? NO_NGINX : "under a path of the shop", () => {
  test.each([
    ["leaves the path on and lets WebSockets through", leavesPathOn, "websocket", (location: string) => location],
    ["takes the path off and lets none through", takesPathOff, "polling", withoutWebSockets],
  ])("behind a proxy that %s, a page of its host asks, stops, reloads, approves and signs in", async (_name, path, transport, sockets) => {
    await nginx.configure(proxy((location) => sockets(path(location))));
    const orderId = stage.newOrder();
    const { visit, transports } = await arrive(`${host}/orders/${orderId}`);
    await askAndStop(visit);
    await approveRefund(visit, orderId);
    await signIn(visit);
    expect([...transports]).toEqual([transport]);
    // On its own host, an address needs no more than the path.
    await visit.page.evaluate((server) => document.querySelector("front-desk")?.setAttribute("server", server), BASE);
    await visit.log.getByText("Hello, this is the Lull assistant.").waitFor();
    await visit.ask("Hello");
    await visit.answered("I am the scripted model of this demo");
  });

  test.each([
    ["takes the path off and lets WebSockets through", takesPathOff, "websocket", (location: string) => location],
    ["leaves the path on and lets none through", leavesPathOn, "polling", withoutWebSockets],
  ])("behind a proxy that %s, a page of another host asks and signs in", async (_name, path, transport, sockets) => {
    await nginx.configure(proxy((location) => sockets(path(location))));
    const { visit, transports } = await arrive("/");
    await visit.ask("Where is order 1042?");
    await visit.answered("The parcel is with Heron Post");
    await signIn(visit);
    // The same conversation in an element that the page has itself.
    await visit.page.goto(`${stage.demo.shopUrl}/inline`);
    await visit.answered("420 points");
    expect([...transports]).toEqual([transport]);
  });

  test.each([
    ["leaves the path on", leavesPathOn],
    ["takes the path off", takesPathOff],
  ])("behind a proxy that %s, what browsers and programs are told leads back through it", async (_name, path) => {
    await nginx.configure(proxy(path));
    const desk = host + BASE;
    for (const address of ["/", "/healthz", "/readyz", "/setup", "/frontdesk.json"])
      expect([address, (await fetch(desk + address)).status]).toEqual([address, 200]);
    expect((await fetch(`${desk}/metrics`)).status).toBe(404);
    const { script } = (await (await fetch(`${desk}/frontdesk.json`)).json()) as { script: { pinned: string } };
    const pinned = await fetch(new URL(script.pinned, `${desk}/frontdesk.json`));
    expect([pinned.status, new URL(pinned.url).pathname.startsWith(`${BASE}/v/`)]).toEqual([200, true]);
    const { servers } = (await (await fetch(`${desk}/api/v1/openapi.json`)).json()) as { servers: { url: string }[] };
    expect(servers).toEqual([{ url: `${desk}/api/v1` }]);
    expect((await fetch(`${servers[0]?.url}/me`)).status).toBe(401);
  });
});
