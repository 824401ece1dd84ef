import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../server/start/start-server.ts";
import { cookieOf } from "../identity/staff-harness.ts";
import { ask } from "./api/api-harness.ts";
import { settingsFor, temporaryFolder, widgetFolder } from "./server-harness.ts";

const PASSWORD = "a long enough password";

async function startIn(folder: string, environment: Readonly<Record<string, string>> = {}) {
  const logged: string[] = [];
  const server = await startServer(await settingsFor(folder, environment), {
    widgetFolder: await widgetFolder(),
    logDestination: { write: (line) => void logged.push(line) },
  });
  onTestFinished(() => server.close());
  const url = `http://127.0.0.1:${server.port}`;
  const page = (method: string, path: string, more: { body?: unknown; cookie?: string } = {}) =>
    ask(`${url}${path}`, method, {
      ...(more.body === undefined ? {} : { body: more.body }),
      headers: { Origin: url, ...(more.cookie === undefined ? {} : { Cookie: more.cookie }) },
    });
  const link = () => /\/setup#([\w-]{43})$/.exec(server.setupUrl ?? "")?.[1];
  return { ...server, page, link, logged };
}

test("a server without staff prints a link at each start, until somebody used it; sessions outlive a restart, and no secret lies on the disk", async () => {
  const folder = await temporaryFolder();
  const first = await startIn(folder);
  const earlier = first.link();
  expect(earlier).toBeDefined();
  await first.close();

  const second = await startIn(folder);
  const token = second.link();
  expect(token).not.toBe(earlier);
  expect(second.logged.join("\n")).toContain("There is no staff yet");
  expect(second.logged.join("\n")).not.toContain(token);
  const ada = { name: "Ada", email: "ada@desk.example", password: PASSWORD };
  expect((await second.page("POST", "/api/v1/setup", { body: { token: earlier, ...ada } })).status).toBe(410);
  expect((await second.page("POST", "/api/v1/setup", { body: { token, ...ada } })).status).toBe(201);
  const signedIn = await second.page("POST", "/api/auth/sign-in/email", { body: { email: ada.email, password: PASSWORD } });
  expect(signedIn.status).toBe(200);
  const cookie = cookieOf(signedIn);
  expect((await second.page("GET", "/api/v1/me", { cookie })).json).toMatchObject({ name: "Ada", roles: ["admin"] });
  expect((await second.page("GET", "/api/v1/openapi.json")).status).toBe(200);
  await second.close();

  const third = await startIn(folder);
  expect(third.link()).toBeUndefined();
  expect((await third.page("GET", "/api/v1/me", { cookie })).status).toBe(200);
  await third.close();

  const data = join(folder, "data");
  const bytes = Buffer.concat(
    await Promise.all(
      (await readdir(data)).filter((name) => name.startsWith("frontdesk.sqlite")).map((name) => readFile(join(data, name))),
    ),
  );
  expect(bytes.includes("ada@desk.example")).toBe(true);
  const session = decodeURIComponent(cookie.split("=")[1] ?? "").split(".")[0] ?? "";
  expect(session.length).toBeGreaterThan(20);
  for (const secret of [PASSWORD, session, token ?? "", earlier ?? ""]) expect(bytes.includes(secret)).toBe(false);
});

test("with a key for machines, no link is printed", async () => {
  const server = await startIn(await temporaryFolder(), { FRONTDESK_ADMIN_KEY: "k".repeat(32) });
  expect(server.link()).toBeUndefined();
  const me = await ask(`http://127.0.0.1:${server.port}/api/v1/me`, "GET", { headers: { Authorization: `Bearer ${"k".repeat(32)}` } });
  expect(me.json).toMatchObject({ kind: "key", roles: ["admin"] });
});

test("a link that was printed before FRONTDESK_ADMIN_KEY was set makes no admin any more", async () => {
  const folder = await temporaryFolder();
  const first = await startIn(folder);
  const token = first.link();
  await first.close();
  const second = await startIn(folder, { FRONTDESK_ADMIN_KEY: "k".repeat(40) });
  expect(second.link()).toBeUndefined();
  const mallory = { name: "Mallory", email: "mallory@desk.example", password: PASSWORD };
  expect((await second.page("POST", "/api/v1/setup", { body: { token, ...mallory } })).status).toBe(410);
});
