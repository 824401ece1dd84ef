import { describe, expect, it } from "vitest";
import { originAllowed, originFault } from "../../server/guard/network/origins.ts";

describe("originAllowed", () => {
  const allowed = ["https://shop.example", "https://*.shops.example", "http://localhost:3000"];

  it.each(["https://shop.example", "HTTPS://SHOP.EXAMPLE", "https://blue.shops.example", "http://localhost:3000"])(
    "lets %s in",
    (origin) => {
      expect(originAllowed(origin, allowed)).toBe(true);
    },
  );

  it.each([
    "http://shop.example",
    "https://shop.example:8443",
    "https://shop.example.evil.example",
    "https://evilshop.example",
    "https://shops.example",
    "https://.shops.example",
    "https://a.b.shops.example",
    "https://evil.example/.shops.example",
    "https://evil.example#.shops.example",
    "http://localhost:3001",
    "null",
    "",
    undefined,
  ])("keeps %s out", (origin) => {
    expect(originAllowed(origin, allowed)).toBe(false);
  });

  it("lets anybody in with *", () => {
    expect(originAllowed(undefined, ["*"])).toBe(true);
    expect(originAllowed("null", ["*"])).toBe(true);
  });
});

describe("originFault", () => {
  it.each(["*", "https://shop.example", "https://*.shop.example", "http://127.0.0.1:4401"])("takes %s", (text) => {
    expect(originFault(text)).toBeUndefined();
  });

  it("says what the origin of a whole URL is", () => {
    expect(originFault("https://shop.example/")).toContain('"https://shop.example"');
    expect(originFault("https://*.shop.example/chat")).toContain('"https://*.shop.example"');
  });

  it.each(["shop.example", "ftp://shop.example", "https://shop.*", "https://a*.shop.example", "*.shop.example", ""])(
    "refuses %s",
    (text) => {
      expect(originFault(text)).toBeDefined();
    },
  );
});
