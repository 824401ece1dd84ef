import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openStage } from "../story/stage.ts";

test("in a page of XML the launcher is drawn, a press takes it out of its corner, and the console says why: as docs/pages.md warns", async () => {
  const stage = await openStage();
  onTestFinished(() => stage.close());
  const tag = `<script src="${stage.demo.deskUrl}/frontdesk.js" data-assistant="shop"></script>`;
  const text = `<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>Page</title></head><body>${tag}</body></html>`;
  const server = createServer((_request, response) => void response.writeHead(200, { "content-type": "application/xhtml+xml" }).end(text));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { page, openChat, scope } = await stage.visit(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const position = (): Promise<string> => scope.locator("button").evaluate((button) => getComputedStyle(button).position);
  expect(await position()).toBe("fixed");
  await openChat.click();
  await expect.poll(position).toBe("static");
  expect(await page.locator("front-desk .panel").count()).toBe(0);
  expect((await stage.endVisits()).join()).toContain("invalid XML");
});
