/** What people may call things: others read it. */
import { expect, test } from "vitest";
import { start } from "../server-harness.ts";

const ADMIN_KEY = "k".repeat(32);

test("a name has something to read, and nothing that turns or hides the text around it", async () => {
  const { url } = await start({ environment: { FRONTDESK_ADMIN_KEY: ADMIN_KEY } });
  const send = async (path: string, body: object): Promise<{ status: number; paths: unknown }> => {
    const headers = { Authorization: `Bearer ${ADMIN_KEY}`, "Content-Type": "application/json" };
    const response = await fetch(`${url}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    const { errors } = (await response.json()) as { errors?: { path: string }[] };
    return { status: response.status, paths: errors?.map(({ path }) => path) };
  };
  const model = { provider: "openai-compatible", model: "small", baseUrl: "http://127.0.0.1:9/v1" };
  const things: readonly (readonly [string, object])[] = [
    ["/groups", {}],
    ["/api-keys", { roles: ["support"] }],
    ["/people", { email: "ada@desk.example", roles: ["support"] }],
    ["/assistants", { key: "pots", prompt: "You sell pots.", model, allowedOrigins: ["https://a.example"] }],
  ];
  for (const [path, more] of things) {
    for (const name of ["", "   ", "\u200B\u2060", "two\nlines", "nul\0", "turned \u202Etxet", "half \ud800"])
      expect({ name, path, ...(await send(path, { name, ...more })) }).toEqual({ name, path, status: 422, paths: ["/name"] });
    expect((await send(path, { name: "  \u200Fד״ר כהן & Zoë 👩🏽‍🔧 ", ...more })).status).toBe(201);
  }
});
