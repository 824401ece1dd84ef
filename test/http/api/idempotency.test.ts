import { once } from "node:events";
import { connect } from "node:net";
import * as z from "zod";
import { expect, test } from "vitest";
import { RequestError } from "../../../protocol/errors.ts";
import { route } from "../../../server/http/api/route.ts";
import { waitFor } from "../../support/wait-for.ts";
import { type Api, startApi } from "./api-harness.ts";

const HOUR_MS = 60 * 60 * 1000;

async function startShop(): Promise<{ api: Api; made: string[]; open: () => void; waiting: () => number }> {
  const made: string[] = [];
  let waiting = 0;
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const api = await startApi([
    route({
      method: "POST",
      path: "/things",
      operationId: "createThing",
      tag: "Things",
      summary: "Makes a thing",
      action: "people.write",
      refuses: ["already-exists"],
      body: z.object({ name: z.string(), wait: z.boolean().optional() }),
      creates: true,
      status: 201,
      response: z.object({ name: z.string(), secret: z.string() }),
      handle: async ({ body }) => {
        if (body.name === "bad" && made.length === 0) throw new RequestError("already-exists");
        if (body.name === "crash") throw new Error("the disk is full");
        waiting += 1;
        if (body.wait) await gate;
        made.push(body.name);
        return { body: { name: body.name, secret: `shown-once-${made.length}` }, version: 1, location: `/things/${body.name}` };
      },
    }),
  ]);
  return { api, made, open, waiting: () => waiting };
}

const create = (api: Api, key: string | undefined, body: unknown, role = "admin") =>
  api.fetch("POST", "/things", {
    body,
    headers: { Authorization: `Bearer ${role}`, ...(key === undefined ? {} : { "Idempotency-Key": key }) },
  });

test("the same create with the same key is made once and answered the same", async () => {
  const { api, made } = await startShop();
  const first = await create(api, "k1", { name: "cup" });
  const second = await create(api, '"k1"', { name: "cup" });
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.text).toBe(first.text);
  for (const header of ["etag", "location"]) expect(second.headers.get(header)).toBe(first.headers.get(header));
  expect([first.headers.get("idempotency-replayed"), second.headers.get("idempotency-replayed")]).toEqual([null, "true"]);
  await create(api, undefined, { name: "cup" });
  await create(api, "k2", { name: "cup" });
  expect(made).toEqual(["cup", "cup", "cup"]);
});

test("another request with a used key is refused, and keys of two people do not meet", async () => {
  const { api, made } = await startShop();
  await create(api, "k1", { name: "cup" });
  const other = await create(api, "k1", { name: "jug" });
  expect([other.status, other.json["code"]]).toEqual([422, "key-reused"]);
  expect((await create(api, "k1", { name: "jug" }, "support")).status).toBe(403);
  expect(made).toEqual(["cup"]);
  expect((await create(api, "with space", { name: "jug" })).status).toBe(400);
});

test("duplicates at the same time make one", async () => {
  const { api, made, open, waiting } = await startShop();
  const answers = Array.from({ length: 8 }, () => create(api, "k1", { name: "cup", wait: true }));
  const other = create(api, "k1", { name: "jug" });
  expect((await other).json["code"]).toBe("key-reused");
  expect(waiting()).toBe(1);
  open();
  const texts = new Set((await Promise.all(answers)).map(({ text }) => text));
  expect([texts.size, made]).toEqual([1, ["cup"]]);
});

test("a key is good for a day", async () => {
  const { api, made } = await startShop();
  await create(api, "k1", { name: "cup" });
  api.clock.move(23 * HOUR_MS);
  await create(api, "k1", { name: "cup" });
  expect(made.length).toBe(1);
  api.clock.move(2 * HOUR_MS);
  await create(api, "k1", { name: "cup" });
  expect(made.length).toBe(2);
});

test("a refused request frees its key; one that broke keeps it, as nobody knows what it did", async () => {
  const { api } = await startShop();
  expect((await create(api, "k1", { name: "bad" })).status).toBe(409);
  expect((await create(api, "k1", { name: "cup" })).status).toBe(201);
  expect((await create(api, "k2", { name: "crash" })).status).toBe(500);
  const again = await create(api, "k2", { name: "crash" });
  expect([again.status, again.json["code"]]).toEqual([409, "request-unfinished"]);
});

test("what was shown once does not lie in the record", async () => {
  const { api } = await startShop();
  await create(api, "k1", { name: "cup" });
  const kept = JSON.stringify(await api.documents.list("idempotency", { limit: 10, now: api.clock.now() }));
  expect(kept).toContain("sealed");
  expect(kept).not.toContain("shown-once");
  expect(kept).not.toContain("cup");
});

test("whoever hangs up and asks again with the key gets what was made, though making it can be called off", async () => {
  let begun = 0;
  let wasCalledOff = false;
  let goOn: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const slow = route({
    method: "POST",
    path: "/slow",
    operationId: "createSlowly",
    tag: "Things",
    summary: "Makes a thing, and tests it",
    action: "people.write",
    creates: true,
    status: 201,
    response: z.object({ made: z.number() }),
    handle: async ({ signal }) => {
      begun += 1;
      signal.addEventListener("abort", () => (wasCalledOff = true));
      await gate;
      // As a test of a new server does, once the server is kept.
      if (signal.aborted) throw new RequestError("version-changed");
      return { body: { made: begun } };
    },
  });
  const api = await startApi([slow]);
  const headers = { Authorization: "Bearer admin", "Idempotency-Key": "k-hang-up" };
  const socket = connect(Number(new URL(api.url).port), "127.0.0.1");
  socket.write(
    `POST /api/v1/slow HTTP/1.1\r\nHost: desk\r\nContent-Length: 0\r\n${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join("")}\r\n`,
  );
  await waitFor(() => begun === 1);
  const gone = once(socket, "close");
  socket.destroy();
  await gone;
  const again = api.fetch("POST", "/slow", { headers });
  // The server has long seen the first line break when it has answered another request.
  expect((await api.fetch("GET", "/nothing")).status).toBe(404);
  goOn();
  expect(await again).toMatchObject({ status: 201, json: { made: 1 } });
  expect([begun, wasCalledOff]).toEqual([1, false]);
});
