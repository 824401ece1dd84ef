/** The Inspector, a client that nobody here wrote, in both eras and with every kind of key. */
import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { peer } from "../support/peers.ts";
import { ownDesk } from "./own-harness.ts";
import { backend, cancelOrder, type Desk, desk, ERAS, type Era, type Published } from "./publish-harness.ts";

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function inspect({ url }: Pick<Published, "url">, key: string | undefined, era: Era, ...asked: readonly string[]): Promise<Said> {
  const program = await peer("@modelcontextprotocol/inspector/clients/launcher/build/index.js");
  const header = key === undefined ? [] : ["--header", `Authorization: Bearer ${key}`];
  const options = ["--cli", url, "--transport", "http", ...header, "--protocol-era", era, "--format", "json", "-q", ...asked];
  const child = spawn(process.execPath, [program, ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out, err };
}

async function stage(): Promise<{ server: Desk; published: Published }> {
  const { url } = await backend();
  const server = await desk();
  await server.api("POST", "/http-tools", cancelOrder(url));
  return { server, published: await server.publish([{ source: "http", name: "cancel_order" }]) };
}

describe.each(ERAS)("the Inspector, in the %s era,", (era) => {
  test("lists and calls with the right key, and is told what is wrong with any other", async () => {
    const { server, published } = await stage();
    const listed = await inspect(published, published.key, era, "--method", "tools/list");
    expect({ code: listed.code, err: listed.err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(listed.out)).toMatchObject({ result: { tools: [{ name: "cancel_order" }] } });
    const call = ["--method", "tools/call", "--tool-name", "cancel_order", "--tool-args-json", '{"order":1042}'];
    const called = await inspect(published, published.key, era, ...call);
    expect(called.out).toContain("1042");

    const foreign = await server.publish([]);
    const revoked = await server.api<{ id: string; key: string }>("POST", `/published-servers/${published.id}/keys`, { name: "revoked" });
    await server.api("DELETE", `/published-servers/${published.id}/keys/${revoked.body.id}`);
    for (const key of [undefined, "wrong", foreign.key, revoked.body.key]) {
      const refused = await inspect(published, key, era, "--method", "tools/list");
      expect(refused.code).not.toBe(0);
      // It takes 401 for a sign-in, which is to come.
      expect(`${refused.out}${refused.err}`).toMatch(/401|auth/i);
      expect(refused.out).not.toContain("cancel_order");
    }
    await expect
      .poll(async () => (await server.api<{ items: object[] }>("GET", `/published-servers/${published.id}/logs`)).body.items)
      .toMatchObject([{ tool: "cancel_order", outcome: "ok", clientName: expect.stringContaining("inspector") as string }]);
  });

  test("lists and calls the tools of Frontdesk's own server with a key of the API, and with no other", async () => {
    const server = await ownDesk();
    const own = { url: server.ownUrl };
    const { key, id } = await server.key(["support"]);
    const listed = await inspect(own, key, era, "--method", "tools/list");
    expect({ code: listed.code, err: listed.err }).toEqual({ code: 0, err: "" });
    const { tools } = (JSON.parse(listed.out) as { result: { tools: { name: string }[] } }).result;
    expect(tools.map(({ name }) => name)).toContain("list_pending_approvals");
    expect(tools.map(({ name }) => name)).not.toContain("decide_approval");
    const call = ["--method", "tools/call", "--tool-name", "who_am_i", "--tool-args-json", "{}"];
    expect((await inspect(own, key, era, ...call)).out).toContain('"support"');
    const published = await server.publish([]);
    await server.api("DELETE", `/api-keys/${id}`);
    for (const wrong of [undefined, "wrong", published.key, key]) {
      const refused = await inspect(own, wrong, era, "--method", "tools/list");
      expect(refused.code).not.toBe(0);
      expect(`${refused.out}${refused.err}`).toMatch(/401|auth/i);
      expect(refused.out).not.toContain("list_pending_approvals");
    }
  });
});
