import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "../story/stage.ts";
import { peer } from "../support/peers.ts";
import { pageWith, pastedTag } from "./given-page.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ assistant: { allowedOrigins: ["*"] } });
});
afterEach(async ({ task }) => {
  await stage.endVisits(task);
});
afterAll(() => stage.close());

const START = `<script>
  // What it measures goes to the page's own server.
  DD_RUM.init({ applicationId: "shop", clientToken: "pub0", service: "shop", proxy: location.origin + "/intake",
    trackingConsent: "granted", sessionSampleRate: 100, traceSampleRate: 100, allowedTracingUrls: [/.*/] });
</script>`;

test("a page whose tracing adds headers to every request, in a network that lets no WebSocket through", async () => {
  const rum = await peer("@datadog/browser-rum/bundle/datadog-rum.js");
  const address = await pageWith({
    head: `<script src="/rum.js"></script>${START}`,
    body: pastedTag(stage.demo.deskUrl),
    files: { "/rum.js": { file: rum } },
  });
  const traced: string[] = [];
  const visit = await stage.visit(address, {
    prepare: async (context) => {
      // No `context.route`: with it, Playwright answers what the server should.
      await context.routeWebSocket(/.*/, (socket) => void socket.close());
      context.on("request", (request) => {
        const { "x-datadog-trace-id": id, traceparent } = request.headers();
        if (request.url().includes("transport=polling") && request.method() !== "OPTIONS") traced.push(id ?? traceparent ?? "");
      });
    },
  });
  await visit.openPanel();
  await visit.ask("Where is order 1042?");
  await visit.answered("1042");
  expect(traced.some((id) => id !== "")).toBe(true);
});
