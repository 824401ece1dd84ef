import { createECDH, createPublicKey, randomBytes, verify } from "node:crypto";
import ece from "http_ece";
import { describe, expect, test } from "vitest";
import type { Staff } from "../../server/identity/staff/actions.ts";
import { pushAddressing } from "../../server/notices/push/push-addressing.ts";
import { pushKeys } from "../../server/notices/push/push-keys.ts";
import { PushSubscriptions } from "../../server/notices/push/push-subscriptions.ts";
import { createSendPush, generatePushKeys } from "../../server/notices/push/send-push.ts";
import { approvalRequested, CONVERSATION, message, proposed } from "../contract/store-drafts.ts";
import { waitFor } from "../support/wait-for.ts";
import { ADA, append, ASKED, type NoticesDesk, openNoticesDesk } from "./notices-harness.ts";

const BO: Staff = { kind: "person", id: "bo", name: "Bo", roles: ["support"], groups: ["night"] };
const OTTO: Staff = { kind: "person", id: "otto", name: "Otto", roles: ["owner"], groups: [] };

interface Pushed {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** A browser's half of a subscription: its keys, and how it reads what comes (RFC 8291, by another's library). */
function browser(name: string) {
  const ecdh = createECDH("prime256v1");
  ecdh.generateKeys();
  const auth = randomBytes(16);
  const subscription = {
    endpoint: `https://push.example/${name}`,
    keys: { p256dh: ecdh.getPublicKey("base64url"), auth: auth.toString("base64url") },
  };
  const read = (body: Buffer): unknown =>
    JSON.parse(ece.decrypt(body, { version: "aes128gcm", privateKey: ecdh, authSecret: auth.toString("base64url") }).toString());
  return { subscription, read };
}

async function openDesk(more: { readonly here?: readonly string[]; readonly answer?: () => Response } = {}) {
  const pushed: Pushed[] = [];
  const state = { answer: more.answer ?? (() => new Response(null, { status: 201 })) };
  const fetch: typeof globalThis.fetch = async (url, init) => {
    pushed.push({
      url: url instanceof Request ? url.url : url.toString(),
      headers: new Headers(init?.headers as Record<string, string>),
      body: Buffer.from(init?.body as Uint8Array),
    });
    return state.answer();
  };
  const people: Record<string, Staff | undefined> = { ada: ADA, bo: BO, otto: OTTO };
  let open: NoticesDesk | undefined;
  const documents = () => open!.store().documents;
  const keys = () => pushKeys({ documents: documents(), box: open!.box, clock: open!.clock, generate: async () => generatePushKeys() });
  const desk = await openNoticesDesk({
    channels: ({ store, clock }) => [
      {
        deliveriesOf: (notice) =>
          pushAddressing({
            documents: store().documents,
            clock,
            people: { find: async (id) => people[id] },
            isHere: (id) => more.here?.includes(id) === true,
            nameOf: () => "Shop",
            conversationPath: (id) => `/conversations/${id}`,
          }).deliveriesOf(notice),
      },
    ],
    senders: {
      push: (...delivery) =>
        createSendPush({
          documents: documents(),
          box: desk.box,
          clock: desk.clock,
          keys,
          fetch,
          contact: () => "mailto:desk@shop.example",
        })(...delivery),
    },
  });
  open = desk;
  const subscriptions = new PushSubscriptions({ documents: documents(), box: desk.box, clock: desk.clock, keys });
  return { desk, pushed, subscriptions, people, answer: (next: () => Response) => void (state.answer = next) };
}

describe("a push", () => {
  test("is read by the browser that it is for, and its push service can see who sent it", async () => {
    const { desk, pushed, subscriptions } = await openDesk();
    const { subscription, read } = browser("ada");
    await subscriptions.add(ADA, subscription, "en");
    desk.start();
    await append(desk, message("message-1", "My name is Kim."), { ...ASKED, reason: "Kim is cross." });
    const { url, headers, body } = await waitFor(() => pushed[0]);
    expect(url).toBe("https://push.example/ada");
    expect(read(body)).toEqual({
      title: "A customer asks for a person",
      body: "In a conversation with Shop.",
      path: `/conversations/${CONVERSATION}`,
      tag: `person.asked ${CONVERSATION}`,
    });
    expect(headers.get("content-encoding")).toBe("aes128gcm");
    expect(headers.get("ttl")).toBe("3600");

    // RFC 8292: a token for this push service, signed with the key that the browser subscribed with.
    const [, token = "", key = ""] = /^vapid t=([^,]+), ?k=(.+)$/.exec(headers.get("authorization") ?? "") ?? [];
    expect(key).toBe(await subscriptions.publicKey());
    const [head = "", claims = "", signature = ""] = token.split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      aud: "https://push.example",
      sub: "mailto:desk@shop.example",
    });
    const point = Buffer.from(key, "base64url");
    const jwk = { kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") };
    const publicKey = createPublicKey({ key: jwk, format: "jwk" });
    expect(
      verify(
        "sha256",
        Buffer.from(`${head}.${claims}`),
        { key: publicKey, dsaEncoding: "ieee-p1363" },
        Buffer.from(signature, "base64url"),
      ),
    ).toBe(true);
  });

  test("goes to those who may act on it and do not look at the console, in their language", async () => {
    const { desk, pushed, subscriptions } = await openDesk({ here: ["ada"] });
    const bo = browser("bo");
    await subscriptions.add(ADA, browser("ada").subscription, "en");
    await subscriptions.add(OTTO, browser("otto").subscription, "en");
    await subscriptions.add(BO, bo.subscription, "de");
    desk.start();
    await append(desk, message("message-1"), proposed("call-0001"), approvalRequested("approval-1", "call-0001", { approver: "staff" }));
    const { body } = await waitFor(() => pushed[0]);
    expect(bo.read(body)).toMatchObject({ title: "Ein Aufruf wartet auf Freigabe" });
    await append(desk, proposed("call-0002"), approvalRequested("approval-2", "call-0002", { approver: "staff", groups: ["day"] }));
    await append(desk, proposed("call-0003"), approvalRequested("approval-3", "call-0003", { approver: "staff", groups: ["night"] }));
    await waitFor(() => pushed.length === 2);
    await waitFor(async () => (await desk.store().notices.listRaised(1)).length === 0);
    expect(pushed.map(({ url }) => url)).toEqual(["https://push.example/bo", "https://push.example/bo"]);
  });

  test("does not go to somebody who was disabled, nor to a browser in which they signed out", async () => {
    const { desk, pushed, subscriptions, people } = await openDesk();
    await subscriptions.add(BO, browser("bo").subscription, "en");
    await subscriptions.add({ ...ADA, session: "over" }, browser("ada").subscription, "en");
    people["bo"] = undefined;
    desk.start();
    await append(desk, ASKED);
    await waitFor(async () => (await desk.store().notices.listRaised(1)).length === 0);
    expect(pushed).toEqual([]);
  });

  test("whose subscription has ended is the last one; a busy push service is asked again, but not after an hour", async () => {
    const { desk, pushed, subscriptions, answer } = await openDesk({ answer: () => new Response(null, { status: 410 }) });
    const id = await subscriptions.add(ADA, browser("ada").subscription, "en");
    desk.start();
    await append(desk, ASKED);
    await waitFor(async () => !(await subscriptions.has(ADA, id)));
    answer(() => new Response(null, { status: 429, headers: { "retry-after": "3500" } }));
    const again = await subscriptions.add(ADA, browser("ada").subscription, "en");
    await append(desk, ASKED);
    const of = { channel: "push", target: again, limit: 1 } as const;
    const find = async () => (await desk.store().notices.listOf(of))[0];
    const isWaiting = async () => {
      const found = await find();
      return found?.attempts === 1 && found.status === "waiting" ? found : undefined;
    };
    const { dueAt = 0 } = await waitFor(isWaiting);
    expect(dueAt - desk.clock.now()).toBe(3_500_000);
    while (desk.clock.now() < dueAt + 4_000_000) {
      await waitFor(() => desk.clock.next());
      desk.clock.forward(Math.min(desk.clock.next() ?? 0, dueAt + 4_000_000 - desk.clock.now()));
    }
    expect(await waitFor(async () => ((await find())?.status === "dead" ? find() : undefined))).toBeDefined();
    expect(pushed.length).toBeLessThanOrEqual(3);
  });
});

test("keys are made once, kept sealed, and the private one is in nothing that is sent", async () => {
  const { desk, subscriptions } = await openDesk();
  const [one, two] = await Promise.all([subscriptions.publicKey(), subscriptions.publicKey()]);
  expect(one).toBe(two);
  const kept = await desk.store().documents.get("push-keys", "server", 0);
  expect(kept?.body).toEqual({ publicKey: one, privateKey: expect.stringMatching(/^v1\./) });
  const { subscription } = browser("ada");
  const id = await subscriptions.add(ADA, subscription, "en");
  const stored = JSON.stringify(await desk.store().documents.get("push-subscription", id, 0));
  for (const secret of [subscription.endpoint, subscription.keys.auth]) expect(stored).not.toContain(secret);
  await expect(subscriptions.remove(BO, id)).rejects.toThrow("not notified");
});
