/** Whole programs that nobody here wrote sign in, as people start them; the test is the person and their browser. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../http/server-harness.ts";
import { peer } from "../support/peers.ts";
import { waitFor } from "../support/wait-for.ts";
import { answer, asked, question, served } from "./sign-in-harness.ts";

test.each(["127.0.0.1", "localhost"])("the bridge mcp-remote signs in, with %s in its address, and passes calls on", async (host) => {
  const { server, published, ada } = await served();
  const bridge = spawn(
    process.execPath,
    [await peer("mcp-remote/dist/proxy.js"), published.url.replace("127.0.0.1", host), "--allow-http"],
    // It keeps what it is given here, and finds no browser.
    { env: { HOME: await temporaryFolder(), PATH: "" } },
  );
  const heard = { errors: "", answers: "" };
  bridge.stderr.on("data", (text: Buffer) => (heard.errors += text.toString()));
  bridge.stdout.on("data", (text: Buffer) => (heard.answers += text.toString()));
  onTestFinished(() => void bridge.kill());
  const say = (message: object): boolean => bridge.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "outer", version: "1" } };
  say({ id: 1, method: "initialize", params });
  const address = await waitFor(() => /^(http:\S+\/oauth2\/authorize\?\S+)$/m.exec(heard.errors)?.[1]);
  const back = await answer(server, await asked(server, address, ada.cookie), ada);
  expect((await fetch(back)).status).toBe(200);
  await waitFor(() => heard.answers.includes('"id":1'));
  say({ method: "notifications/initialized" });
  say({ id: 2, method: "tools/call", params: { name: "cancel_order", arguments: { order: 1042 } } });
  await waitFor(() => heard.answers.includes('"id":2'));
  expect(heard.answers).toContain("1042");
});

/** mcporter at `home`, where it keeps what it is given; it finds no browser. */
async function porter(home: string, ...words: readonly string[]) {
  const program = spawn(process.execPath, [await peer("mcporter/dist/cli.js"), ...words], { cwd: home, env: { HOME: home, PATH: "" } });
  const heard = { all: "", ended: once(program, "exit") };
  for (const stream of [program.stdout, program.stderr]) stream.on("data", (text: Buffer) => (heard.all += text.toString()));
  onTestFinished(() => void program.kill());
  return heard;
}

test("mcporter signs in and calls", async () => {
  const { server, published, ada } = await served();
  const home = await temporaryFolder();
  await mkdir(join(home, "config"));
  const config = { mcpServers: { shop: { url: published.url, auth: "oauth" } } };
  await writeFile(join(home, "config/mcporter.json"), JSON.stringify(config));

  const signing = await porter(home, "auth", "shop");
  const address = await waitFor(() => /http:\S+\/oauth2\/authorize\?\S+(?=\s)/.exec(signing.all)?.[0]);
  const query = await asked(server, address, ada.cookie);
  expect(await question(server, query, ada)).toMatchObject({
    program: { name: "mcporter (shop)", isHere: true },
    scopes: ["tools:list", "tools:call"],
  });
  expect((await fetch(await answer(server, query, ada))).status).toBe(200);
  expect(await signing.ended).toEqual([0, null]);

  const calling = await porter(home, "call", "shop.cancel_order", "order=1042");
  expect(await calling.ended).toEqual([0, null]);
  expect(calling.all).toContain("1042");
  // It asks for what the refusal names, and so cannot stay signed in.
  expect(await readFile(join(home, ".mcporter/credentials.json"), "utf8")).not.toContain("refresh_token");
});
