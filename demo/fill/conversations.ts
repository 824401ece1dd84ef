import { randomUUID } from "node:crypto";
import { Caller } from "./caller.ts";
import { Customer, type SeenEvent } from "./customer.ts";
import { knownCustomer } from "./known-customer.ts";
import type { StaffApi } from "./staff-api.ts";

interface Place {
  readonly deskUrl: string;
  readonly shopUrl: string;
}

/** Conversations of customers in several states: answered, rejected, waiting for a colleague, and one of which nobody knows the end. */
export async function haveConversations(
  api: StaffApi,
  support: StaffApi,
  place: Place & { readonly returns: string; readonly wholesale: string },
): Promise<void> {
  const { returns, wholesale } = place;
  const [waiting, other, some] = await Promise.all([
    api.list(`/conversations?assistant=${returns}&waiting=true&limit=1`),
    api.list(`/conversations?assistant=${wholesale}&limit=1`),
    api.list(`/conversations?assistant=${returns}&limit=4`),
  ]);
  const ask = (assistant: string, text: string, until = "turn-ended") => asking(place, { assistant, text, until });
  const asked: Promise<unknown>[] = [];
  if (waiting.length === 0) asked.push(ask(returns, "Refund order 1042", "approval-requested"));
  if (other.length === 0) asked.push(ask(wholesale, "Where is order 1042?"), ask(wholesale, "List my orders"));
  if (some.length < 4) {
    const anna = await knownCustomer(api, returns);
    asked.push(rated(place, returns), ask(returns, "Book a courier for order 1042"), ask(returns, "Wo ist Bestellung 1042?"));
    asked.push(rejected(support, place, returns), takenOver(support, place, { assistant: returns, identity: anna }));
    asked.push(waitsForPerson(place, returns), spoken(place, returns), makeCannedReplies(support));
  }
  await Promise.all(asked);
}

async function asking(
  { deskUrl, shopUrl }: Place,
  { assistant, text, until }: { readonly assistant: string; readonly text: string; readonly until: string },
): Promise<SeenEvent> {
  const customer = new Customer(deskUrl, shopUrl, assistant);
  try {
    await customer.say(text);
    return await customer.sees(until, "turn-ended");
  } finally {
    customer.leave();
  }
}

/** Somebody likes an answer. */
async function rated({ deskUrl, shopUrl }: Place, assistant: string): Promise<void> {
  const customer = new Customer(deskUrl, shopUrl, assistant);
  try {
    await customer.say("When are you open?");
    const { turnId } = await customer.sees("turn-ended");
    await customer.rate(turnId, "up", "Quick and to the point.");
  } finally {
    customer.leave();
  }
}

/** Somebody calls, interrupts an answer, and hangs up. */
async function spoken({ deskUrl, shopUrl }: Place, assistant: string): Promise<void> {
  const customer = new Customer(deskUrl, shopUrl, assistant);
  try {
    const caller = new Caller(deskUrl, shopUrl, await customer.call());
    await caller.ask("Where is order 1042?");
    await caller.ask("When are you open?", { interrupts: true });
    await caller.ask("Thank you");
    caller.hangUp();
    await customer.sees("voice-call-ended");
  } finally {
    customer.leave();
  }
}

/** Somebody waits for a person of the team. */
async function waitsForPerson({ deskUrl, shopUrl }: Place, assistant: string): Promise<void> {
  const customer = new Customer(deskUrl, shopUrl, assistant);
  try {
    await customer.say("Where is order 1042?");
    await customer.sees("turn-ended");
    await customer.askForPerson();
  } finally {
    customer.leave();
  }
}

/** A customer whom the shop knows talks with a person, who hands back. */
async function takenOver(
  support: StaffApi,
  { deskUrl, shopUrl }: Place,
  { assistant, identity }: { readonly assistant: string; readonly identity: string },
): Promise<void> {
  const customer = new Customer(deskUrl, shopUrl, assistant, identity);
  try {
    await customer.say("Track my parcel");
    await customer.sees("turn-ended");
    const conversation = `/conversations/${customer.conversationId}`;
    await support.act(`${conversation}/join`);
    await support.act(`${conversation}/replies`, {
      messageId: randomUUID(),
      text: "Hello Anna, the courier comes **before noon** tomorrow.",
    });
    await support.create(`${conversation}/notes`, { text: "She waits for it at work: ring the shop next door." });
    await support.act(`${conversation}/hand-back`, { summary: "The parcel comes tomorrow before noon." });
  } finally {
    customer.leave();
  }
}

async function makeCannedReplies(support: StaffApi): Promise<void> {
  if ((await support.list("/canned-replies?limit=1")).length > 0) return;
  await support.create("/canned-replies", {
    name: "Hello",
    text: "Hello {{customer.name|there}}, this is {{me.name}} of {{assistant.name}}.",
  });
  await support.create("/canned-replies", { name: "Looking into it", text: "I am looking into it, and write to you here today." });
}

/** A customer wants a cancellation, and the support member says no. */
async function rejected(support: StaffApi, { deskUrl, shopUrl }: Place, assistant: string): Promise<void> {
  const customer = new Customer(deskUrl, shopUrl, assistant);
  try {
    await customer.say("Cancel order 1043");
    await customer.sees("approval-requested", "turn-ended");
    const [asked] = (await support.list("/approvals?approver=staff&limit=50")).filter(({ tool }) => tool === "cancel_order");
    if (asked === undefined) return;
    const { approvalId, argumentsHash } = asked;
    await support.act(`/approvals/${String(approvalId)}/decision`, { decision: "rejected", argumentsHash });
    await customer.sees("turn-ended");
  } finally {
    customer.leave();
  }
}
