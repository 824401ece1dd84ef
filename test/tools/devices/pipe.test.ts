/** Real MCP servers that come by a program of the same wire behaviour as mcp_pipe.py. */
import { expect, test } from "vitest";
import { ADMIN } from "../../http/api/api-harness.ts";
import { callsOnce } from "../../support/desk-scripts.ts";
import { hasPythonSockets, runPipe } from "../../support/device-programs.ts";
import { peerScript } from "../../support/mcp-everything.ts";
import { waitFor } from "../../support/wait-for.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { CONVERSATION, startVoiceServer } from "../../voice/call/server-stage.ts";
import { openDeviceStage } from "./device-stage.ts";

const everything = async () => [process.execPath, await peerScript("@modelcontextprotocol/server-everything", "dist/index.js"), "stdio"];
const KEY = "k".repeat(32);

function pidIn(said: string): number {
  const pids = [...said.matchAll(/started (\d+)/g)].map(([, pid]) => Number(pid));
  return pids.at(-1) ?? 0;
}

test.skipIf(!hasPythonSockets())("a real server comes, is listed and is called in a chat", async () => {
  const stage = await startVoiceServer({
    environment: { FRONTDESK_ADMIN_KEY: KEY },
    assistant: { connectors: { device: { permissions: { "*": "always_allow" } } } },
    script: callsOnce({ name: "device__echo", arguments: { message: "from the till" } }),
  });
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${stage.url}/api/v1/assistants/shop/endpoint${path}`, {
      method,
      headers: { Authorization: `Bearer ${KEY}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as {
      url: string;
      empty?: object;
      devices: { name: string; tools: { name: string; parameters: number }[] }[];
    };
  };
  await ask("PUT", "", { enabled: true });
  runPipe((await ask("POST", "/tokens", { name: "Till" })).url, { everything: await everything() });
  const fetched = await waitFor(async () => {
    const found = await ask("POST", "/fetch-tools");
    return found.empty === undefined ? found : undefined;
  });
  expect(fetched.devices[0]?.tools.find(({ name }) => name === "echo")).toMatchObject({ parameters: 1 });
  const customer = await stage.customer();
  await customer.ask("message-send", { conversationId: CONVERSATION, messageId: "message-0001", text: "Echo, please." });
  const ended = await stage.event("tool-call-ended");
  expect(ended.outcome).toBe("ok");
  await waitFor(() => stage.requests.some(({ messages }) => JSON.stringify(messages).includes("Echo: from the till")));
});

test.skipIf(!hasPythonSockets())("three servers with one token are one toolbox, each under its own name", async () => {
  const stage = await openDeviceStage();
  const { path, remove } = await temporaryFolder();
  const { url } = await stage.token();
  runPipe(url, {
    everything: await everything(),
    files: [process.execPath, await peerScript("@modelcontextprotocol/server-filesystem", "dist/index.js"), path],
    memory: [process.execPath, await peerScript("@modelcontextprotocol/server-memory", "dist/index.js")],
  });
  const devices = await stage.ready(3);
  expect(new Set(devices.map(({ name }) => name)).size).toBe(3);
  const names = await stage.names();
  expect(names).toEqual(expect.arrayContaining(["device__echo", "device__read_text_file", "device__create_entities"]));
  expect(await stage.call("device__list_allowed_directories")).toMatchObject({ outcome: "ok" });
  expect(await stage.endpoints.tokens(ADMIN, "shop")).toMatchObject([{ connected: 3 }]);
  await remove();
});

test.skipIf(!hasPythonSockets())("a program that is killed leaves its line silent; a ping finds it, and it comes back", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const { said } = runPipe(url, { everything: await everything() });
  await stage.ready(1);
  expect(await stage.call("device__echo", { message: "one" })).toMatchObject({ outcome: "ok" });
  const calling = stage.call("device__trigger-long-running-operation", { duration: 60, steps: 2 });
  await waitFor(() => said().includes("started"));
  await stage.tool("device__echo");
  const first = pidIn(said());
  process.kill(first, "SIGKILL");
  // Nothing is heard of it until something is sent.
  await waitFor(() => {
    stage.clock.forward(10_000);
    return said().includes("closed 1000");
  });
  expect(await calling).toMatchObject({ outcome: "unknown" });
  await waitFor(() => pidIn(said()) !== first);
  await stage.ready(1);
  expect(await stage.call("device__echo", { message: "two" })).toMatchObject({ outcome: "ok" });
});

test.skipIf(!hasPythonSockets())("revoked while it is connected, it reads why, and its growing waits are respected", async () => {
  const stage = await openDeviceStage();
  const { url, id } = await stage.token();
  const { said } = runPipe(url, { everything: await everything() }, 0.01);
  await stage.ready(1);
  await stage.endpoints.revoke(ADMIN, { assistant: "shop", id });
  await waitFor(() => said().includes("waits 16"));
  const lines = said().split("\n");
  expect(lines.filter((line) => line.includes("closed 4410 This token was revoked."))).not.toEqual([]);
  expect(lines.flatMap((line) => /waits (\d+)/.exec(line)?.[1] ?? []).slice(0, 4)).toEqual(["2", "4", "8", "16"]);
  expect((await stage.endpoints.fetchTools(ADMIN, "shop")).empty?.reason).toBe("nobody-connected");
  expect(await stage.names()).toEqual([]);
});
