/** The Caddy lines of docs/operating.md, run as they stand there. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { findCaddy, startCaddy } from "../support/caddy.ts";
import { freePort } from "../support/free-port.ts";

const caddy = findCaddy();

test.skipIf(caddy === undefined)("under a path, Caddy hands on what is below it, and keeps the metrics", async () => {
  const behind = createServer((request, response) => response.end(request.url));
  await new Promise<void>((resolve) => behind.listen(0, "127.0.0.1", resolve));
  const page = await readFile(new URL("../../docs/operating.md", import.meta.url), "utf8");
  const [, site = ""] = /```caddy\n([^]*?)```/.exec(page) ?? [];
  const port = await freePort();
  const here = site
    .replace("shop.example", `http://127.0.0.1:${port}`)
    .replace("127.0.0.1:4400", `127.0.0.1:${(behind.address() as AddressInfo).port}`);
  const proxy = await startCaddy(caddy!, port, `{\n}\n${here}`);
  onTestFinished(async () => {
    await proxy.close();
    behind.closeAllConnections();
    behind.close();
  });
  const asked = async (path: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return `${response.status} ${await response.text()}`;
  };
  expect(await asked("/desk/frontdesk.js?v=1")).toBe("200 /desk/frontdesk.js?v=1");
  expect(await asked("/desk/metrics")).toBe("404 ");
  expect(await asked("/other")).toBe("200 ");
});
