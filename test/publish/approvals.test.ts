import type { Client } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { waitFor } from "../support/wait-for.ts";
import { backend, type Backend, cancelOrder, connect, type Desk, desk, ERAS, type Era, type Published } from "./publish-harness.ts";

interface Stage {
  readonly server: Desk;
  readonly published: Published;
  readonly requests: Backend["requests"];
}

async function stage(more: object = {}): Promise<Stage> {
  const { url, requests } = await backend();
  const server = await desk();
  await server.api("POST", "/http-tools", cancelOrder(url));
  const published = await server.publish([{ source: "http", name: "cancel_order", permission: "needs_approval", ...more }]);
  return { server, published, requests };
}

/** A client whose person answers questions so. */
function asking(published: Published, era: Era, answer: (message: string) => object): Promise<Client> {
  return connect(published, era, {
    capabilities: { elicitation: { form: {} } },
    prepare: (client) => client.setRequestHandler("elicitation/create", ({ params }) => answer(params.message) as { action: "accept" }),
  });
}

const call = { name: "cancel_order", arguments: { order: 1042 } };

interface Waiting {
  readonly approvalId: string;
  readonly argumentsHash: string;
  readonly conversationId: string;
}

/** The console's queue, as it reads it. */
async function waiting({ server }: Stage): Promise<Waiting> {
  return waitFor(async () => (await server.api<{ items: Waiting[] }>("GET", "/approvals")).body.items[0]);
}

async function decide({ server }: Stage, { approvalId, argumentsHash }: Waiting, decision: string, more: object = {}): Promise<void> {
  const { status, body } = await server.api("POST", `/approvals/${approvalId}/decision`, { decision, argumentsHash, ...more });
  expect({ status, body }).toMatchObject({ status: 200 });
}

describe.each(ERAS)("a call that needs approval, in the %s era,", (era) => {
  test("asks the person at a client that can, with the exact arguments, and runs when they approve", async () => {
    const { published, requests } = await stage();
    const asked: string[] = [];
    const client = await asking(published, era, (message) => {
      asked.push(message);
      return { action: "accept", content: { approve: true } };
    });
    const result = await client.callTool(call);
    expect(result.isError).toBeFalsy();
    expect(asked).toEqual(['"Shop tools" is asked to run "Cancel order" with exactly this:\norder: 1042']);
    expect(requests.map(({ body }) => body)).toEqual(['{"order":1042}']);
  });

  test("does nothing when they decline, cancel, or say no", async () => {
    const { published, requests, server } = await stage();
    for (const answer of [{ action: "decline" }, { action: "cancel" }, { action: "accept", content: { approve: false } }]) {
      const client = await asking(published, era, () => answer);
      const result = await client.callTool(call);
      expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("did not approve") as string }] });
    }
    expect(requests).toEqual([]);
    await expect
      .poll(
        async () => (await server.api<{ items: object[] }>("GET", `/published-servers/${published.id}/logs?outcome=refused`)).body.items,
      )
      .toHaveLength(3);
  });

  test("waits for the staff where the client can ask nobody: in the console's queue, with a journal and a trace", async () => {
    const on = await stage();
    const client = await connect(on.published, era);
    const result = client.callTool(call);
    const approval = await waiting(on);
    expect(on.requests).toEqual([]);
    await decide(on, approval, "approved");
    expect(await result).toMatchObject({ content: [{ type: "text", text: expect.stringContaining("1042") as string }] });
    expect(on.requests).toHaveLength(1);
    const journal = await on.server.api<{ items: { type: string; text?: string }[] }>(
      "GET",
      `/conversations/${approval.conversationId}/events?limit=50`,
    );
    const types = journal.body.items.map(({ type }) => type);
    expect(types).toEqual(
      expect.arrayContaining([
        "message-received",
        "tool-call-proposed",
        "approval-requested",
        "approval-decided",
        "tool-call-started",
        "tool-call-ended",
      ]),
    );
    expect(journal.body.items[0]?.text).toContain('test-client with the key "CI" of "Shop tools" calls http__cancel_order');
    await expect
      .poll(async () => (await on.server.api<{ items: object[] }>("GET", `/published-servers/${on.published.id}/logs`)).body.items)
      .toMatchObject([{ outcome: "ok", conversation: approval.conversationId }]);
  });

  test("runs with the arguments as the staff edited them, and is refused with their reason", async () => {
    const on = await stage();
    const client = await connect(on.published, era);
    const edited = client.callTool(call);
    await decide(on, await waiting(on), "approved", { arguments: { order: 7 } });
    expect(JSON.stringify((await edited).content)).toContain("7");
    expect(on.requests.map(({ body }) => body)).toEqual(['{"order":7}']);
    const rejected = client.callTool(call);
    await decide(on, await waiting(on), "rejected", { reason: "It was shipped." });
    expect(await rejected).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("It was shipped.") as string }] });
    expect(on.requests).toHaveLength(1);
  });

  test("asks the staff alone where the owner wants it, and tells a client that listens how it stands", async () => {
    const on = await stage({ approver: "staff" });
    const client = await asking(on.published, era, () => ({ action: "accept", content: { approve: true } }));
    const heard: (string | undefined)[] = [];
    const result = client.callTool(call, { onprogress: ({ message }) => void heard.push(message) });
    await waitFor(() => heard.length > 0);
    expect(heard[0]).toBe("Waiting for the staff to approve this call.");
    await decide(on, await waiting(on), "approved");
    expect((await result).isError).toBeFalsy();
  });

  test("leaves the queue when the client gives up, and never runs then", async () => {
    const on = await stage();
    const client = await connect(on.published, era);
    const controller = new AbortController();
    const result = client.callTool(call, { signal: controller.signal });
    await waiting(on);
    controller.abort();
    await expect(result).rejects.toThrow();
    await expect.poll(async () => (await on.server.api<{ items: object[] }>("GET", "/approvals")).body.items).toEqual([]);
    expect(on.requests).toEqual([]);
  });

  test("is asked for once more where the tool changed meanwhile: it does not run", async () => {
    const on = await stage();
    const client = await asking(on.published, era, () => ({ action: "accept", content: { approve: true } }));
    client.setRequestHandler("elicitation/create", async () => {
      const { headers } = await on.server.api("GET", "/http-tools/cancel_order");
      const ifMatch = { "If-Match": headers.get("etag") ?? "" };
      await on.server.api("PATCH", "/http-tools/cancel_order", { description: "Does more now." }, ifMatch);
      return { action: "accept", content: { approve: true } };
    });
    expect(await client.callTool(call)).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("has changed") as string }],
    });
    expect(on.requests).toEqual([]);
  });
});
