import { io } from "socket.io-client";
import { expect, onTestFinished, test } from "vitest";
import { LINE_PATH } from "../../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { startServer } from "../../server/start/start-server.ts";
import { waitFor } from "../support/wait-for.ts";
import { settingsFor, SHOP_ORIGIN, temporaryFolder, widgetFolder } from "./server-harness.ts";

const KEY = "k".repeat(32);

async function serverIn(folder: string) {
  const server = await startServer(await settingsFor(folder, { FRONTDESK_ADMIN_KEY: KEY, PUBLIC_URL: "https://desk.example" }), {
    widgetFolder: await widgetFolder(),
    logDestination: { write: () => {} },
  });
  onTestFinished(() => server.close());
  const url = `http://127.0.0.1:${server.port}`;
  const get = async (path: string) => {
    const answer = await fetch(`${url}/api/v1${path}`, { headers: { Authorization: `Bearer ${KEY}` } });
    expect(answer.status).toBe(200);
    return (await answer.json()) as Record<string, { origin: string; code: string }[]>;
  };
  /** A page of this origin opens its chat; resolves when it is in or turned away. */
  const open = async (origin: string, assistant = "shop"): Promise<void> => {
    const auth = { version: PROTOCOL_VERSION, assistant, sessionId: "session-one" };
    const socket = io(url, {
      path: LINE_PATH,
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
      auth,
      extraHeaders: { Origin: origin },
    });
    onTestFinished(() => void socket.disconnect());
    let ended = false;
    socket.on("welcome", () => (ended = true)).on("connect_error", () => (ended = true));
    await waitFor(() => ended);
  };
  const loadScript = (referer: string) => fetch(`${url}/frontdesk.js`, { headers: { Referer: referer } });
  return { server, get, open, loadScript };
}

test("the owner sees which pages came, which were turned away and why, also after a restart", async () => {
  const folder = await temporaryFolder();
  const { server, get, open, loadScript } = await serverIn(folder);
  const codes = async () => (await get("/assistants/shop/health"))["findings"]!.map(({ code }) => code);
  expect(await codes()).toEqual(["model-not-tried", "never-seen", "kept-for-good"]);

  await loadScript("https://blog.example/post?token=secret");
  await loadScript(`${SHOP_ORIGIN}/`);
  await open(SHOP_ORIGIN);
  await open(SHOP_ORIGIN, "shpo");
  await open("https://www.shop.example");

  const view = await get("/assistants/shop/sightings");
  expect(view).toMatchObject({
    seen: [{ origin: SHOP_ORIGIN, times: 1, own: false, firstSeen: expect.any(Number), lastSeen: expect.any(Number) }],
    refused: [
      { origin: "https://www.shop.example", reason: "origin-refused", certain: false },
      { origin: SHOP_ORIGIN, reason: "unknown-assistant", asked: "shpo", certain: true },
    ],
    scriptOnly: [{ origin: "https://blog.example" }],
  });
  expect(JSON.stringify(view)).not.toContain("secret");
  expect(await codes()).toEqual(["pages-refused", "pages-with-wrong-key", "model-not-tried", "script-only", "kept-for-good"]);
  expect(await get("/assistants-health")).toMatchObject({ items: [{ assistant: "shop", broken: 0, risky: 2, hints: 3 }] });

  await server.close();
  const again = await serverIn(folder);
  expect(await again.get("/assistants/shop/sightings")).toEqual(view);
});

test("a page of another website loads the script as before, and sends no header that we need", async () => {
  const { get, loadScript } = await serverIn(await temporaryFolder());
  for (const referer of ["", "nonsense", "about:blank"]) expect((await loadScript(referer)).status).toBe(200);
  expect((await get("/assistants/shop/sightings"))["scriptOnly"]).toEqual([]);
});
