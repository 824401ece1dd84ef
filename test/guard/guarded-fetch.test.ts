import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { allowedTargets } from "../../server/guard/network/fetch-addresses.ts";
import { createGuardedFetch, type GuardedFetchPorts } from "../../server/guard/network/guarded-fetch.ts";
import { SELF_SIGNED } from "../setup/self-signed.ts";
import { webServer } from "../setup/web-server.ts";
import { ssrf } from "./attack-collection.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function serve(
  listener: RequestListener,
): Promise<{ url: string; port: number; seen: { url: string; headers: Record<string, unknown> }[] }> {
  const seen: { url: string; headers: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? "", headers: request.headers });
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, seen };
}

const guarded = (allowPrivate: string[] = [], more: Partial<GuardedFetchPorts> = {}): typeof fetch =>
  createGuardedFetch({ allowPrivate, ...more });
const LOCAL = ["127.0.0.1"];
const refused = (promise: Promise<unknown>, why: RegExp = /./): Promise<void> =>
  expect(promise).rejects.toMatchObject({ name: "FetchRefusedError", message: expect.stringMatching(why) as string });

describe("what is not let out", () => {
  // Names are answered as a resolver would that an attacker does not control; nothing may get as far as a connection.
  const resolve: GuardedFetchPorts["resolve"] = async (hostname) =>
    [/localhost$/, /internal$/].some((local) => local.test(hostname))
      ? [{ address: "127.0.0.1", family: 4 }]
      : [{ address: "198.18.0.1", family: 4 }];

  it.each(ssrf.refuse.map(({ url, why }) => [JSON.stringify(url), why, url]))("%s (%s)", async (_, __, url) => {
    await refused(guarded([], { resolve })(url));
    // The same over https, where only the address can be what is wrong.
    if (/^\s*https?:/i.test(url)) await refused(guarded([], { resolve })(url.replace(/^(\s*)http:/i, "$1https:")));
  });

  it.each(ssrf.allowWhenTheNameResolvesPublicly)("but the name of %s is looked up", async (url) => {
    const resolve = async (): Promise<never> => Promise.reject(new Error("looked up"));
    await expect(guarded([], { resolve })(url)).rejects.toMatchObject({ cause: { message: "looked up" } });
  });

  it("and a public address is public", () => {
    const { verdictOf } = allowedTargets([]);
    for (const address of ["93.184.216.34", "8.8.8.8", "2606:4700::6810:85e5", "2a00:1450:4001:81b::200e"])
      expect(verdictOf(address)).toBe("public");
  });
});

describe("what the operator allows", () => {
  it("is reached by address, network and name, over http", async () => {
    const { url, port } = await serve((_, response) => response.end("here"));
    expect(await (await guarded(["127.0.0.1"])(url)).text()).toBe("here");
    expect(await (await guarded(["127.0.0.0/8"])(url)).text()).toBe("here");
    const byName = guarded(["shop.internal"], { resolve: async () => [{ address: "127.0.0.1", family: 4 }] });
    expect(await (await byName(`http://shop.internal:${port}/`)).text()).toBe("here");
    await refused(guarded(["10.0.0.0/8"])(url), /private network/);
  });

  it("is said to be wrong when it is nothing of these", () => {
    for (const entry of ["10.0.0.0/33", "not a host", "http://127.0.0.1", "10.0.0.0/x"])
      expect(() => guarded([entry])).toThrow(/neither|not a network/);
  });

  it("does not open http to the public Internet", async () => {
    await refused(
      guarded(LOCAL, { resolve: async () => [{ address: "93.184.216.34", family: 4 }] })("http://example.com/"),
      /only reached over https/,
    );
  });
});

describe("names", () => {
  it("are looked up once for a connection, which goes to the address that was checked; the next one is checked again", async () => {
    const { port } = await serve((_, response) => response.writeHead(200, { connection: "close" }).end("here"));
    let asked = 0;
    const resolve = async () => [{ address: (asked += 1) === 1 ? "127.0.0.1" : "10.0.0.7", family: 4 }];
    const rebinding = guarded(LOCAL, { resolve });
    expect(await (await rebinding(`http://rebind.example:${port}/`)).text()).toBe("here");
    expect(asked).toBe(1);
    await refused(rebinding(`http://rebind.example:${port}/`), /private network/);
  });

  it("with one public and one private address are refused", async () => {
    const resolve = async () => [
      { address: "93.184.216.34", family: 4 },
      { address: "10.0.0.7", family: 4 },
    ];
    await refused(guarded([], { resolve })("https://two.example/"), /private network/);
  });
});

describe("redirects", () => {
  it.each([301, 302, 303, 307, 308])("to what is refused are not followed (%i)", async (status) => {
    for (const target of ["http://169.254.169.254/latest/", "http://127.0.0.2/", "file:///etc/passwd", "http://[::1]/"]) {
      const { url } = await serve((_, response) => response.writeHead(status, { location: target }).end());
      await refused(guarded(LOCAL)(url));
    }
  });

  it("from https to http are not followed", async () => {
    const plain = await serve((_, response) => response.end("plain"));
    const before = getCACertificates("default");
    setDefaultCACertificates([...before, SELF_SIGNED.cert]);
    const secure = await webServer((_, response) => response.writeHead(302, { location: plain.url }).end(), { tls: true });
    open.push(secure.close, async () => setDefaultCACertificates(before));
    await refused(guarded(LOCAL)(secure.origin), /from https to http:/);
    expect(plain.seen).toEqual([]);
  });

  it("carry no credentials and no body to another origin", async () => {
    const elsewhere = await serve((_, response) => response.end("arrived"));
    const { url } = await serve((_, response) => response.writeHead(302, { location: `${elsewhere.url}/next` }).end());
    const headers = { authorization: "Bearer secret", cookie: "a=b", "x-api-key": "secret", accept: "text/plain" };
    expect(await (await guarded(LOCAL)(url, { headers })).text()).toBe("arrived");
    expect(elsewhere.seen[0]?.headers["accept"]).toBe("text/plain");
    expect(JSON.stringify(elsewhere.seen)).not.toContain("secret");
    expect(elsewhere.seen[0]?.headers["cookie"]).toBeUndefined();

    const posted = await serve((_, response) => response.writeHead(307, { location: elsewhere.url }).end());
    await refused(guarded(LOCAL)(posted.url, { method: "POST", body: "secret" }), /with a body/);
  });

  it("within an origin keep the headers, and the method as the status says", async () => {
    const { url, seen } = await serve((request, response) => {
      if (request.url === "/old") response.writeHead(303, { location: "/new" }).end();
      else response.end(request.method);
    });
    const response = await guarded(LOCAL)(`${url}/old`, { method: "POST", body: "x", headers: { authorization: "Bearer secret" } });
    expect(await response.text()).toBe("GET");
    expect(seen[1]?.headers["authorization"]).toBe("Bearer secret");
  });

  it("are followed ten times, and then no more", async () => {
    const { url, seen } = await serve((request, response) =>
      response.writeHead(302, { location: `/${Number(request.url?.slice(1)) + 1}` }).end(),
    );
    await refused(guarded(LOCAL)(`${url}/1`), /more than 10 times/);
    expect(seen).toHaveLength(11);
  });

  it("are given back as they are where the caller follows them itself", async () => {
    const { url } = await serve((_, response) => response.writeHead(302, { location: "/elsewhere" }).end());
    const response = await guarded(LOCAL)(url, { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([302, "/elsewhere"]);
    await refused(guarded(LOCAL)(url, { redirect: "error" }), /not expected/);
  });
});

describe("limits", () => {
  const capped = guarded(LOCAL, { responseBytes: 100_000 });
  const hurried = guarded(LOCAL, { totalTimeoutMs: 300 });

  it("break off a body without end, and one that unpacks to too much", async () => {
    const endless = await serve((_, response) => {
      const more = (): void => void (response.write("x".repeat(50_000)) ? setImmediate(more) : response.once("drain", more));
      more();
    });
    await expect(capped(endless.url).then((response) => response.text())).rejects.toMatchObject({ name: "ResponseTooLargeError" });
    const packed = gzipSync(Buffer.alloc(20_000_000));
    expect(packed.byteLength).toBeLessThan(100_000);
    const bomb = await serve((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(packed));
    await expect(capped(bomb.url).then((response) => response.text())).rejects.toMatchObject({ name: "ResponseTooLargeError" });
  });

  it("end a body that drips, and headers that never end", async () => {
    const drips = await serve((_, response) => {
      const drop = setInterval(() => response.write("x"), 50);
      response.on("close", () => clearInterval(drop));
    });
    await expect(hurried(drips.url).then((response) => response.text())).rejects.toMatchObject({ name: "TimeoutError" });
    const silent = await serve(() => undefined);
    await expect(hurried(silent.url)).rejects.toMatchObject({ name: "TimeoutError" });
    await expect(guarded(LOCAL, { headersTimeoutMs: 100 })(silent.url)).rejects.toMatchObject({
      cause: { code: "UND_ERR_HEADERS_TIMEOUT" },
    });
  });

  it("end a head without end", async () => {
    const { url } = await serve((_, response) => {
      const more = (): void => void (response.socket?.write(`x-more: ${"x".repeat(10_000)}\r\n`) === true ? setImmediate(more) : undefined);
      response.socket?.write("HTTP/1.1 200 OK\r\n", more);
      response.socket?.on("drain", more);
    });
    await expect(guarded(LOCAL)(url)).rejects.toMatchObject({ cause: { code: "UND_ERR_HEADERS_OVERFLOW" } });
  });

  it("leave a stream alone, once its headers came", async () => {
    let end = (): void => {};
    const { url } = await serve((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n");
      end = () => void response.end("data: 2\n\n");
    });
    const hasty = guarded(LOCAL, { headersTimeoutMs: 2_000 });
    const stream = await hasty(url);
    // It lives for longer than headers may take: a request that began after it has waited for that long.
    const silent = await serve(() => undefined);
    await expect(hasty(silent.url)).rejects.toMatchObject({ cause: { code: "UND_ERR_HEADERS_TIMEOUT" } });
    end();
    expect(await stream.text()).toBe("data: 1\n\ndata: 2\n\n");
  });

  it("stop with the caller's signal", async () => {
    const { url } = await serve(() => undefined);
    await expect(guarded(LOCAL)(url, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ name: "TimeoutError" });
  });
});
