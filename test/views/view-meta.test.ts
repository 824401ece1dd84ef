import { describe, expect, test } from "vitest";
import { permissionsPolicy, viewPolicy } from "../../server/http/sandbox/view-policy.ts";
import { readViewMeta } from "../../server/views/view-meta.ts";

const HOST = "https://shop.example";

/** The directives of the policy of a view whose resource says this. */
function policyOf(csp: unknown): Readonly<Record<string, string>> {
  const { csp: kept } = readViewMeta({ ui: { csp } });
  return Object.fromEntries(
    viewPolicy(kept, HOST)
      .split("; ")
      .map((directive) => directive.split(/ (.*)/).slice(0, 2) as [string, string]),
  );
}

const NOTHING = {
  "default-src": "'none'",
  "script-src": "'unsafe-inline' 'unsafe-eval' data: blob:",
  "style-src": "'unsafe-inline' data: blob:",
  "img-src": "data: blob:",
  "font-src": "data: blob:",
  "media-src": "data: blob:",
  "worker-src": "blob:",
  "connect-src": "data: blob:",
  "frame-src": "'none'",
  "base-uri": "'none'",
  "object-src": "'none'",
  "form-action": "'none'",
  "frame-ancestors": HOST,
};

describe("what servers of the field ask for", () => {
  test.each([
    ["nothing at all, as most do", undefined],
    ["an empty policy", {}],
    ["empty lists", { connectDomains: [], resourceDomains: [] }],
  ])("%s: no network", (_who, csp) => {
    expect(policyOf(csp)).toEqual(NOTHING);
  });

  test("a map: hosts with and without a wildcard, with and without a scheme, for pictures and requests", () => {
    const domains = ["https://*.openstreetmap.org", "https://cesium.com", "*.cesium.com"];
    const sources = "https://*.openstreetmap.org https://cesium.com https://*.cesium.com";
    expect(policyOf({ connectDomains: domains, resourceDomains: domains })).toEqual({
      ...NOTHING,
      ...Object.fromEntries(
        ["script-src", "style-src", "img-src", "font-src", "media-src", "worker-src"].map((name) => [
          name,
          `${NOTHING[name as "img-src"]} ${sources}`,
        ]),
      ),
      "connect-src": `data: blob: ${sources}`,
    });
  });

  test("a reader of documents: a library's host; a player: one host for its sounds", () => {
    expect(policyOf({ resourceDomains: ["https://unpkg.com"] })["script-src"]).toBe(`${NOTHING["script-src"]} https://unpkg.com`);
    expect(policyOf({ connectDomains: ["https://paulrosen.github.io"] })["connect-src"]).toBe("data: blob: https://paulrosen.github.io");
  });

  test("sockets are connected to and nothing else; frames and bases are what is declared", () => {
    expect(policyOf({ connectDomains: ["wss://live.example.com:8443"], resourceDomains: ["wss://live.example.com"] })).toEqual({
      ...NOTHING,
      "connect-src": "data: blob: wss://live.example.com:8443",
    });
    const framed = policyOf({ frameDomains: ["https://player.example.com/"], baseUriDomains: ["https://Base.Example.com"] });
    expect([framed["frame-src"], framed["base-uri"]]).toEqual(["https://player.example.com", "https://base.example.com"]);
  });

  test("camera and microphone are never given, and it is said that they were asked for", () => {
    const meta = readViewMeta({
      ui: { permissions: { microphone: {}, clipboardWrite: {}, camera: {}, geolocation: {} }, prefersBorder: false },
    });
    expect(meta).toEqual({
      csp: {},
      clipboardWrite: true,
      prefersBorder: false,
      leftOut: ['permission "microphone"', 'permission "camera"', 'permission "geolocation"'],
    });
    expect(permissionsPolicy(meta)).toMatch(/camera=\(\), microphone=\(\), geolocation=\(\)/);
    expect(permissionsPolicy(meta)).not.toContain("clipboard-write");
    expect(permissionsPolicy({ clipboardWrite: false })).toContain("clipboard-write=()");
  });
});

describe("hostile metadata gets nothing in", () => {
  test.each([
    "*",
    "https://*",
    "https://*.com",
    "*.com",
    "https://*.*.example.com",
    "https://a.*.example.com",
    "https://ex*mple.com",
    "'unsafe-eval'",
    "'self'",
    "'none'",
    "'nonce-x'",
    "data:",
    "blob:",
    "https:",
    "wss:",
    "http://example.com",
    "ws://example.com",
    "ftp://example.com",
    "javascript:alert(1)",
    "https://example.com; script-src *",
    "https://example.com;script-src *",
    "https://example.com, default-src *",
    "https://example.com\nX-Injected: yes",
    "https://example.com\r\nSet-Cookie: a=b",
    "https://example.com https://evil.example",
    " https://example.com",
    "https://example.com\t",
    "https://example.com/path",
    "https://example.com/;",
    "https://example.com?x",
    "https://example.com#x",
    "https://user:word@example.com",
    "https://user@example.com",
    "https://localhost",
    "https://intranet",
    "https://127.0.0.1",
    "https://192.168.0.1:8080",
    "https://2130706433",
    "https://0x7f.1",
    "https://[::1]",
    "https://example.com:*",
    "https://example.com:99999",
    "https://example.com:0",
    "https://-a.example.com",
    "https://a..example.com",
    "https://example.com.",
    "https://exämple.com",
    "https://ex%61mple.com",
    `https://${"a".repeat(64)}.com`,
    `https://${"a.".repeat(130)}com`,
    "",
    7,
    null,
    {},
    ["https://example.com"],
  ])("%j", (entry) => {
    const lists = { connectDomains: [entry], resourceDomains: [entry], frameDomains: [entry], baseUriDomains: [entry] };
    expect(policyOf(lists)).toEqual(NOTHING);
    expect(readViewMeta({ ui: { csp: lists } }).leftOut).toHaveLength(4);
  });

  test.each([
    ["a text", "default-src *"],
    ["a list", ["*"]],
    ["another name", { scriptSrc: ["*"], "default-src": ["*"] }],
    ["no list", { connectDomains: "*" }],
  ])("%s in place of lists", (_what, csp) => expect(policyOf(csp)).toEqual(NOTHING));

  test("a good entry beside a bad one is kept, each once, and all of them fit a header", () => {
    expect(policyOf({ connectDomains: ["*", "https://a.example.com", "https://a.example.com", "'self'"] })["connect-src"]).toBe(
      "data: blob: https://a.example.com",
    );
    const many = Array.from({ length: 5_000 }, (_, number) => `https://host-${number}.example.com`);
    const { csp, leftOut } = readViewMeta({ ui: { csp: { connectDomains: many, resourceDomains: many } } });
    expect(viewPolicy({ connectDomains: csp.connectDomains ?? [] }, HOST).length).toBeLessThan(4_096);
    expect(csp.connectDomains?.length).toBeLessThan(101);
    expect(leftOut.length).toBeGreaterThan(0);
  });

  test("metadata that is none of the kind is as if there were none", () => {
    for (const meta of [undefined, {}, { ui: "x" }, { ui: [] }, { ui: null }, { ui: { csp: null, permissions: 7, prefersBorder: "yes" } }])
      expect(readViewMeta(meta as never)).toEqual({ csp: {}, clipboardWrite: false, leftOut: [] });
  });
});
