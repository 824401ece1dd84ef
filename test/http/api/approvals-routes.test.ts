import { expect, onTestFinished, test } from "vitest";
import type { Staff } from "../../../server/identity/staff/actions.ts";
import type { CustomerFacts } from "../../../server/conversation/ports/customer-facts.ts";
import type { ToolPermission } from "../../../server/conversation/ports/assistant.ts";
import { approvalsRoutes } from "../../../server/http/api/routes/approvals-routes.ts";
import { argumentsHash } from "../../../server/conversation/turn/admission.ts";
import type { OpenedStore } from "../../../server/store/opened-store.ts";
import { needsApproval } from "../../support/desk-assistant.ts";
import { CUSTOMER, openHarness } from "../../support/desk-harness.ts";
import { callTools, say, textResult, type ToolScript } from "../../support/desk-scripts.ts";
import { type Answer, startApi } from "./api-harness.ts";

const staff = { ...needsApproval, approver: "staff" } as const satisfies ToolPermission;
const schema = {
  type: "object",
  properties: { order: { type: "string" }, amount: { type: "number" } },
  required: ["order", "amount"],
};
const over = { argument: "amount", is: ">", value: 100, approver: "staff", people: 1 } as const;

/** Members of support by name; `kim` is in billing. */
const MEMBERS: Readonly<Record<string, Staff>> = {
  kim: { kind: "person", id: "kim", name: "Kim", roles: ["support"], groups: ["billing"] },
  ada: { kind: "person", id: "ada", name: "Ada", roles: ["support"], groups: [] },
  robot: { kind: "key", id: "robot", name: "Robot", roles: ["support"], groups: [] },
};

const FACTS: Readonly<Record<string, CustomerFacts>> = {
  [CUSTOMER.id]: { subject: "u-7", name: "Kai Brandt", email: "kai@shop.example", attributes: { plan: "gold" } },
};

interface Waiting {
  readonly approvalId: string;
  readonly tool: string;
  readonly argumentsHash: string;
  readonly [name: string]: unknown;
}

/** A desk on which each text asks for the call that it is the JSON of. */
async function desk(
  tools: readonly Pick<ToolScript, "tool" | "reference">[],
  permissions: Readonly<Record<string, ToolPermission>>,
  { gone }: { readonly gone?: ReadonlySet<string> } = {},
) {
  const ran: unknown[] = [];
  const harness = await openHarness({
    script: (request) => {
      const last = request.messages.at(-1);
      return last?.role === "user" ? callTools(JSON.parse(last.text) as { name: string; arguments: unknown }) : say("Done.");
    },
    tools: tools.map((tool) => ({ ...tool, schema, run: (input) => (ran.push(input), textResult("done")) })),
    permissions,
    approvers: async (id) => (gone?.has(id) === true ? undefined : MEMBERS[id]?.groups),
  });
  onTestFinished(() => harness.close());
  const { waitingApprovals } = harness.store as OpenedStore;
  const api = await startApi(
    approvalsRoutes({
      approvals: waitingApprovals,
      journal: harness.store,
      desk: harness.staff,
      clock: harness.clock,
      facts: async (customer) => FACTS[customer],
      showsThoughts: () => false,
    }),
    { authenticate: async ({ headers }) => MEMBERS[(headers.authorization ?? "").replace("Bearer ", "")] },
  );
  const as = (who: string) => ({ headers: { Authorization: `Bearer ${who}` } });
  let asked = 0;
  return {
    harness,
    ran,
    fetch: (who: string, method: string, path: string, body?: unknown): Promise<Answer> =>
      api.fetch(method, path, { ...as(who), ...(body === undefined ? {} : { body }) }),
    async ask(tool: string, input: Readonly<Record<string, unknown>> = { order: "1", amount: 5 }) {
      asked += 1;
      const text = JSON.stringify({ name: `orders__${tool}`, arguments: input });
      await harness.desk.send(CUSTOMER, { conversationId: `conversation-${asked}`, messageId: `message-${asked}`, text });
      await harness.room.until(({ journal }) => journal.filter(({ type }) => type === "approval-requested").length === asked);
    },
    async list(who = "kim", query = "?approver=staff&order=risk"): Promise<readonly Waiting[]> {
      return (await api.fetch("GET", `/approvals${query}`, as(who))).json["items"] as Waiting[];
    },
  };
}

test("the riskiest comes first, each with its reasons, also page by page", async () => {
  const { ask, list, fetch } = await desk(
    [
      { tool: "look", reference: { readOnly: true, trusted: true } },
      { tool: "write", reference: { trusted: true } },
      { tool: "foreign", reference: { readOnly: true, trusted: false } },
      { tool: "wipe", reference: { destructive: true, trusted: true } },
      { tool: "refund", reference: { trusted: true } },
      { tool: "payout", reference: { trusted: true } },
    ],
    { "*": staff, refund: { ...staff, when: [over] }, payout: { ...staff, people: 2 } },
  );
  for (const tool of ["look", "write", "foreign", "wipe"]) await ask(tool);
  await ask("refund", { order: "1", amount: 500 });
  await ask("payout");
  const found = await list();
  expect(found.map(({ tool, risks }) => [tool, risks])).toEqual([
    ["payout", ["several-people", "writes"]],
    ["refund", ["condition", "writes"]],
    ["wipe", ["destructive", "writes"]],
    ["foreign", ["untrusted"]],
    ["write", ["writes"]],
    ["look", []],
  ]);
  expect(found[1]).toMatchObject({ because: "amount > 100", people: 1 });
  const paged: string[] = [];
  for (let next: string | undefined = ""; next !== undefined;) {
    const page: Answer = await fetch("kim", "GET", `/approvals?order=risk&limit=2${next === "" ? "" : `&cursor=${next}`}`);
    paged.push(...(page.json["items"] as Waiting[]).map(({ tool }) => tool));
    next = page.json["next"] as string | undefined;
  }
  expect(paged).toEqual(found.map(({ tool }) => tool));
});

test("whoever may not decide sees it and is told so; an amount over the limit is in the staff's list, under it not", async () => {
  const { ask, list } = await desk([{ tool: "refund" }], { refund: { ...needsApproval, approverGroups: ["billing"], when: [over] } });
  await ask("refund", { order: "1", amount: 5 });
  expect(await list()).toEqual([]);
  await ask("refund", { order: "2", amount: 500 });
  expect((await list("kim")).map(({ mayDecide, groups }) => [mayDecide, groups])).toEqual([[true, ["billing"]]]);
  expect((await list("ada")).map(({ mayDecide }) => mayDecide)).toEqual([false]);
});

test("whoever decides reads who the customer is, in the list by both orders and beside one approval", async () => {
  const { ask, list, fetch } = await desk([{ tool: "refund" }], { "*": staff });
  await ask("refund");
  const said = { verified: true, customerSubject: "u-7", customerName: "Kai Brandt", customerEmail: "kai@shop.example" };
  const [waiting] = await list();
  expect(waiting).toMatchObject(said);
  expect(await list("kim", "")).toMatchObject([said]);
  expect((await fetch("kim", "GET", `/approvals/${waiting!.approvalId}`)).json).toMatchObject(said);
  // What the website says beyond that is for tools.
  expect(JSON.stringify(waiting)).not.toContain("gold");
});

test("one approval has the conversation around it and the schema for a form; what is decided is unknown", async () => {
  const { ask, list, fetch, harness } = await desk([{ tool: "refund" }], { refund: staff });
  await ask("refund");
  const [{ approvalId, argumentsHash: hash }] = (await list()) as [Waiting];
  const { json } = await fetch("kim", "GET", `/approvals/${approvalId}`);
  expect(json).toMatchObject({ approvalId, inputSchema: schema, boundArguments: [], mayDecide: true });
  expect((json["events"] as { type: string }[]).map(({ type }) => type)).toContain("message-received");
  await fetch("kim", "POST", `/approvals/${approvalId}/decision`, { decision: "rejected", argumentsHash: hash });
  await harness.turnsEnded(1);
  expect((await fetch("kim", "GET", `/approvals/${approvalId}`)).json["code"]).toBe("unknown-approval");
});

test("edited arguments run, and those that do not fit are refused with their places", async () => {
  const { ask, list, fetch, harness, ran } = await desk([{ tool: "refund" }], { refund: staff });
  await ask("refund");
  const [{ approvalId, argumentsHash: hash }] = (await list()) as [Waiting];
  const decide = (input: object) =>
    fetch("kim", "POST", `/approvals/${approvalId}/decision`, { decision: "approved", argumentsHash: hash, arguments: input });
  const refused = await decide({ order: "1" });
  expect([refused.status, refused.json["errors"]]).toEqual([422, [{ in: "body", path: "/arguments", message: "Missing: amount." }]]);
  const edited = { order: "1", amount: 3 };
  expect((await decide(edited)).json).toMatchObject({ decided: true });
  await harness.turnsEnded(1);
  expect(ran).toEqual([edited]);
});

test("of two who have to approve, the list says who did, and asks them no more", async () => {
  const { ask, list, fetch } = await desk([{ tool: "refund" }], { refund: { ...staff, people: 2 } });
  await ask("refund");
  const [{ approvalId, argumentsHash: hash }] = (await list()) as [Waiting];
  const edited = { order: "1", amount: 3 };
  const body = { decision: "approved", argumentsHash: hash, arguments: edited };
  expect((await fetch("kim", "POST", `/approvals/${approvalId}/decision`, body)).json).toMatchObject({ decided: false });
  expect(await list("kim")).toMatchObject([
    { mayDecide: false, given: [{ by: "kim", name: "Kim" }], arguments: edited, requestedArguments: { order: "1", amount: 5 } },
  ]);
  expect(await list("ada")).toMatchObject([{ mayDecide: true, argumentsHash: argumentsHash(edited) }]);
  expect(await list("robot")).toMatchObject([{ mayDecide: false }]);
});

test("of two who have to approve, whoever may not any more is marked, and does not count", async () => {
  const gone = new Set<string>();
  const { ask, list, fetch } = await desk([{ tool: "refund" }], { refund: { ...staff, people: 2 } }, { gone });
  await ask("refund");
  const [{ approvalId, argumentsHash: hash }] = (await list()) as [Waiting];
  const body = { decision: "approved", argumentsHash: hash };
  await fetch("kim", "POST", `/approvals/${approvalId}/decision`, body);
  expect((await list("ada"))[0]).toMatchObject({ given: [{ by: "kim" }] });
  expect((await list("ada"))[0]).not.toHaveProperty("given.0.lapsed");
  gone.add("kim");
  expect(await list("ada")).toMatchObject([{ given: [{ by: "kim", lapsed: true }] }]);
  expect((await fetch("ada", "GET", `/approvals/${approvalId}`)).json).toMatchObject({ given: [{ by: "kim", lapsed: true }] });
  expect((await fetch("ada", "POST", `/approvals/${approvalId}/decision`, body)).json).toMatchObject({ decided: false });
  expect((await list("kim"))[0]).toMatchObject({ given: [{ by: "kim", lapsed: true }, { by: "ada" }] });
});

test("several calls of one tool are decided at once, each alone, and the answer says which were refused", async () => {
  const { ask, list, fetch, harness, ran } = await desk([{ tool: "refund" }, { tool: "wipe" }], { "*": staff });
  for (const order of ["1", "2", "3"]) await ask("refund", { order, amount: 5 });
  await ask("wipe");
  const all = await list();
  const refunds = all
    .filter(({ tool }) => tool === "refund")
    .map(({ approvalId, argumentsHash: hash }) => ({ approvalId, argumentsHash: hash }));
  const wipes = all
    .filter(({ tool }) => tool === "wipe")
    .map(({ approvalId, argumentsHash: hash }) => ({ approvalId, argumentsHash: hash }));
  const many = (approvals: readonly object[]) => fetch("kim", "POST", "/approvals/decisions", { decision: "approved", approvals });
  const mixed = await many([...refunds, ...wipes]);
  expect([mixed.status, ran]).toEqual([422, []]);
  const [first, second, third] = refunds as [(typeof refunds)[0], (typeof refunds)[0], (typeof refunds)[0]];
  await fetch("ada", "POST", `/approvals/${second.approvalId}/decision`, { decision: "rejected", argumentsHash: second.argumentsHash });
  await harness.turnsEnded(1);
  const { json } = await many([first, second, { ...third, argumentsHash: "of something else" }]);
  expect(json["results"]).toMatchObject([
    { approvalId: first.approvalId, decided: true },
    { approvalId: second.approvalId, code: "already-decided" },
    { approvalId: third.approvalId, code: "approval-changed" },
  ]);
  await harness.turnsEnded(2);
  expect(ran).toHaveLength(1);
});
