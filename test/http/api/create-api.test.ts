import * as z from "zod";
import { expect, test } from "vitest";
import { RequestError } from "../../../protocol/errors.ts";
import { page, pageOf, pageQuery, readTextCursor } from "../../../server/http/api/cursor.ts";
import { route } from "../../../server/http/api/route.ts";
import { InvalidError } from "../../../server/foundation/invalid-error.ts";
import { DocumentConflictError } from "../../../server/documents/ports.ts";
import { OWN_ORIGIN, startApi } from "./api-harness.ts";

/** As a call of an assistant's tool has it. */
const BY_ASSISTANT = { "X-Frontdesk-Depth": "1" };
const thing = z.object({ name: z.string() });
const params = z.object({ key: z.string().regex(/^[a-z]+$/) });
const key = { headers: { Authorization: "Bearer admin" } };

const things = [
  route({
    method: "GET",
    path: "/things",
    operationId: "listThings",
    tag: "Things",
    summary: "All things",
    action: "people.read",
    query: z.object({ ...pageQuery.shape, deep: z.enum(["yes", "no"]).optional() }),
    response: pageOf(thing),
    handle: async ({ query }) => ({
      body: await page(
        query,
        readTextCursor,
        async (after, limit) =>
          ["ada", "bob", "cleo"]
            .filter((name) => name > (after ?? ""))
            .slice(0, limit)
            .map((name) => ({ name })),
        ({ name }) => name,
      ),
    }),
  }),
  route({
    method: "GET",
    path: "/things/{key}",
    operationId: "readThing",
    tag: "Things",
    summary: "A thing",
    action: "people.read",
    params,
    response: thing,
    handle: async ({ params: { key: name } }) => {
      if (name === "gone") throw new RequestError("not-found", { detail: "There is no thing gone." });
      if (name === "broken") throw new Error("the password is hunter2");
      if (name === "busy") throw new RequestError("too-many-attempts", { retryAfterMs: 1500 });
      return { body: { name, secret: "never" } as { name: string }, version: 3 };
    },
  }),
  route({
    method: "PUT",
    path: "/things/{key}",
    operationId: "replaceThing",
    tag: "Things",
    summary: "Changes a thing",
    action: "people.write",
    refuses: ["already-exists"],
    params,
    body: z.strictObject({ name: z.string(), deep: z.object({ "a/b~c": z.array(z.int()) }).optional() }),
    versioned: true,
    response: thing,
    handle: async ({ params: { key: name }, body, ifVersion = 0 }) => {
      if (body.name === "odd") throw new InvalidError([{ path: "/name", message: "This name is odd." }]);
      if (body.name === "taken") throw new DocumentConflictError("exists", "person", name);
      if (ifVersion !== 3) throw new DocumentConflictError("changed", "person", name);
      return { body: { name: body.name }, version: ifVersion + 1 };
    },
  }),
  route({
    method: "GET",
    path: "/export",
    operationId: "exportThings",
    tag: "Things",
    summary: "All things as a file",
    action: "people.read",
    response: z.unknown(),
    streams: ["text/csv"],
    handle: async () => ({
      contentType: "text/csv",
      fileName: "things.csv",
      stream: (async function* () {
        yield "name\n";
        yield "ada\n";
      })(),
    }),
  }),
];

test("a request is parsed by its schemas and answered with an ETag, without what the schema does not name", async () => {
  const api = await startApi(things);
  const answer = await api.fetch("GET", "/things/ada", key);
  expect(answer.status).toBe(200);
  expect(answer.text).toBe('{"name":"ada"}');
  expect(answer.headers.get("etag")).toBe('"3"');
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  expect((await api.fetch("HEAD", "/things/ada", key)).status).toBe(200);
});

test("nobody is asked to sign in, and a role that may not is told which action it is", async () => {
  const api = await startApi(things);
  const nobody = await api.fetch("GET", "/things/ada");
  expect(nobody.status).toBe(401);
  expect(nobody.headers.get("www-authenticate")).toBe('Bearer realm="frontdesk"');
  expect(nobody.headers.get("content-type")).toBe("application/problem+json");
  expect(nobody.json).toMatchObject({ type: "urn:frontdesk:problem:unauthenticated", status: 401, code: "unauthenticated" });
  const support = await api.fetch("GET", "/things/ada", { headers: { Authorization: "Bearer support" } });
  expect([support.status, support.json["code"]]).toEqual([403, "forbidden"]);
  expect(support.json["detail"]).toContain("people.read");
});

test("what is not there is 404, and a method that is not possible names those that are", async () => {
  const api = await startApi(things);
  for (const path of ["/nothing", "/things/", "/things/%E0%A4%A", "/things/UPPER", "/things/ada/more", "/things/gone", ""]) {
    const answer = await api.fetch("GET", path, key);
    expect([path, answer.status, answer.json["code"]]).toEqual([path, 404, "not-found"]);
  }
  const nothing = await api.fetch("GET", "/nothing", key);
  expect(nothing.json["detail"]).toBe("There is nothing at /api/v1/nothing. /api/v1/openapi.json lists what there is.");
  const post = await api.fetch("POST", "/things/ada", { ...key, body: {} });
  expect(post.status).toBe(405);
  expect(post.headers.get("allow")).toBe("GET, HEAD, PUT");
  expect((await api.fetch("OPTIONS", "/things", { headers: { Origin: "https://evil.example" } })).status).toBe(405);
});

test("each fault of a body has its JSON pointer", async () => {
  const api = await startApi(things);
  const answer = await api.fetch("PUT", "/things/ada", {
    headers: { ...key.headers, "If-Match": '"3"' },
    body: { name: 3, deep: { "a/b~c": [1, "two"] }, extra: true },
  });
  expect([answer.status, answer.json["code"]]).toEqual([422, "invalid"]);
  expect((answer.json["errors"] as { in: string; path: string }[]).map((error) => `${error.in} ${error.path}`).sort()).toEqual([
    "body /deep/a~1b~0c/1",
    "body /extra",
    "body /name",
  ]);
  const odd = await api.fetch("PUT", "/things/ada", { headers: { ...key.headers, "If-Match": '"3"' }, body: { name: "odd" } });
  expect(odd.json["errors"]).toEqual([{ in: "body", path: "/name", message: "This name is odd." }]);
});

test("a change needs the version that was read", async () => {
  const api = await startApi(things);
  const change = (header: Record<string, string>, name = "new") =>
    api.fetch("PUT", "/things/ada", { headers: { ...key.headers, ...header }, body: { name } });
  expect((await change({})).json["code"]).toBe("version-required");
  expect((await change({ "If-Match": "*" })).json["status"]).toBe(428);
  expect((await change({ "If-Match": '"2"' })).json["status"]).toBe(412);
  expect((await change({ "If-Match": 'W/"3"' })).json["status"]).toBe(412);
  expect((await change({ "If-Match": '"abc"' })).json["status"]).toBe(412);
  expect((await change({ "If-Match": "3" })).json["status"]).toBe(400);
  expect((await change({ "If-Match": '"3"' }, "taken")).json["code"]).toBe("already-exists");
  const done = await change({ "If-Match": '"3"' });
  expect([done.status, done.headers.get("etag")]).toEqual([200, '"4"']);
});

test("only JSON is taken, of a bounded size and depth, and no key that means something else to some code", async () => {
  const api = await startApi(things, { bodyBytes: 300 });
  const put = async (body: string | Uint8Array<ArrayBuffer>, type = "application/json") => {
    const response = await fetch(`${api.url}/things/ada`, {
      method: "PUT",
      headers: { ...key.headers, "If-Match": '"3"', "Content-Type": type },
      body,
    });
    const problem = (await response.json()) as { code?: string; detail?: string; name?: string };
    return [response.status, problem.code ?? problem.name, problem.detail] as const;
  };
  expect((await put('{"name":"a"}', "application/json; charset=UTF-8"))[0]).toBe(200);
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=latin1",
    "application/jsonp",
  ])
    expect([type, (await put('{"name":"a"}', type))[1]]).toEqual([type, "unsupported-media"]);
  expect((await put('{"name":"hunter2'))[1]).toBe("bad-request");
  expect((await put('{"name":"hunter2'))[2]).not.toContain("hunter2");
  expect((await put(new Uint8Array([0x22, 0xff, 0x22])))[1]).toBe("bad-request");
  expect((await put(`{"name":"${"x".repeat(400)}"}`))[1]).toBe("too-large");
  expect((await put(`${"[".repeat(120)}${"]".repeat(120)}`))[1]).toBe("bad-request");
  for (const trap of ['{"name":"a","__proto__":{"admin":true}}', '{"name":"a","deep":{"\\u005f_proto__":1}}'])
    expect((await put(trap))[2]).toContain("__proto__");
  expect((await put('{"name":"first","name":"last"}'))[1]).toBe("last");
});

test("a body without a length is cut off at the limit too", async () => {
  const api = await startApi(things, { bodyBytes: 300 });
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 1;
      if (sent > 1000) controller.close();
      else controller.enqueue(new TextEncoder().encode(" ".repeat(100)));
    },
  });
  const response = await fetch(`${api.url}/things/ada`, {
    method: "PUT",
    headers: { ...key.headers, "If-Match": '"3"', "Content-Type": "application/json" },
    body: endless,
    duplex: "half",
  } as RequestInit);
  expect(response.status).toBe(413);
});

test("a session acts only from a page of this server; a key from anywhere", async () => {
  const api = await startApi(things);
  const change = (headers: Record<string, string>) =>
    api.fetch("PUT", "/things/ada", { headers: { "If-Match": '"3"', ...headers }, body: { name: "new" } }).then(({ status }) => status);
  const Cookie = "session=1";
  expect(await change({ Cookie })).toBe(403);
  expect(await change({ Cookie, Origin: "https://evil.example" })).toBe(403);
  expect(await change({ Cookie, Origin: "null" })).toBe(403);
  expect(await change({ Cookie, Origin: OWN_ORIGIN })).toBe(200);
  expect(await change({ Cookie, Origin: OWN_ORIGIN, "Sec-Fetch-Site": "same-site" })).toBe(403);
  expect(await change({ Cookie, "Sec-Fetch-Site": "cross-site" })).toBe(403);
  expect(await change({ Cookie, Origin: "http://192.168.0.4:4400", "Sec-Fetch-Site": "same-origin" })).toBe(200);
  expect(await change({ ...key.headers, Origin: "https://elsewhere.example" })).toBe(200);
  expect((await api.fetch("GET", "/things/ada", { headers: { Cookie, Origin: "https://evil.example" } })).status).toBe(200);
});

test("lists go on where the page before ended, and end", async () => {
  const api = await startApi(things);
  const first = await api.fetch("GET", "/things?limit=2", key);
  expect(first.json["items"]).toEqual([{ name: "ada" }, { name: "bob" }]);
  const second = await api.fetch("GET", `/things?limit=2&cursor=${String(first.json["next"])}`, key);
  expect(second.json).toEqual({ items: [{ name: "cleo" }] });
  expect((await api.fetch("GET", "/things?limit=3", key)).json["next"]).toBeUndefined();
  for (const [query, path] of [
    ["limit=0", "/limit"],
    ["limit=201", "/limit"],
    ["cursor=%00", "/cursor"],
    ["cursor=Mw", "/cursor"],
    ["deeep=yes", "/deeep"],
    ["deep=yes&deep=no", "/deep"],
  ] as const) {
    const answer = await api.fetch("GET", `/things?${query}`, key);
    expect([query, answer.status, (answer.json["errors"] as { path: string }[])[0]?.path]).toEqual([query, 422, path]);
  }
});

test("a fault of ours is logged and not told", async () => {
  const api = await startApi(things);
  const answer = await api.fetch("GET", "/things/broken", key);
  expect([answer.status, answer.json["code"]]).toEqual([500, "internal"]);
  expect(answer.text).not.toContain("hunter2");
  expect(api.logged.map(({ level }) => level)).toEqual(["error"]);
  const busy = await api.fetch("GET", "/things/busy", key);
  expect([busy.status, busy.headers.get("retry-after")]).toEqual([429, "2"]);
});

test("a file is written as it is read", async () => {
  const api = await startApi(things);
  const answer = await api.fetch("GET", "/export", key);
  expect([answer.headers.get("content-type"), answer.headers.get("content-disposition"), answer.text]).toEqual([
    "text/csv",
    'attachment; filename="things.csv"',
    "name\nada\n",
  ]);
});

test("two routes at one place, or of one name, are a fault at once", async () => {
  const twice = await startApi([...things, ...things.slice(0, 1)]);
  expect((await twice.fetch("GET", "/things", key)).status).toBe(500);
});

test("a call of an assistant's tool reads, and changes nothing, whatever its key may", async () => {
  const api = await startApi(things);
  const headers = { Authorization: "Bearer admin", ...BY_ASSISTANT };
  expect(await api.fetch("GET", "/things/ada", { headers })).toMatchObject({ status: 200 });
  const refused = await api.fetch("PUT", "/things/ada", { headers, body: { name: "ada" } });
  expect(refused).toMatchObject({ status: 403, json: { code: "forbidden", detail: expect.stringContaining("An assistant") as string } });
});
