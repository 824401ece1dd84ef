import { createHash } from "node:crypto";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { start, WIDGET, widgetFolder } from "./server-harness.ts";

const SCRIPT = WIDGET["frontdesk.js"];
const integrity = (text: string): string => `sha384-${createHash("sha384").update(text).digest("base64")}`;

interface Manifest {
  readonly revision: string;
  readonly script: { readonly path: string; readonly pinned: string; readonly integrity: string };
  readonly files: readonly { readonly path: string; readonly integrity: string; readonly bytes: number; readonly brotliBytes?: number }[];
}

async function manifestOf(url: string): Promise<Manifest> {
  return (await (await fetch(`${url}/frontdesk.json`)).json()) as Manifest;
}

describe("the widget's files", () => {
  it("load on any page, the script with a short life", async () => {
    const { url } = await start();
    const response = await fetch(`${url}/frontdesk.js`);
    expect(await response.text()).toBe(SCRIPT);
    expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(response.headers.get("cache-control")).toContain("max-age=300");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it.each(["/frontdesk.js", "/frontdesk.json", "/assets/thread-1.js", "/v/1/frontdesk.js"])(
    "%s may be asked for with the headers that tracing scripts add, and nothing else may",
    async (path) => {
      const { url } = await start();
      const headers = {
        origin: "https://shop.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "traceparent,x-datadog-origin",
      };
      const preflight = await fetch(url + path, { method: "OPTIONS", headers });
      expect(preflight.ok).toBe(true);
      expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
      expect(preflight.headers.get("access-control-allow-headers")).toBe("traceparent,x-datadog-origin");
      const elsewhere = await fetch(`${url}/healthz`, { method: "OPTIONS", headers });
      expect(elsewhere.headers.get("access-control-allow-origin")).toBeNull();
      expect(elsewhere.headers.get("access-control-allow-headers")).toBeNull();
    },
  );

  it("named by their content live for ever", async () => {
    const { url } = await start();
    const response = await fetch(`${url}/assets/thread-1.js`);
    expect(await response.text()).toBe(WIDGET["assets/thread-1.js"]);
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });

  it("may be other bytes than scripts: what voice activity computes with", async () => {
    const weights = Buffer.from([0, 255, 128, 13, 10]);
    const { url } = await start({ widgetFolder: await widgetFolder({ ...WIDGET, "assets/silero-1.bin": weights }) });
    const response = await fetch(`${url}/assets/silero-1.bin`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(weights);
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("are sent compressed as the build made them, to those who can read it", async () => {
    const folder = await widgetFolder({ ...WIDGET, "frontdesk.js.br": brotliCompressSync(SCRIPT), "frontdesk.js.gz": gzipSync(SCRIPT) });
    const { url } = await start({ widgetFolder: folder });
    const tags = new Set<string | null>();
    for (const [accepts, gets] of [
      ["br, gzip", "br"],
      ["gzip", "gzip"],
      ["identity", null],
      ["br;q=0, gzip", "gzip"],
      ["zstd", null],
    ] as const) {
      const response = await fetch(`${url}/frontdesk.js`, { headers: { "accept-encoding": accepts } });
      expect(response.headers.get("content-encoding"), accepts).toBe(gets);
      expect(await response.text()).toBe(SCRIPT);
      expect(response.headers.get("vary")).toContain("Accept-Encoding");
      tags.add(response.headers.get("etag"));
    }
    expect(tags.size).toBe(3);
  });

  it("are not sent again to those who have them", async () => {
    const { url } = await start();
    const tag = (await fetch(`${url}/frontdesk.js`)).headers.get("etag") ?? "";
    const again = await fetch(`${url}/frontdesk.js`, { headers: { "if-none-match": tag } });
    expect(again.status).toBe(304);
    expect((await fetch(`${url}/frontdesk.js`, { headers: { "if-none-match": '"older"' } })).status).toBe(200);
  });

  it("have SRI values, at an address whose content never changes", async () => {
    const { url } = await start();
    const manifest = await manifestOf(url);
    expect(manifest.script).toEqual({
      path: "/frontdesk.js",
      pinned: `/v/${manifest.revision}/frontdesk.js`,
      integrity: integrity(SCRIPT),
    });
    for (const file of manifest.files) {
      const response = await fetch(url + file.path);
      const text = await response.text();
      expect(integrity(text)).toBe(file.integrity);
      expect(text.length).toBe(file.bytes);
      expect(response.headers.get("cache-control")).toContain("immutable");
    }
    expect(manifest.files).toHaveLength(2);
  });

  it("say where views of tools are shown, for the policy of pages", async () => {
    expect(await manifestOf((await start()).url)).not.toHaveProperty("sandbox");
    const { url } = await start({ environment: { SANDBOX_URL: "https://views.example.net" } });
    expect(await manifestOf(url)).toHaveProperty("sandbox", "https://views.example.net");
  });

  it("get another revision when any of them changes, and the old one is gone", async () => {
    const before = await manifestOf((await start()).url);
    const { url } = await start({ widgetFolder: await widgetFolder({ ...WIDGET, "assets/thread-1.js": "export const text = 1;\n" }) });
    expect((await manifestOf(url)).revision).not.toBe(before.revision);
    const response = await fetch(url + before.script.pinned);
    expect(response.status).toBe(404);
    expect(JSON.stringify(await response.json())).toContain("/frontdesk.json");
  });

  it.each([
    "/assets/../frontdesk.json",
    "/assets/%2e%2e/%2e%2e/package.json",
    "/assets/nothing.js",
    "/assets/",
    "/assets.json",
    "/assets/thread-1.js.br",
    "/v/x/frontdesk.js",
  ])("are the only files there are: %s is not", async (path) => {
    const { url } = await start({
      widgetFolder: await widgetFolder({ ...WIDGET, "assets.json": "{}", "assets/thread-1.js.br": "x", "assets/secret.txt": "x" }),
    });
    expect((await fetch(url + path, { redirect: "manual" })).status).toBe(path.endsWith("/frontdesk.json") ? 200 : 404);
  });

  it("that are not built are said to be missing, with what to do", async () => {
    const { url, logged } = await start({ widgetFolder: "/nowhere" });
    const response = await fetch(`${url}/frontdesk.js`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: "not-built", message: expect.stringContaining("npm run build") } });
    expect(logged.join()).toContain("not built");
  });
});
