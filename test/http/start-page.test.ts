import { expect, it } from "vitest";
import { createApplication } from "../../server/http/application.ts";
import { startPage } from "../../server/http/pages/start-page.ts";
import { listen } from "./api/api-harness.ts";

const silent = { info: () => {}, warn: () => {}, error: () => {} };

it("the start page says how to come to a first assistant, and then how to put it on a website", async () => {
  let hasAssistant = false;
  const page = startPage({ publicUrl: () => "https://desk.example", version: "1.0.0", hasAssistant: () => hasAssistant });
  const url = await listen(createApplication({ routers: [page], isHttpsOnly: true, log: silent }));
  const first = await (await fetch(url)).text();
  expect(first).toContain("It has no assistant yet.");
  expect(first).not.toContain("data-assistant");
  hasAssistant = true;
  expect(await (await fetch(url)).text()).toContain("https://desk.example/frontdesk.js");
});
