import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listenOnLoopback } from "../../demo/listen.ts";

import { chooseModel } from "../../demo/start/model-choice.ts";
import { freePortPair } from "../../demo/start/ports.ts";
import { type Demo, startDemo } from "../../demo/start/start-demo.ts";
import { call, connectOrders, readState } from "./order-client.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const startTs = join(repository, "demo/start.ts");

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "frontdesk-demo-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

describe("the whole demo", () => {
  let demo: Demo | undefined;

  afterEach(async () => {
    await demo?.stop();
    demo = undefined;
  });

  test("starts, answers everywhere, and leaves nothing behind", async () => {
    demo = await startDemo({ dataDirectory: join(folder, "data") });
    const addresses = [
      `${demo.deskUrl}/readyz`,
      demo.shopUrl,
      `${demo.shopUrl}/orders/1042`,
      `${demo.ordersUrl}/state`,
      `${demo.modelUrl}/v1/models`,
    ];
    for (const address of addresses) expect(await answers(address), address).toBe(true);
    expect(demo.modelSentence).toContain("scripted");
    // What customers wrote is for the user alone who started it.
    const data = join(folder, "data");
    const names = [".", ...(await readdir(data))];
    const modes = await Promise.all(names.map(async (name) => (await stat(join(data, name))).mode & 0o077));
    expect(names.filter((_, index) => modes[index] !== 0)).toEqual([]);
    await demo.stop();
    for (const address of addresses) expect(await answers(address), address).toBe(false);
  });

  test("restarts the server on the same port, even after a kill, while the orders stay", async () => {
    demo = await startDemo({ dataDirectory: folder, trackDurationMs: 0 });
    const { client } = await connectOrders(demo.ordersUrl);
    await call(client, "refund_order", { orderId: "1042", amount: 100 });
    const before = demo.parts.server.pid;
    await demo.restartServer("SIGKILL");
    expect(demo.parts.server.pid).not.toBe(before);
    expect(await answers(`${demo.deskUrl}/readyz`)).toBe(true);
    await client.close();
    await demo.parts.orders.restart("SIGKILL");
    const order = (await readState(demo.ordersUrl)).orders.find(({ orderId }) => orderId === "1042");
    expect(order?.refunds).toHaveLength(1);
  });

  test("reports which part died", async () => {
    const died: string[] = [];
    demo = await startDemo({ dataDirectory: folder, onDeath: (part, how) => died.push(`${part} ${how}`) });
    process.kill(demo.parts.model.pid ?? 0, "SIGKILL");
    await expect.poll(() => died).toEqual(["model by SIGKILL"]);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("as a command prints both URLs, and ends all of it on %s", async (signal) => {
    const port = await freePortPair();
    const command = runCommand({ PORT: String(port), DATA_DIR: folder });
    await command.ready;
    expect(command.output()).toContain(`http://127.0.0.1:${port}\n`);
    expect(command.output()).toContain(`http://127.0.0.1:${port + 1}\n`);
    command.child.kill(signal);
    expect(await command.exitCode).toBe(0);
    expect(await answers(`http://127.0.0.1:${port}/readyz`)).toBe(false);
    expect(await answers(`http://127.0.0.1:${port + 1}/`)).toBe(false);
  });

  test("as a command that is killed takes its parts with it", async () => {
    const port = await freePortPair();
    const command = runCommand({ PORT: String(port), DATA_DIR: folder });
    await command.ready;
    const parts = childrenOf(command.child.pid ?? 0);
    expect(parts).toHaveLength(5);
    command.child.kill("SIGKILL");
    await command.exitCode;
    await expect.poll(() => parts.filter(isAlive)).toEqual([]);
  });
});

function childrenOf(parent: number): number[] {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return rows
    .map((row) => row.trim().split(/\s+/u).map(Number))
    .flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid] : []));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

interface Command {
  readonly child: ReturnType<typeof spawn>;
  readonly output: () => string;
  /** Rejects with the output if the command ends instead. */
  readonly ready: Promise<void>;
  readonly exitCode: Promise<unknown>;
}

function runCommand(environment: NodeJS.ProcessEnv): Command {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [startTs], {
    cwd: repository,
    env: { PATH, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes("Ctrl-C")) resolve();
      });
    }
    child.once("close", () => reject(new Error(output)));
  });
  return { child, output: () => output, ready, exitCode: once(child, "close").then(([code]: unknown[]) => code) };
}

describe("a port that is taken", () => {
  test.each([
    ["the Frontdesk server", 0],
    ["the shop", 1],
  ])("is named with what wanted it, %s, and what to do", async (what, after) => {
    const port = await freePortPair();
    const taken = port + after;
    const other = await listenOnLoopback((_request, response) => response.end(), taken);
    await expect(startDemo({ dataDirectory: folder, port })).rejects.toThrow(
      `Port ${taken}, wanted for ${what}, is in use by another program. Stop what uses it, or choose another: PORT=5400 npm run demo.`,
    );
    await other.close();
  });
});

describe("the model", () => {
  test("is the script unless the environment names another", async () => {
    expect((await chooseModel({})).block).toBeUndefined();
    expect(await chooseModel({ ANTHROPIC_API_KEY: "secret-key" })).toMatchObject({
      block: { provider: "anthropic", apiKey: "${ANTHROPIC_API_KEY}" },
      sentence: expect.stringContaining("Anthropic") as string,
    });
    expect((await chooseModel({ OPENAI_API_KEY: "secret-key", FRONTDESK_MODEL: "gpt-x" })).block).toEqual({
      provider: "openai",
      model: "gpt-x",
      apiKey: "${OPENAI_API_KEY}",
    });
  });

  test("of an own server is the first that it lists, unless one is named", async () => {
    const server = await listenOnLoopback((request, response) => {
      response.end(JSON.stringify({ data: request.url === "/v1/models" ? [{ id: "llama" }, { id: "qwen" }] : [] }));
    }, 0);
    expect(await chooseModel({ FRONTDESK_MODEL_URL: `${server.url}/v1/`, OPENAI_API_KEY: "unused" })).toMatchObject({
      block: { provider: "openai-compatible", model: "llama", baseUrl: `${server.url}/v1` },
      privateHost: "127.0.0.1",
    });
    await expect(chooseModel({ FRONTDESK_MODEL_URL: server.url })).rejects.toThrow("Check FRONTDESK_MODEL_URL");
    await server.close();
    expect(
      (await chooseModel({ FRONTDESK_MODEL_URL: "http://127.0.0.1:1/v1", FRONTDESK_MODEL: "qwen", FRONTDESK_MODEL_KEY: "k" })).block,
    ).toMatchObject({
      model: "qwen",
      apiKey: "${FRONTDESK_MODEL_KEY}",
    });
  });

  test("never has its key written into the configuration", async () => {
    const { writeConfiguration } = await import("../../demo/start/configuration.ts");
    const file = writeConfiguration(folder, await chooseModel({ OPENAI_API_KEY: "secret-key" }), (configuration) => configuration);
    const text = await readFile(file, "utf8");
    expect(text).not.toContain("secret-key");
    expect(JSON.parse(text)).toMatchObject({ assistants: { shop: { model: { provider: "openai", apiKey: "${OPENAI_API_KEY}" } } } });
  });
});
