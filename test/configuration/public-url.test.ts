import { expect, it } from "vitest";
import { LINE_PATH } from "../../protocol/frames.ts";
import { healthRoutes } from "../../server/http/health.ts";
import { linkPages } from "../../server/http/pages/link-pages.ts";
import { startPage } from "../../server/http/pages/start-page.ts";
import { widgetRoutes } from "../../server/http/widget/widget-routes.ts";
import { OwnAddress } from "../../server/start/own-address.ts";
import { readSettings, SettingsError } from "../../server/start/settings.ts";

function read(PUBLIC_URL: string): string | undefined {
  try {
    return readSettings({ PUBLIC_URL }).publicUrl;
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
}

it.each([
  ["https://desk.example", "https://desk.example"],
  ["https://desk.example//", "https://desk.example"],
  ["HTTPS://Desk.Example:443", "https://desk.example"],
  ["http://localhost:4400", "http://localhost:4400"],
  ["https://shop.example/desk", "https://shop.example/desk"],
  ["https://shop.example/desk/", "https://shop.example/desk"],
  ["https://shop.example/desk//", "https://shop.example/desk"],
  ["https://shop.example/Help_me/~desk-1.0", "https://shop.example/Help_me/~desk-1.0"],
  ["https://shop.example/a/../desk", "https://shop.example/desk"],
  ["https://shop.example/api/desk", "https://shop.example/api/desk"],
  ["https://shop.example/lines", "https://shop.example/lines"],
  ["https://shop.example/support/line", "https://shop.example/support/line"],
])("PUBLIC_URL %s is %s", (given, url) => {
  expect(read(given)).toBe(url);
});

it.each([
  ["shop.example/desk", "an http or https address"],
  ["/desk", "an http or https address"],
  ["ftp://shop.example/desk", "an http or https address"],
  ["https://ada:pottery@shop.example/desk", "an address without a name and a password"],
  ["https://:pottery@shop.example", "an address without a name and a password"],
  ["https://shop.example/desk?shop=1", 'an address without "?" and "#"'],
  ["https://shop.example/?", 'an address without "?" and "#"'],
  ["https://shop.example/desk#chat", 'an address without "?" and "#"'],
  ["https://shop.example//desk", "single slashes"],
  ["https://shop.example/a//desk", "single slashes"],
  ["https://shop.example/büro", "a path of letters"],
  ["https://shop.example/de sk", "a path of letters"],
  ["https://shop.example/desk;v=1", "a path of letters"],
  ['https://shop.example/"><b>', "a path of letters"],
  ["https://shop.example/api", "Frontdesk itself answers at /api/auth"],
  ["https://shop.example/api/v1/desk", "Frontdesk itself answers at /api/v1"],
  ["https://shop.example/line/", "Frontdesk itself answers at /line"],
  ["https://shop.example/v/2", "Frontdesk itself answers at /v"],
])("PUBLIC_URL %s is refused, for what is expected is %s", (given, expected) => {
  const said = read(given);
  expect(said).toMatch(/^PUBLIC_URL: found /);
  expect(said).toContain(expected);
  expect(said).toContain('such as "https://desk.example.com" or "https://shop.example/desk"');
  expect(said).not.toContain("pottery");
});

it("no path under which a proxy could serve us is one that we answer at", () => {
  const clock = { now: () => 0 };
  const routers = [
    widgetRoutes(undefined),
    healthRoutes({ store: async () => {}, isStopping: () => false, clock }),
    startPage({ publicUrl: () => "https://desk.example", version: "1.0.0" }),
    linkPages(),
  ];
  const paths = routers.flatMap(({ stack }) => stack.flatMap(({ route }): string | string[] => route?.path ?? ""));
  const ours = [...paths.filter((path) => path !== "/"), LINE_PATH, "/api/v1", "/api/auth", "/connect", "/console", "/oauth", "/metrics"];
  expect(ours.length).toBeGreaterThan(12);
  for (const path of ours) {
    const [, first = ""] = /^(\/[^:*]+?)\/?(?:[:*].*)?$/.exec(path) ?? [];
    expect([path, read(`https://shop.example${first}`)]).toEqual([path, expect.stringContaining("Frontdesk itself answers at")]);
  }
});

it("an origin has no path, and what paths begin with has no origin", () => {
  const address = new OwnAddress("https://shop.example/desk");
  expect([address.url(), address.origins(), address.basePath, address.isHttps]).toEqual([
    "https://shop.example/desk",
    ["https://shop.example"],
    "/desk",
    true,
  ]);
  expect([new OwnAddress("https://desk.example").basePath, new OwnAddress(undefined).basePath]).toEqual(["", ""]);
});
