import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { echo, openUpgrades, PAGE } from "./upgrade-harness.ts";

describe("an upgrade", () => {
  it("reaches whoever stands at its path", async () => {
    const came: string[] = [];
    const at = (name: string) => {
      const { upgrade, ...rest } = echo();
      return { ...rest, upgrade: (...given: Parameters<typeof upgrade>) => (came.push(name), upgrade(...given)) };
    };
    const { knock } = await openUpgrades({ entrances: { "/voice": at("voice"), "/devices/": at("devices") } });
    expect((await knock("/voice?assistant=shop")).status).toBe(101);
    expect((await knock("/devices/")).status).toBe(101);
    expect((await knock("/devices/lamp")).status).toBe(101);
    expect(came).toEqual(["voice", "devices", "devices"]);
  });

  it.each(["/", "/echo/below", "/echoes", "/elsewhere", "/devices", "//echo", "/%65cho"])(
    "to %s, where nobody stands, is refused at once",
    async (path) => {
      const { knock } = await openUpgrades({ entrances: { "/echo": echo(), "/devices/": echo() } });
      const { status, error, headers } = await knock(path);
      expect(status).toBe(404);
      expect(error).toMatchObject({ code: "not-found", detail: expect.any(String) });
      expect(headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store", connection: "close" });
    },
  );

  it("of a page that may not come is refused, whichever protocol is behind the door", async () => {
    const { knock, logged } = await openUpgrades({
      entrances: { "/echo": echo(), "/voice": echo({ origins: () => ["https://voice.example"] }) },
    });
    expect(await knock("/echo", { Origin: "https://evil.example" })).toMatchObject({ status: 403, error: { code: "origin-refused" } });
    expect(await knock("/voice")).toMatchObject({ status: 403, error: { code: "origin-refused" } });
    expect((await knock("/voice", { Origin: "https://voice.example" })).status).toBe(101);
    expect(logged.join()).toContain(PAGE);
  });

  it("without an origin is a program's: let in only where programs may come, and a page's origin counts there too", async () => {
    const device = echo({ origins: () => [], needsOrigin: false });
    const { knock } = await openUpgrades({ entrances: { "/echo": echo(), "/device": device } });
    expect(await knock("/echo", {})).toMatchObject({ status: 403, error: { code: "origin-refused" } });
    expect((await knock("/device", {})).status).toBe(101);
    expect(await knock("/device")).toMatchObject({ status: 403, error: { code: "origin-refused" } });
  });

  it.each(["/echo", "/elsewhere"])("to %s is refused while the server stops, and told when to come back", async (path) => {
    const { knock, stop } = await openUpgrades();
    stop();
    const { status, error, headers } = await knock(path);
    expect(status).toBe(503);
    expect(error).toMatchObject({ code: "stopping", retryAfterMs: 2000 });
    expect(headers["retry-after"]).toBe("2");
  });

  it("from an address with too many sockets is refused until one of them is gone", async () => {
    const { knock } = await openUpgrades({ limits: { connectionsPerAddress: 1 } });
    const first = await knock("/echo");
    expect(await knock("/echo")).toMatchObject({ status: 429, error: { code: "rate-limited", retryAfterMs: expect.any(Number) } });
    await first.hangUp();
    expect((await knock("/echo")).status).toBe(101);
  });

  it("to paths that are not there counts like any other, so that trying them all is limited", async () => {
    const { knock } = await openUpgrades({ limits: { connectionsPerMinutePerAddress: 2 } });
    expect((await knock("/one")).status).toBe(404);
    expect((await knock("/two")).status).toBe(404);
    expect((await knock("/echo")).status).toBe(429);
  });

  it("that belongs to something open is not new, so it neither counts nor is turned away", async () => {
    const again = echo({ isNew: (request) => !request.url?.includes("again") });
    const { knock, stop } = await openUpgrades({ entrances: { "/echo": again }, limits: { connectionsPerMinutePerAddress: 1 } });
    expect((await knock("/echo")).status).toBe(101);
    stop();
    expect((await knock("/echo?again")).status).toBe(101);
    expect((await knock("/echo?again", { Origin: "https://evil.example" })).status).toBe(403);
  });

  it("whose sockets the entrance counts itself is not counted twice", async () => {
    const itself = echo({ countsItself: true });
    const { knock } = await openUpgrades({ entrances: { "/echo": itself }, limits: { connectionsPerAddress: 1 } });
    expect((await knock("/echo")).status).toBe(101);
    expect((await knock("/echo")).status).toBe(101);
  });

  it("that an entrance fails at is answered, logged, and harms nobody else", async () => {
    const failing = echo({
      upgrade: () => {
        throw new Error("out of paper");
      },
    });
    const { knock, logged } = await openUpgrades({ entrances: { "/echo": echo(), "/failing": failing } });
    expect(await knock("/failing")).toMatchObject({ status: 500, error: { code: "internal" } });
    expect(logged.join()).not.toContain("evil");
    expect(logged).toHaveLength(1);
    expect((await knock("/echo")).status).toBe(101);
  });

  it("of somebody who hangs up while the door looks harms nobody", async () => {
    const { knock, url } = await openUpgrades();
    const gone = connect(Number(new URL(url).port), "127.0.0.1");
    gone.write(`GET /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\nOrigin: ${PAGE}\r\n\r\n`, () =>
      gone.resetAndDestroy(),
    );
    await new Promise((resolve) => gone.once("close", resolve));
    expect((await knock("/echo")).status).toBe(101);
  });
});

describe("an ordinary request", () => {
  it("to an entrance that takes some passes the same door; all others are the pages'", async () => {
    const polling = echo({ request: (_request, response) => void response.end("polled") });
    const { url } = await openUpgrades({ entrances: { "/line/": polling, "/echo": echo() } });
    const get = async (path: string, headers: Record<string, string> = { Origin: PAGE }) => fetch(url + path, { headers });
    expect(await (await get("/line/?x=1")).text()).toBe("polled");
    expect((await get("/line/", { Origin: "https://evil.example" })).status).toBe(403);
    expect(await (await get("/line")).text()).toBe("a page");
    expect(await (await get("/echo")).text()).toBe("a page");
  });

  it("asks first, as browsers do, and is answered", async () => {
    const polling = echo({ request: (_request, response) => void response.end("polled") });
    const { url } = await openUpgrades({ entrances: { "/line/": polling } });
    const asked = await fetch(`${url}/line/`, { method: "OPTIONS", headers: { Origin: PAGE } });
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe(PAGE);
    expect(asked.headers.get("access-control-allow-methods")).toBe("GET, POST");
    expect(asked.headers.get("vary")).toContain("Origin");
    expect((await fetch(`${url}/line/`, { method: "OPTIONS", headers: { Origin: "https://evil.example" } })).status).toBe(403);
  });
});

describe("two entrances at one path", () => {
  it("are a mistake that shows at once", async () => {
    const { upgrades } = await openUpgrades();
    expect(() => upgrades.add("/echo", echo())).toThrow("/echo");
  });
});
