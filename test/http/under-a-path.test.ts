/** A server that browsers reach under a path, behind a proxy that takes it off or leaves it on: both are asked here. */
import { io as connect } from "socket.io-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { LINE_PATH } from "../../protocol/frames.ts";
import { start } from "./server-harness.ts";

const ADMIN_KEY = "an-admin-key-of-at-least-32-characters";
const PUBLIC_URL = "https://shop.example/desk";
/** How a request arrives whose path a proxy has taken off, and how one whose path it has left on. */
const ARRIVING = ["", "/desk"];

const startUnderPath = (environment: Record<string, string> = {}) =>
  start({ environment: { PUBLIC_URL, FRONTDESK_ADMIN_KEY: ADMIN_KEY, ...environment } });

describe.each(ARRIVING)("a request that arrives at “%s/…”", (base) => {
  it("finds everything", async () => {
    const { url } = await startUnderPath();
    for (const path of [
      "/",
      "/frontdesk.js",
      "/assets/thread-1.js",
      "/frontdesk.json",
      "/healthz",
      "/readyz",
      "/setup",
      "/invitation",
      "/console",
    ])
      expect([path, (await fetch(`${url}${base}${path}`)).status]).toEqual([path, 200]);
    for (const path of ["/metrics", "/connect/assets/connect.js", "/oauth/client.json", "/api/v1/openapi.json", "/api/auth/get-session"])
      expect([path, (await fetch(`${url}${base}${path}`)).status]).toEqual([path, 200]);
    expect((await fetch(`${url}${base}?x=1`)).status).toBe(200);
  });

  it.each(["websocket", "polling"])("opens the line by %s, for pages of its own host too", async (transport) => {
    const { url } = await startUnderPath();
    const socket = connect(url, {
      path: `${base}${LINE_PATH}`,
      transports: [transport],
      forceNew: true,
      auth: { version: 1, assistant: "shop", sessionId: "session-one" },
      extraHeaders: { Origin: "https://shop.example" },
    });
    onTestFinished(() => void socket.disconnect());
    expect(await new Promise((resolve) => socket.once("welcome", resolve))).toMatchObject({ assistant: { key: "shop" } });
  });

  it("is answered with addresses as they are outside", async () => {
    const { url } = await startUnderPath();
    const at = (path: string, options?: RequestInit) => fetch(`${url}${base}${path}`, options);
    const text = async (path: string): Promise<string> => (await at(path)).text();
    const manifest = (await (await at("/frontdesk.json")).json()) as { script: Record<string, string>; files: { path: string }[] };
    expect(manifest.script["path"]).toBe("/desk/frontdesk.js");
    for (const path of [manifest.script["pinned"] ?? "", ...manifest.files.map((file) => file.path)]) {
      expect(path).toMatch(/^\/desk\/v\//);
      expect((await fetch(url + path)).status).toBe(200);
    }
    const front = await text("/");
    expect(front).toContain("https://shop.example/desk/frontdesk.js");
    expect(hrefs(front)).toEqual(["/desk/console", "/desk/healthz", "/desk/readyz", "/desk/frontdesk.json"]);
    for (const path of ["/setup", "/invitation"])
      expect((await at(path, { redirect: "manual" })).headers.get("location")).toBe(`/desk/console${path}`);
    const console = await text("/console/assistants");
    expect(console).toContain('data-base="/desk"');
    expect(
      [...hrefs(console), ...[...console.matchAll(/src="([^"]+)"/g)].map(([, src]) => src)].filter((one) => one !== "data:,"),
    ).toSatisfy((all: string[]) => all.every((one) => one.startsWith("/desk/console/assets/")));
    expect(hrefs(await text("/connect/no-such-ticket-as-this"))).toEqual(["data:,", "/desk/connect/assets/connect.css"]);
    expect(await (await at("/api/v1/openapi.json")).json()).toMatchObject({ servers: [{ url: "https://shop.example/desk/api/v1" }] });
    expect(await (await at("/oauth/client.json")).json()).toMatchObject({
      client_id: "https://shop.example/desk/oauth/client.json",
      client_uri: "https://shop.example/desk",
      redirect_uris: ["https://shop.example/desk/oauth/callback"],
    });
    const made = await at("/api/v1/groups", {
      method: "POST",
      headers: { Authorization: `Bearer ${ADMIN_KEY}`, "Content-Type": "application/json" },
      body: JSON.stringify({ name: "Night shift" }),
    });
    expect(made.headers.get("location")).toMatch(/^\/desk\/api\/v1\/groups\/./);
    expect((await fetch(url + made.headers.get("location"), { headers: { Authorization: `Bearer ${ADMIN_KEY}` } })).status).toBe(200);
    expect(await text("/api/v1/nothing")).toContain("There is nothing at /desk/api/v1/nothing. /desk/api/v1/openapi.json lists");
  });
});

it("takes the path off once, and only where it ends with a slash or the address", async () => {
  const { url } = await startUnderPath();
  for (const path of ["/desk/desk/healthz", "/desks/healthz", "/deskhealthz", "/DESK/healthz", "/other/desk/healthz", "//desk/healthz"])
    expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 404]);
});

it("says nothing for the whole host, which is somebody else's: only on a host of its own is https for ever", async () => {
  const hsts = async (PUBLIC_URL: string) =>
    (await fetch(`${(await start({ environment: { PUBLIC_URL } })).url}/healthz`)).headers.get("strict-transport-security");
  expect(await hsts("https://shop.example/desk")).toBeNull();
  expect(await hsts("https://desk.example/")).toContain("max-age");
});

it("the first admin's link, and an invitation, lead under the path", async () => {
  const { setupUrl } = await startUnderPath({ FRONTDESK_ADMIN_KEY: "" });
  expect(setupUrl).toMatch(/^https:\/\/shop\.example\/desk\/setup#./);
  const { url } = await startUnderPath();
  const invited = await fetch(`${url}/api/v1/people`, {
    method: "POST",
    headers: { Authorization: `Bearer ${ADMIN_KEY}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "Bob", email: "bob@desk.example", roles: ["support"] }),
  });
  expect(await invited.text()).toContain("https://shop.example/desk/invitation#");
});

function hrefs(html: string): string[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? "");
}
