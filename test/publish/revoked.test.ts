/** A key that is revoked while something of it is under way. */
import { request as httpRequest } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { modernServer } from "../support/mcp-modern-server.ts";
import { waitFor } from "../support/wait-for.ts";
import { backend, cancelOrder, connect, type Desk, desk, ERAS, post, type Published } from "./publish-harness.ts";

async function revoke(server: Desk, { id, keyId }: Published): Promise<void> {
  expect((await server.api("DELETE", `/published-servers/${id}/keys/${keyId}`)).status).toBe(204);
}

const logs = async (server: Desk, { id }: Published): Promise<readonly object[]> =>
  (await server.api<{ items: object[] }>("GET", `/published-servers/${id}/logs`)).body.items;

/** A tool that tells how far it is, and ends when it is cancelled. */
async function slowSource() {
  const source = { url: "", calls: 0, isCancelled: false, tellMore: async (): Promise<void> => undefined };
  const upstream = await modernServer((mcp, schema) => {
    mcp.registerTool("slow", { inputSchema: schema({ type: "object", properties: {} }) }, async (_input, { mcpReq }) => {
      source.calls += 1;
      const told = (progress: number): Promise<void> =>
        mcpReq.notify({ method: "notifications/progress", params: { progressToken: mcpReq._meta?.progressToken, progress } });
      await told(1);
      source.tellMore = () => told(2).catch(() => undefined);
      await new Promise<void>((resolve) => mcpReq.signal.addEventListener("abort", () => resolve()));
      source.isCancelled = true;
      return { content: [{ type: "text", text: "too late" }] };
    });
  });
  onTestFinished(() => upstream.close());
  return Object.assign(source, { url: upstream.url });
}

/** A connection of the legacy era, on the wire. */
async function sessionOf({ url, key }: Published): Promise<Readonly<Record<string, string>>> {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "wire", version: "1" } };
  const begun = await post(url, { jsonrpc: "2.0", id: 1, method: "initialize", params }, { "X-API-Key": key });
  return { "X-API-Key": key, "Mcp-Session-Id": begun.headers.get("mcp-session-id") ?? "" };
}

describe.each(ERAS)("a key that is revoked in the middle of a call, in the %s era,", (era) => {
  test("ends the answer, cancels the call at its source, and lets nothing more through", async () => {
    const source = await slowSource();
    const server = await desk();
    await server.api("POST", "/mcp-servers", { key: "slow", name: "Slow", url: source.url });
    const published = await server.publish([{ source: "mcp", server: "slow", name: "slow" }]);
    const client = await connect(published, era);
    const heard: number[] = [];
    const pending = client.callTool({ name: "slow", arguments: {} }, { onprogress: ({ progress }) => void heard.push(progress) });
    const ended = pending.then(
      () => "answered",
      () => "broken off",
    );
    await waitFor(() => heard.length > 0);
    await revoke(server, published);
    await source.tellMore();
    await waitFor(() => source.isCancelled);
    await expect.poll(() => logs(server, published)).toMatchObject([{ tool: "slow", outcome: "cancelled" }]);
    await client.close();
    expect(await ended).toBe("broken off");
    expect(heard).toEqual([1]);
    const again = await post(
      published.url,
      { jsonrpc: "2.0", id: 9, method: "tools/call", params: { name: "slow" } },
      { "X-API-Key": published.key },
    );
    expect(again.status).toBe(401);
    expect(source.calls).toBe(1);
  });

  test("while the staff is asked: their approval comes too late for anything to be done", async () => {
    const { url, requests } = await backend();
    const server = await desk();
    await server.api("POST", "/http-tools", cancelOrder(url));
    const published = await server.publish([{ source: "http", name: "cancel_order", permission: "needs_approval" }]);
    const client = await connect(published, era);
    const pending = client.callTool({ name: "cancel_order", arguments: { order: 1042 } }).catch(() => undefined);
    const { approvalId, argumentsHash } = await waitFor(
      async () => (await server.api<{ items: { approvalId: string; argumentsHash: string }[] }>("GET", "/approvals")).body.items[0],
    );
    await revoke(server, published);
    await expect.poll(() => logs(server, published)).toMatchObject([{ outcome: "cancelled" }]);
    const { status } = await server.api("POST", `/approvals/${approvalId}/decision`, { decision: "approved", argumentsHash });
    expect(status).not.toBe(200);
    expect((await server.api<{ items: object[] }>("GET", "/approvals")).body.items).toEqual([]);
    expect(requests).toEqual([]);
    await client.close();
    await pending;
  });
});

test("on the wire, an answer of a key that is revoked breaks off without a result", async () => {
  const source = await slowSource();
  const server = await desk();
  await server.api("POST", "/mcp-servers", { key: "slow", name: "Slow", url: source.url });
  const published = await server.publish([{ source: "mcp", server: "slow", name: "slow" }]);
  const params = { name: "slow", arguments: {}, _meta: { progressToken: 1 } };
  const response = await post(published.url, { jsonrpc: "2.0", id: 2, method: "tools/call", params }, await sessionOf(published));
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const read = async (): Promise<boolean> => {
    const { done, value = "" } = await reader.read().catch(() => ({ done: true, value: "" }));
    text += value;
    return done;
  };
  while (!text.includes("notifications/progress")) expect(await read()).toBe(false);
  await revoke(server, published);
  while (!(await read()));
  expect(text).not.toContain("result");
  await waitFor(() => source.isCancelled);
});

test("a key that is revoked while the body of a call comes lets it do nothing", async () => {
  const { url, requests } = await backend();
  const server = await desk();
  await server.api("POST", "/http-tools", cancelOrder(url));
  const published = await server.publish([{ source: "http", name: "cancel_order" }]);
  const body = JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "cancel_order", arguments: { order: 1 } } });
  const asked = httpRequest(published.url, {
    method: "POST",
    headers: {
      ...(await sessionOf(published)),
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "Content-Length": Buffer.byteLength(body),
      Expect: "100-continue",
    },
  });
  const answered = new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    asked.on("error", reject);
    asked.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode, text }));
    });
  });
  // With this the server has seen the headers, and the key.
  await new Promise<void>((resolve) => {
    asked.on("continue", resolve);
    asked.flushHeaders();
  });
  asked.write(body.slice(0, 40));
  await revoke(server, published);
  asked.end(body.slice(40));
  expect(await answered).toMatchObject({ status: 401, text: expect.stringContaining("was revoked") as string });
  expect(requests).toEqual([]);
});
