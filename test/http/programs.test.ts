import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../server/start/start-server.ts";
import { testPrograms } from "../support/mcp-programs.ts";
import { waitFor } from "../support/wait-for.ts";
import { ask } from "./api/api-harness.ts";
import { CONFIGURATION, settingsFor, temporaryFolder, widgetFolder } from "./server-harness.ts";

const ADMIN_KEY = "k".repeat(32);

test("a server learns the tools of its programs in the background when it starts, and starts none of them at its next start", async () => {
  const programs = await testPrograms();
  const written = ["desk", "files", "mail"].map((key) => {
    const { command, args } = programs.program(key);
    return [key, { command, args, isolation: key === "mail" ? "shared" : "conversation" }];
  });
  const configuration = { ...CONFIGURATION, mcpServers: Object.fromEntries(written) as object };
  const folder = await temporaryFolder();
  const startAgain = async () => {
    const settings = await settingsFor(folder, { FRONTDESK_ADMIN_KEY: ADMIN_KEY }, configuration);
    const server = await startServer(settings, { widgetFolder: await widgetFolder(), logDestination: { write: () => undefined } });
    onTestFinished(() => server.close());
    const read = async (path: string) =>
      (await ask(`http://127.0.0.1:${server.port}/api/v1${path}`, "GET", { headers: { Authorization: `Bearer ${ADMIN_KEY}` } })).json;
    return { ...server, read };
  };

  const first = await startAgain();
  const shown = { status: { status: "connected", toolCount: 1 }, tools: { total: 1, enabled: 1, new: 0 } };
  for (const key of ["desk", "files", "mail"])
    await waitFor(async () => ((await first.read(`/mcp-servers/${key}`)) as typeof shown).tools.total === 1);
  expect(await first.read("/mcp-servers/desk")).toMatchObject({ ...shown, isolation: "conversation" });
  expect(await first.read("/mcp-servers/mail")).toMatchObject({ ...shown, isolation: "shared" });
  await first.close();
  expect(await programs.starts()).toHaveLength(3);

  const second = await startAgain();
  expect(await second.read("/mcp-servers/desk")).toMatchObject(shown);
  await second.close();
  expect(await programs.starts()).toHaveLength(3);
});
