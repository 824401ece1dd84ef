import { afterEach, expect, it, vi } from "vitest";
import { readScriptTag } from "../../../widget/embed/script-tag.ts";

const SCRIPT = "https://shop.example/desk/frontdesk.js";

afterEach(() => void vi.unstubAllGlobals());

/** The server of a tag that runs now. */
function serverOf(src: string, server?: string): string | undefined {
  const dataset = server === undefined ? {} : { server };
  vi.stubGlobal("document", { currentScript: { src, dataset }, querySelectorAll: () => [] });
  const tag = readScriptTag();
  expect(tag).toMatchObject({ address: src, attributes: dataset });
  return tag?.server;
}

it.each([
  ["https://desk.example.com/frontdesk.js", "https://desk.example.com"],
  ["https://desk.example.com/v/0123456789abcdef/frontdesk.js", "https://desk.example.com"],
  ["http://localhost:4400/frontdesk.js?fresh=1", "http://localhost:4400"],
  [SCRIPT, "https://shop.example/desk"],
  ["https://shop.example/desk/v/0123456789abcdef/frontdesk.js", "https://shop.example/desk"],
  ["https://shop.example/a/b/frontdesk.js?from=x/y#z/", "https://shop.example/a/b"],
  ["https://shop.example/chat/v/2/frontdesk.js", "https://shop.example/chat/v/2"],
])("a script from %s has its server beside it, at %s", (src, server) => {
  expect(serverOf(src)).toBe(server);
  // An attribute without a value says nothing.
  expect(serverOf(src, "")).toBe(server);
});

it.each([
  ["https://a.example", "https://a.example"],
  ["https://a.example/", "https://a.example"],
  ["HTTPS://A.example:443", "https://a.example"],
  ["https://a.example/support", "https://a.example/support"],
  ["https://a.example/support/", "https://a.example/support"],
  ["https://a.example/v/2", "https://a.example/v/2"],
  ["/", "https://shop.example"],
  ["/help", "https://shop.example/help"],
  ["//a.example/help", "https://a.example/help"],
])("data-server=%s is the server at %s", (given, server) => {
  expect(serverOf(SCRIPT, given)).toBe(server);
});

it("a data-server that is no address is not taken for another one", () => {
  expect(() => serverOf(SCRIPT, "https://")).toThrow(TypeError);
});
