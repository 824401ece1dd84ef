/** The sample receivers of docs/notifications.md, run as they stand there. */
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { newWebhookSecret, signatureHeaders } from "../../server/notices/webhooks/webhook-signature.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { waitFor } from "../support/wait-for.ts";
import { freePort } from "../support/free-port.ts";

const page = await readFile(new URL("../../docs/notifications.md", import.meta.url), "utf8");

function sampleIn(language: string): string {
  const [, code = ""] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page) ?? [];
  expect(code).not.toBe("");
  return code;
}

async function startSample({ command, file, code, secret }: { command: string; file: string; code: string; secret: string }) {
  const folder = await temporaryFolder();
  const path = join(folder.path, file);
  await writeFile(path, code);
  const port = await freePort();
  const child = spawn(command, [path], { env: { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) } });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  onTestFinished(async () => {
    child.kill();
    await folder.remove();
  });
  await waitFor(() => said.includes("listens"));
  return { url: `http://127.0.0.1:${port}/`, said: () => said };
}

test.each([
  ["Node", process.execPath, "receiver.mjs", "js"],
  ["Python", "python3", "receiver.py", "python"],
] as const)("the receiver in %s takes what is signed, once, and refuses everything else", async (_name, command, file, language) => {
  const secret = newWebhookSecret();
  const { url, said } = await startSample({ command, file, code: sampleIn(language), secret });
  const body = JSON.stringify({ type: "person.asked", version: 1, data: { conversation: { url: "https://desk.example/ä" } } });
  const at = Date.now();
  const post = async (headers: Readonly<Record<string, string>>, sent = body) =>
    (await fetch(url, { method: "POST", body: sent, headers })).status;
  const good = signatureHeaders({ id: "msg_1", at, body, secrets: [secret] });
  expect(await post(good)).toBe(204);
  await waitFor(() => said().includes("person.asked https://desk.example/ä"));

  // A replay: at once, and later.
  expect(await post(good)).toBe(200);
  expect(await post(signatureHeaders({ id: "msg_2", at: at - 301_000, body, secrets: [secret] }))).toBe(401);
  expect(await post(signatureHeaders({ id: "msg_2", at: at + 310_000, body, secrets: [secret] }))).toBe(401);
  expect(said().match(/person\.asked/g)).toHaveLength(1);

  const fresh = signatureHeaders({ id: "msg_3", at, body, secrets: [secret] });
  expect(await post(fresh, body.replace("asked", "taken"))).toBe(401);
  expect(await post({ ...fresh, "webhook-id": "msg_4" })).toBe(401);
  expect(await post({ ...fresh, "webhook-timestamp": String(Math.floor(at / 1000) + 1) })).toBe(401);
  expect(await post(signatureHeaders({ id: "msg_3", at, body, secrets: [newWebhookSecret()] }))).toBe(401);
  for (const signature of ["", "v1,", "v2,AAAA", fresh["webhook-signature"]!.slice(0, -4)])
    expect(await post({ ...fresh, "webhook-signature": signature })).toBe(401);
  expect(await post({})).toBe(401);

  // While a secret is changed over.
  expect(await post(signatureHeaders({ id: "msg_5", at, body, secrets: [newWebhookSecret(), secret] }))).toBe(204);
});
