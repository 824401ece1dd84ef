import { expect, test } from "vitest";
import { activityRoutes } from "../../../server/http/api/routes/activity-routes.ts";
import { auditRoutes } from "../../../server/http/api/routes/audit-routes.ts";
import type { CallRecord } from "../../../server/inbox/calls.ts";
import { createMemoryDocuments } from "../../support/memory-documents.ts";
import { standingClock, startApi } from "./api-harness.ts";

const admin = { headers: { Authorization: "Bearer admin" } };
const by = { kind: "person", id: "ada", name: "Ada" } as const;

async function startLists() {
  const documents = createMemoryDocuments();
  const api = await startApi([
    ...auditRoutes({ documents, clock: standingClock() }),
    ...activityRoutes({ calls: documents, facts: async () => undefined }),
  ]);
  return { documents, get: (path: string) => api.fetch("GET", path, admin) };
}

const call = (callId: string, at: number, more: Partial<CallRecord> = {}): Omit<CallRecord, "cursor"> => ({
  callId,
  at,
  assistant: "shop",
  conversation: "c-1",
  customer: "customer-1",
  server: "orders",
  tool: "lookup_order",
  outcome: "ok",
  ...more,
});

/** Fields of a CSV file without line breaks in them. */
const rowsOf = (text: string): string[][] =>
  text
    .trim()
    .split("\r\n")
    .map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((cell) => cell.replace(/^"|"$/g, "").replaceAll('""', '"')));

test("the audit log is filtered, paged, newest first", async () => {
  const { documents, get } = await startLists();
  for (let at = 1; at <= 5; at += 1)
    await documents.write([], {
      at,
      audit: [{ by, action: at % 2 ? "person.update" : "group.create", target: { kind: "person", id: `p${at}` }, after: { at } }],
    });
  const ids = async (query: string) =>
    ((await get(`/audit-log${query}`)).json["items"] as { target: { id: string } }[]).map(({ target }) => target.id).join(" ");
  expect(await ids("")).toBe("p5 p4 p3 p2 p1");
  expect(await ids("?action=group.create")).toBe("p4 p2");
  expect(await ids("?actor=bob")).toBe("");
  expect(await ids("?targetId=p3")).toBe("p3");
  expect(await ids(`?from=2&to=${new Date(4).toISOString()}`)).toBe("p3 p2");
  const first = await get("/audit-log?limit=2");
  expect(await ids(`?limit=2&cursor=${String(first.json["next"])}`)).toBe("p3 p2");
  expect((await get("/audit-log?from=yesterday")).status).toBe(422);
});

test("an entry has the names of whom and what it speaks of", async () => {
  const { documents, get } = await startLists();
  const person = (id: string, name: string) => ({ do: "create", kind: "person", id, body: { name } }) as const;
  const group = { do: "create", kind: "group", id: "g1", body: { name: "Order desk" } } as const;
  const shares = (...grantees: object[]) => ({ shares: grantees.map((grantee) => ({ grantee, level: "use" })) });
  await documents.write([person("p1", "Olaf"), group, { do: "create", kind: "mcp-server", id: "orders", body: { name: "Lull orders" } }], {
    at: 1,
    audit: [
      { by, action: "person.set-password", target: { kind: "person", id: "p1" } },
      { by, action: "group.add-member", target: { kind: "group", id: "g1" }, after: { person: "p1" } },
      {
        by,
        action: "mcp-server.share",
        target: { kind: "mcp-server", id: "orders" },
        before: shares(),
        after: shares({ kind: "person", id: "p1" }),
      },
      { by, action: "api-key.revoke", target: { kind: "api-key", id: "deadbeef" }, before: { name: "Order sync" } },
      {
        by,
        action: "connector.delete",
        target: { kind: "connector", id: "shop/orders" },
        before: { addedBy: { kind: "person", id: "gone" } },
      },
    ],
  });
  const items = (await get("/audit-log")).json["items"] as { names?: object }[];
  expect(items.map(({ names }) => names).toReversed()).toEqual([
    { "person/p1": "Olaf" },
    { "group/g1": "Order desk", "person/p1": "Olaf" },
    { "mcp-server/orders": "Lull orders", "person/p1": "Olaf" },
    { "api-key/deadbeef": "Order sync" },
    { "mcp-server/orders": "Lull orders" },
  ]);
});

test("an export has everything that fits the filter, over many pages", async () => {
  const { documents, get } = await startLists();
  for (let at = 1; at <= 450; at += 1) documents.addCall(call(`call-${at}`, at, { server: at % 2 ? "orders" : "parcels" }));
  const lines = await get("/activity?format=jsonl&server=orders&limit=1");
  expect(lines.headers.get("content-type")).toBe("application/jsonl");
  expect(lines.headers.get("content-disposition")).toBe('attachment; filename="activity.jsonl"');
  const calls = lines.text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as CallRecord);
  expect([calls.length, calls[0]?.callId, calls.at(-1)?.callId]).toEqual([225, "call-449", "call-1"]);
  const table = await get("/activity?format=csv");
  expect(table.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(rowsOf(table.text).length).toBe(451);
});

test("what a spreadsheet would run is a text in the file", async () => {
  const { documents, get } = await startLists();
  const tricks = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    " =1",
    "\u00a0=1",
    "|calc",
    "\uFF1D1",
    '=HYPERLINK("http://evil.example","x")',
  ];
  for (const [index, trick] of tricks.entries()) documents.addCall(call(`call-${index}`, index + 1, { cause: trick, customer: trick }));
  const { text } = await get("/activity?format=csv");
  for (const trick of tricks) {
    const quoted = trick.replaceAll('"', '""');
    expect(text.split(`"'${quoted}"`).length, JSON.stringify(trick)).toBe(3);
    expect(text).not.toContain(`"${quoted}"`);
  }
});

test("quotes, commas and line breaks stay in their cell, and arguments are JSON", async () => {
  const { documents, get } = await startLists();
  documents.addCall(call("call-1", 1_700_000_000_000, { cause: 'a "b", c', arguments: { order: "1042", note: "=1" } }));
  const [head, row] = rowsOf((await get("/activity?format=csv")).text);
  const cells = Object.fromEntries((head ?? []).map((name, index) => [name, row?.[index]]));
  expect(cells).toMatchObject({
    at: "2023-11-14T22:13:20.000Z",
    cause: 'a "b", c',
    arguments: '{"order":"1042","note":"=1"}',
    approval: "",
  });
});

test("who tested is told by name, in a file too", async () => {
  const { documents, get } = await startLists();
  documents.addCall(call("call-1", 1, { person: "person-1", personName: "Ada" }));
  expect((await get("/activity")).json["items"]).toMatchObject([{ person: "person-1", personName: "Ada" }]);
  const [head, row] = rowsOf((await get("/activity?format=csv")).text);
  expect(row?.[head?.indexOf("personName") ?? -1]).toBe("Ada");
});

test("activity is filtered by each of its columns", async () => {
  const { documents, get } = await startLists();
  documents.addCall(call("call-1", 1));
  documents.addCall(
    call("call-2", 2, {
      assistant: "help",
      conversation: "c-2",
      customer: "customer-2",
      server: "parcels",
      tool: "track",
      outcome: "failed",
    }),
  );
  for (const filter of [
    "assistant=help",
    "conversation=c-2",
    "customer=customer-2",
    "server=parcels",
    "tool=track",
    "outcome=failed",
    "from=2",
  ]) {
    const found = (await get(`/activity?${filter}`)).json["items"] as { callId: string }[];
    expect([filter, found.map(({ callId }) => callId)]).toEqual([filter, ["call-2"]]);
  }
  expect((await get("/activity?outcome=odd")).status).toBe(422);
});
