import { expect, test } from "vitest";
import { OwnSecrets } from "../../../../server/tools/mcp/wire/own-secrets.ts";
import { serverSettings } from "../../../support/static-directory.ts";

const secrets = new OwnSecrets(
  serverSettings({
    key: "shop",
    name: "Shop",
    url: "https://orders.example/tenants/9f8e7d6c5b4a39281706/mcp?access=query-secret-1&v=2",
    headers: { "X-Shop": "quiet-header-secret", Authorization: 'Bearer to"ken-0123456789', "X-Mode": "live" },
  }),
);

test.each([
  ["a header of any name", "X-Shop was quiet-header-secret", "X-Shop was [secret]"],
  ["a token without its scheme", 'you sent to"ken-0123456789', "you sent [secret]"],
  ["a token as JSON writes it", '{"token":"to\\"ken-0123456789"}', '{"token":"[secret]"}'],
  ["a token as a URL writes it", "?t=to%22ken-0123456789", "?t=[secret]"],
  ["what the address asks for", "GET /tenants/9f8e7d6c5b4a39281706/mcp?access=query-secret-1&v=2", "GET [secret]"],
  ["a value of its query", "access is query-secret-1", "access is [secret]"],
  ["a long part of its path", "tenant 9f8e7d6c5b4a39281706", "tenant [secret]"],
  ["words that a server may well say", "live, orders.example, mcp, 2", "live, orders.example, mcp, 2"],
])("%s", (_what, said, told) => {
  expect(secrets.text(said)).toBe(told);
});

test("of a program's environment, what its name calls a secret", () => {
  const local = new OwnSecrets(
    serverSettings({
      key: "files",
      name: "Files",
      command: "node",
      env: { API_KEY: "key-0123456789", FOLDER: "/srv/shop/files" },
    }),
  );
  expect(local.text("key-0123456789 in /srv/shop/files")).toBe("[secret] in /srv/shop/files");
});

test("every text of a value, names of members included", () => {
  const value = { "quiet-header-secret": [{ deep: "is quiet-header-secret" }], plain: 1 };
  secrets.clean(value);
  expect(value).toEqual({ "[secret]": [{ deep: "is [secret]" }], plain: 1 });
});
