import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { RawServer } from "../model/raw-server.ts";
import { openAiChat } from "../model/wire-formats.ts";
import { settingsFor, temporaryFolder } from "../http/server-harness.ts";

const PROGRAM = fileURLToPath(new URL("../../server/cli.ts", import.meta.url));

function frontdesk(values: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...values], { env: { PATH: process.env["PATH"], ...environment } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  const waiting = new Set<() => void>();
  const add = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const look of waiting) look();
  };
  child.stdout.on("data", add);
  child.stderr.on("data", add);
  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    ended: new Promise<{ code: number | null; output: string }>((resolve) => child.on("close", (code) => resolve({ code, output }))),
    says: (text: string) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (output.includes(text)) resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

describe("the program frontdesk", () => {
  it("explains itself", async () => {
    expect(await frontdesk(["help"]).ended).toMatchObject({ code: 0, output: expect.stringContaining("Usage: frontdesk") });
    expect(await frontdesk(["version"]).ended).toMatchObject({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    expect(await frontdesk(["strat"]).ended).toMatchObject({ code: 1, output: expect.stringContaining('There is no command "strat"') });
  });

  it("prints the schema of the configuration file", async () => {
    const { code, output } = await frontdesk(["schema"]).ended;
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ title: "Frontdesk configuration" });
  });

  it("says what to check without a configuration file", async () => {
    expect(await frontdesk(["check"]).ended).toMatchObject({ code: 1, output: expect.stringContaining("frontdesk check frontdesk.json") });
    expect(await frontdesk(["check", "/nowhere.json"]).ended).toMatchObject({
      code: 1,
      output: expect.stringContaining("found no such file"),
    });
  });

  it("tells every fault of environment and file, and starts nothing", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "broken.json");
    await writeFile(path, JSON.stringify({ assistants: { shop: { name: 1 } }, extra: 1 }));
    const { code, output } = await frontdesk(["start", path], { DATA_DIR: folder, PORT: "0" }).ended;
    expect(code).toBe(1);
    expect(output).toContain("assistants.shop.name: found 1, expected a text");
    expect(output).toContain("extra: found an unknown key");
    expect(output).not.toContain("    at ");
    expect(await frontdesk(["start", path], { PORT: "much" }).ended).toMatchObject({
      code: 1,
      output: expect.stringContaining('PORT: found "much"'),
    });
  });

  it("checks a file", async () => {
    const folder = await temporaryFolder();
    await settingsFor(folder);
    const checked = await frontdesk(["check", join(folder, "frontdesk.json")], { MODEL_KEY: "sk-1" }).ended;
    expect(checked).toMatchObject({ code: 0, output: expect.stringContaining("is fine: 1 assistant, 0 MCP servers") });
  });

  it("warns of what is allowed and should not stay so", async () => {
    const path = join(await temporaryFolder(), "open.json");
    const model = { provider: "openai", model: "small", apiKey: "sk-in-the-file-itself" };
    await writeFile(path, JSON.stringify({ assistants: { shop: { name: "Shop", prompt: "", model, allowedOrigins: ["*"] } } }));
    const { code, output } = await frontdesk(["check", path]).ended;
    expect(code).toBe(0);
    expect(output).toContain("Warning: assistants.shop.model.apiKey is a secret in the file itself.");
    expect(output).toContain('Warning: assistants.shop.allowedOrigins has "*"');
    expect(output).not.toContain("sk-in-the-file-itself");
  });

  it("asks the models of a file's assistants with --online, and fails where one does not work", async () => {
    const models = await RawServer.open();
    onTestFinished(() => models.close());
    models.answer((response, { body, headers }) => {
      if (headers.authorization !== "Bearer sk-good-key-0123") return void response.writeHead(401).end("Who is sk-bad-key-4567?");
      const asksCall = JSON.stringify(body).includes("frontdesk_test") && !JSON.stringify(body).includes('"role":"tool"');
      const answer = asksCall ? { calls: [{ name: "frontdesk_test", argumentsText: '{"word":"ready"}' }] } : { pieces: ["ready"] };
      response.writeHead(200, { "content-type": "text/event-stream" }).end(openAiChat.events(answer).join(""));
    });
    const path = join(await temporaryFolder(), "online.json");
    const assistant = (apiKey: string): object => ({
      name: "Shop",
      prompt: "Help.",
      model: { provider: "openai-compatible", model: "small", baseUrl: models.url, apiKey },
      allowedOrigins: ["https://shop.example"],
    });
    const write = (assistants: object): Promise<void> =>
      writeFile(path, JSON.stringify({ assistants, network: { allowPrivate: ["127.0.0.1"] } }));
    const environment = { GOOD: "sk-good-key-0123", BAD: "sk-bad-key-4567" };
    await write({ shop: assistant("${GOOD}") });
    const good = await frontdesk(["check", path, "--online"], environment).ended;
    expect(good.code).toBe(0);
    expect(good.output).toMatch(
      /^The assistant "shop" works with openai-compatible\/small: first byte after \d+ ms, a word after \d+ ms\.$/m,
    );
    await write({ shop: assistant("${GOOD}"), desk: assistant("${BAD}") });
    const bad = await frontdesk(["check", "--online", path], environment).ended;
    expect(bad.code).toBe(1);
    expect(bad.output).toMatch(
      /^The assistant "desk" does not work with openai-compatible\/small\.\n {2}The model server at .* answered 401/m,
    );
    expect(bad.output).not.toContain("sk-bad-key");
    expect(await frontdesk(["check", path, "--onlin"], environment).ended).toMatchObject({
      code: 1,
      output: expect.stringContaining("does not know --onlin"),
    });
  });

  it("starts without a configuration file, and says how to go on", async () => {
    const server = frontdesk(["start"], { DATA_DIR: join(await temporaryFolder(), "data"), PORT: "0" });
    await server.says("become the first admin. It is good once.");
    server.kill("SIGTERM");
    const { code, output } = await server.ended;
    expect(code).toBe(0);
    expect(output).toMatch(/^ {2}First admin {3}http:\/\/localhost:\d+\/setup#[\w-]{43}$/m);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("starts, and ends cleanly on %s", async (signal) => {
    const folder = await temporaryFolder();
    await settingsFor(folder);
    const server = frontdesk(["start"], {
      FRONTDESK_CONFIG: join(folder, "frontdesk.json"),
      DATA_DIR: join(folder, "data"),
      PORT: "0",
      MODEL_KEY: "sk-never-shown",
    });
    await server.says("Frontdesk listens.");
    server.kill(signal);
    const { code, output } = await server.ended;
    expect(code).toBe(0);
    expect(output).toContain("Stopped.");
    expect(output).not.toContain("sk-never-shown");
  });
});
