/** A call that waited for the staff is a conversation, and is kept no longer than the list of calls says. */
import { expect, test } from "vitest";
import { RETENTION_MS } from "../../server/customer-data/retention.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import { CONFIGURATION } from "../http/server-harness.ts";
import { waitFor } from "../support/wait-for.ts";
import { backend, cancelOrder, connect, desk } from "./publish-harness.ts";

const DAY = 24 * 60 * 60_000;

/** A server whose days pass, and that looks for what is old, when the test says; with one call that the staff approved. */
async function stage(retention: object) {
  let ahead = 0;
  const looks: (() => void)[] = [];
  const clock = {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    after: (ms: number, then: () => void) => (ms === RETENTION_MS ? (looks.push(then), () => {}) : systemClock.after(ms, then)),
  };
  const { url } = await backend();
  const server = await desk({ clock, configuration: { ...CONFIGURATION, retention } });
  await server.api("POST", "/http-tools", cancelOrder(url));
  const published = await server.publish([{ source: "http", name: "cancel_order", permission: "needs_approval", approver: "staff" }]);
  const client = await connect(published, "modern");
  const pending = client.callTool({ name: "cancel_order", arguments: { order: 1042 } });
  const { approvalId, argumentsHash, conversationId } = await waitFor(
    async () =>
      (await server.api<{ items: { approvalId: string; argumentsHash: string; conversationId: string }[] }>("GET", "/approvals")).body
        .items[0],
  );
  await server.api("POST", `/approvals/${approvalId}/decision`, { decision: "approved", argumentsHash });
  expect((await pending).isError).toBeFalsy();
  return {
    server,
    published,
    isThere: async () => (await server.api("GET", `/conversations/${conversationId}`)).status === 200,
    /** So many days later it is looked for what is old. */
    later: async (days: number) => {
      ahead += days * DAY;
      const due = looks.splice(0);
      for (const look of due) look();
      // The next ones are planned when these are over.
      await waitFor(() => looks.length >= due.length);
    },
  };
}

test("it goes with the days of the list of calls", async () => {
  const { isThere, later } = await stage({ callDays: 30 });
  await later(29);
  expect(await isThere()).toBe(true);
  await later(2);
  expect(await isThere()).toBe(false);
});

test("without those it stays as long as its server, and then as what an assistant leaves behind", async () => {
  const { server, published, isThere, later } = await stage({ deletedAssistantDays: 30 });
  await later(10);
  await later(40);
  expect(await isThere()).toBe(true);
  const path = `/published-servers/${published.id}`;
  const { headers } = await server.api("GET", path);
  expect((await server.api("DELETE", path, undefined, { "If-Match": headers.get("etag")! })).status).toBe(204);
  await later(1);
  expect(await isThere()).toBe(true);
  await later(31);
  expect(await isThere()).toBe(false);
});
