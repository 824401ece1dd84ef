import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import type { NoticeEvent } from "../../server/notices/notice.ts";
import { approvalRequested, CONVERSATION, CUSTOMER, decided, message, proposed, TURN } from "../contract/store-drafts.ts";
import { waitFor } from "../support/wait-for.ts";
import { ADA, append, ASKED, type NoticesDesk, openNoticesDesk, startReceiver } from "./notices-harness.ts";

const STAFF = { kind: "staff", id: "bo", name: "Bo" } as const;

function make(desk: NoticesDesk, url: string, events: readonly NoticeEvent[] = ["person.asked"]) {
  return desk.webhooks().create(ADA, { name: "Pager", url, events: [...events], assistants: [], enabled: true });
}

const deliveries = (desk: NoticesDesk, id: string) => desk.webhooks().deliveries(id, { limit: 50 });
/** Resolves with the only delivery, once it has come so far. */
const only = (desk: NoticesDesk, id: string, attempts: number) =>
  waitFor(async () => (await deliveries(desk, id)).find((one) => one.attempts === attempts));

/** Moves the clock there, from one time that somebody waits for to the next. */
async function reach({ clock }: NoticesDesk, time: number): Promise<void> {
  while (clock.now() < time) {
    const next = await waitFor(() => clock.next());
    clock.forward(Math.min(next, time - clock.now()));
  }
}

describe("a webhook", () => {
  test("is sent what happened, signed as Standard Webhooks says: the specification's own library accepts it", async () => {
    const desk = await openNoticesDesk({ start: Date.now() });
    const receiver = await startReceiver();
    const { webhook, secret } = await make(desk, receiver.url);
    desk.start();
    await append(desk, message("message-1"), { ...ASKED, reason: "It is broken." });
    const delivered = await only(desk, webhook.id, 1);
    const [{ headers, body }] = receiver.received as [(typeof receiver.received)[0]];
    expect(new Webhook(secret).verify(body, headers)).toEqual({
      type: "person.asked",
      version: 1,
      timestamp: new Date(desk.clock.now()).toISOString(),
      data: {
        conversation: {
          id: CONVERSATION,
          assistant: "shop",
          preview: false,
          url: `https://desk.example/console/conversations/${CONVERSATION}`,
        },
        by: "customer",
        reason: "It is broken.",
        open: true,
      },
    });
    expect(headers).toMatchObject({ "content-type": "application/json", "user-agent": "Frontdesk/1.2.3", "webhook-id": delivered.id });
    expect(delivered).toMatchObject({ status: "delivered", answer: { status: 200, text: "ok" } });
    expect(() => new Webhook(secret).verify(body.replace("broken", "fine"), headers)).toThrow("No matching signature");
  });

  test("has the signatures of both secrets while they are changed over, and then of the new one alone", async () => {
    const desk = await openNoticesDesk({ start: Date.now() });
    const receiver = await startReceiver();
    const { webhook, secret: earlier } = await make(desk, receiver.url);
    const { secret, webhook: rotated } = await desk.webhooks().rotate(ADA, webhook.id, 24);
    expect(rotated.previousSecretUntil).toBe(desk.clock.now() + 24 * 3_600_000);
    desk.start();
    await desk.webhooks().test(webhook.id);
    const first = await waitFor(() => receiver.received[0]);
    for (const one of [earlier, secret]) new Webhook(one).verify(first.body, first.headers);

    desk.clock.forward(24 * 3_600_000);
    await desk.webhooks().test(webhook.id);
    const second = await waitFor(() => receiver.received[1]);
    expect(second.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
    expect(first.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  });

  test("hears of every event that it wants, in words that are described", async () => {
    const desk = await openNoticesDesk();
    const receiver = await startReceiver();
    await make(desk, receiver.url, [
      "approval.requested",
      "approval.expired",
      "contact.left",
      "conversation.joined",
      "conversation.handed_back",
      "conversation.closed",
      "transcript",
      "call.unknown",
    ]);
    await append(desk, message("message-1", "Where is it?"), { type: "step-ended", turnId: TURN, step: 1, text: "I will look." });
    await append(
      desk,
      proposed("call-0001"),
      approvalRequested("approval-1", "call-0001", { approver: "either", because: "amount > 100" }),
    );
    await append(desk, decided("approval-1", "call-0001", { decision: "expired" }));
    await append(desk, { type: "tool-call-ended", turnId: TURN, callId: "call-0001", outcome: "unknown", cause: "The line was cut." });
    await append(desk, { type: "contact-left", contactId: "contact-1", email: "kim@shop.example", by: CUSTOMER });
    await append(desk, { type: "contact-left", contactId: "contact-2", email: "kim@home.example", by: CUSTOMER });
    await append(desk, { type: "person-joined", by: STAFF }, { type: "reply-sent", messageId: "message-2", text: "Here I am.", by: STAFF });
    await append(desk, { type: "note-written", noteId: "note-0001", text: "A difficult one.", by: STAFF });
    await append(desk, { type: "handed-back", by: STAFF, summary: "All is well." }, { type: "conversation-closed", by: STAFF });
    desk.start();
    await waitFor(() => receiver.received.length === 10);
    const sent = receiver.received.map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> });
    const data = (type: string) => sent.filter((one) => one.type === type).map((one) => one.data);
    const tool = { server: "orders", tool: "refund_order", title: "Refund an order" };
    expect(data("approval.requested")).toMatchObject([
      { approvalId: "approval-1", approver: "either", tool, expiresAt: new Date(1_000).toISOString(), because: "amount > 100" },
    ]);
    expect(data("approval.expired")).toMatchObject([{ approvalId: "approval-1", tool }]);
    expect(data("call.unknown")).toMatchObject([{ callId: "call-0001", tool, cause: "The line was cut." }]);
    expect(data("contact.left")).toMatchObject([{ email: "kim@shop.example" }, { email: "kim@home.example" }]);
    // A second address does not send all that was said a second time.
    expect(data("transcript").map(({ because }) => because)).toEqual(["contact_left", "closed"]);
    expect(data("conversation.joined")).toMatchObject([{ person: { id: "bo", name: "Bo" } }]);
    expect(data("conversation.handed_back")).toMatchObject([{ summary: "All is well." }]);
    expect(data("conversation.closed")).toMatchObject([{ by: { id: "bo" } }]);
    const closing = data("transcript").find(({ because }) => because === "closed");
    expect(closing).toMatchObject({ contact: "kim@home.example", cut: false });
    const messages = (closing?.["messages"] ?? []) as readonly { readonly from: string; readonly text: string }[];
    expect(messages.map(({ from, text }) => [from, text])).toEqual([
      ["customer", "Where is it?"],
      ["assistant", "I will look."],
      ["person", "Here I am."],
    ]);
    expect(JSON.stringify(sent)).not.toContain("difficult");
  });

  test("hears only of its assistants, and nothing while it is switched off", async () => {
    const desk = await openNoticesDesk();
    const receiver = await startReceiver();
    const settings = { url: receiver.url, events: ["person.asked" as const], enabled: true };
    const other = await desk.webhooks().create(ADA, { ...settings, name: "Other", assistants: ["club"] });
    const own = await desk.webhooks().create(ADA, { ...settings, name: "Own", assistants: ["shop"] });
    const off = await desk.webhooks().create(ADA, { ...settings, name: "Off", assistants: [], enabled: false });
    desk.start();
    await append(desk, ASKED);
    await only(desk, own.webhook.id, 1);
    for (const { webhook } of [other, off]) expect(await deliveries(desk, webhook.id)).toEqual([]);
  });
});

test("a webhook is of assistants that exist; one that is deleted later stays named", async () => {
  const assistants = new Set(["shop", "club"]);
  const desk = await openNoticesDesk({ assistants });
  const settings = { name: "Pager", url: "http://127.0.0.1/hook", events: ["person.asked" as const], enabled: true };
  const unknown = (at: number): object => ({ faults: [{ path: `/assistants/${at}`, code: "no-such-assistant" }] });
  await expect(desk.webhooks().create(ADA, { ...settings, assistants: ["shop", "shpo"] })).rejects.toMatchObject(unknown(1));
  const { webhook } = await desk.webhooks().create(ADA, { ...settings, assistants: ["shop", "club"] });
  await expect(desk.webhooks().update(ADA, webhook.id, 1, { assistants: ["shpo"] })).rejects.toMatchObject(unknown(0));
  assistants.delete("club");
  const changed = await desk.webhooks().update(ADA, webhook.id, 1, { name: "Beeper" });
  expect(changed).toMatchObject({ name: "Beeper", assistants: ["shop", "club"] });
  expect(await desk.webhooks().update(ADA, webhook.id, 2, { assistants: ["club"] })).toMatchObject({ assistants: ["club"] });
  await expect(desk.webhooks().create(ADA, { ...settings, assistants: ["club"] })).rejects.toMatchObject(unknown(0));
});

describe("a webhook whose receiver fails", () => {
  test("is tried again later and later, under the same id, and given up within a day; then it can be sent again", async () => {
    const desk = await openNoticesDesk();
    const receiver = await startReceiver((response) => response.writeHead(500).end("not now"));
    const { webhook } = await make(desk, receiver.url);
    desk.start();
    await append(desk, ASKED);
    const waits: number[] = [];
    for (let attempts = 1; attempts <= 8; attempts += 1) {
      const { dueAt = 0, status } = await only(desk, webhook.id, attempts);
      expect(status).toBe("waiting");
      waits.push(dueAt - desk.clock.now());
      await reach(desk, dueAt);
    }
    // Half of the jitter, which is a tenth at most.
    expect(waits.map((ms) => ms / 1.05 / 1000)).toEqual([5, 60, 300, 1800, 7200, 18_000, 25_200, 28_800]);
    const dead = await only(desk, webhook.id, 9);
    expect(dead).toMatchObject({ status: "dead", answer: { status: 500, text: "not now" } });
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(24 * 3_600_000);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([dead.id]));
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(9);

    receiver.answer((response) => response.end("now"));
    await desk.webhooks().redeliver(webhook.id, dead.id);
    expect(await waitFor(async () => (await deliveries(desk, webhook.id)).find((one) => one.status === "delivered"))).toMatchObject({
      id: dead.id,
      answer: { text: "now" },
    });
  });

  test("waits as long as Retry-After says, but not for longer than a day", async () => {
    const desk = await openNoticesDesk();
    const receiver = await startReceiver((response) => response.writeHead(503, { "retry-after": "7200" }).end());
    const { webhook } = await make(desk, receiver.url);
    desk.start();
    await append(desk, ASKED);
    const { dueAt = 0 } = await only(desk, webhook.id, 1);
    expect(dueAt - desk.clock.now()).toBe(7_200_000);
    receiver.answer((response) => response.writeHead(503, { "retry-after": "100000" }).end());
    await reach(desk, dueAt);
    expect(await only(desk, webhook.id, 2)).toMatchObject({ status: "dead" });
  });

  test("410 switches it off, and what else waits for it is cancelled", async () => {
    const desk = await openNoticesDesk();
    const receiver = await startReceiver((response) => response.writeHead(500).end());
    const { webhook } = await make(desk, receiver.url);
    desk.start();
    await append(desk, ASKED);
    const { dueAt = 0 } = await only(desk, webhook.id, 1);
    receiver.answer((response) => response.writeHead(410).end());
    const test = await desk.webhooks().test(webhook.id);
    expect(await waitFor(async () => (await deliveries(desk, webhook.id)).find(({ status }) => status === "dead"))).toMatchObject({
      id: test.id,
    });
    expect(await desk.webhooks().get(webhook.id)).toMatchObject({ enabled: false, goneAt: desk.clock.now() });
    await reach(desk, dueAt);
    await waitFor(async () => (await deliveries(desk, webhook.id)).find(({ status }) => status === "cancelled"));
    expect(receiver.received).toHaveLength(2);
  });

  test("a redirect is followed nowhere", async () => {
    const desk = await openNoticesDesk();
    const other = await startReceiver();
    const receiver = await startReceiver((response) => response.writeHead(307, { location: other.url }).end());
    const { webhook } = await make(desk, receiver.url);
    desk.start();
    await desk.webhooks().test(webhook.id);
    expect(await only(desk, webhook.id, 1)).toMatchObject({ status: "waiting", answer: { status: 307 } });
    expect(other.received).toEqual([]);
  });

  test("one that never answers takes no other's place", async () => {
    const desk = await openNoticesDesk();
    const silent = await startReceiver(() => undefined);
    const quick = await startReceiver();
    const slow = await make(desk, silent.url);
    const { webhook } = await make(desk, quick.url);
    // More than the queue looks at in one go.
    for (let count = 0; count < 100; count += 1) await desk.webhooks().test(slow.webhook.id);
    await desk.webhooks().test(webhook.id);
    desk.start();
    await only(desk, webhook.id, 1);
    expect(silent.received.length).toBeLessThanOrEqual(4);
    await waitFor(() => silent.received.length === 4);
    desk.clock.forward(15_000);
    const attempted = async () => (await desk.webhooks().deliveries(slow.webhook.id, { limit: 200 })).find((one) => one.attempts === 1);
    expect(await waitFor(attempted)).toMatchObject({ answer: { fault: "There was no answer within 15 s." } });
  });
});

describe("what must not get out", () => {
  test("a private address is refused when it is set up, and when a name leads there later", async () => {
    const desk = await openNoticesDesk({ allowPrivate: [] });
    const receiver = await startReceiver();
    await expect(make(desk, receiver.url)).rejects.toThrow("/url: 127.0.0.1 is in a private network");
    await expect(make(desk, "http://169.254.169.254/latest")).rejects.toThrow("private network");
    const { webhook } = await make(desk, receiver.url.replace("127.0.0.1", "localhost"));
    desk.start();
    await desk.webhooks().test(webhook.id);
    expect(await only(desk, webhook.id, 1)).toMatchObject({
      status: "dead",
      answer: { fault: "localhost is in a private network. Add it to network.allowPrivate if it should be reached." },
    });
    expect(receiver.received).toEqual([]);
  });

  test("secrets and the address's token are in no log, no audit entry, and in nothing that is read later", async () => {
    const desk = await openNoticesDesk();
    const receiver = await startReceiver((response) => response.writeHead(500).end(`I was told ${secret}`));
    const { webhook, secret } = await make(desk, receiver.url);
    const rotated = await desk.webhooks().rotate(ADA, webhook.id, 1);
    await desk.webhooks().update(ADA, webhook.id, rotated.webhook.version, { name: "Renamed" });
    desk.start();
    await append(desk, ASKED);
    await only(desk, webhook.id, 1);
    const { documents } = desk.store();
    const seen = JSON.stringify([
      await desk.webhooks().list({ limit: 10 }),
      await deliveries(desk, webhook.id),
      await documents.listAudit({ limit: 50, filter: {} }),
      await documents.get("webhook", webhook.id, desk.clock.now()),
      desk.logged,
    ]);
    for (const one of [secret, rotated.secret]) for (const part of [one, one.slice("whsec_".length)]) expect(seen).not.toContain(part);
    expect(JSON.stringify([await documents.listAudit({ limit: 50, filter: {} }), desk.logged])).not.toContain("in-the-address");
    expect(seen).toContain("I was told whsec_[secret]");
  });
});
