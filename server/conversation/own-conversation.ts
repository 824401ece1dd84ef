import { RequestError } from "../../protocol/errors.ts";
import type { Actor } from "../../protocol/events.ts";
import type { Customer } from "./customer-desk.ts";
import type { Assistant } from "./ports/assistant.ts";
import type { Assistants } from "./ports/assistants.ts";
import { type Append, assistantName, type Conversation, type Store } from "./ports/store.ts";

type Finds = Pick<Store, "find">;

export function isOf(conversation: Conversation, customer: Customer): boolean {
  return conversation.customerId === customer.id && assistantName(conversation) === customer.assistant;
}

/** Undefined: there is none yet. Throws `RequestError` `unknown-conversation` where it is somebody else's. */
export async function findOwn(store: Finds, customer: Customer, conversationId: string): Promise<Conversation | undefined> {
  const conversation = await store.find(conversationId);
  if (conversation !== undefined && !isOf(conversation, customer)) throw new RequestError("unknown-conversation");
  return conversation;
}

/** As `findOwn`, and where there is none, too. */
export async function ownConversation(store: Finds, customer: Customer, conversationId: string): Promise<Conversation> {
  const conversation = await findOwn(store, customer, conversationId);
  if (conversation === undefined) throw new RequestError("unknown-conversation");
  return conversation;
}

/** Throws `RequestError` `unknown-assistant`. */
export function assistantOf(assistants: Assistants, customer: Customer): Assistant {
  const assistant = assistants.find(customer.assistant);
  if (assistant === undefined) throw new RequestError("unknown-assistant");
  return assistant;
}

/** What a customer's first entry makes a conversation with. */
export function creation({ key, preview }: Assistant, customer: Customer): NonNullable<Append["create"]> {
  const { id: customerId, language, page } = customer;
  return {
    assistant: key,
    customerId,
    ...(preview === true ? { preview: customer.assistant } : {}),
    ...(language === undefined ? {} : { language }),
    ...(page === undefined ? {} : { page }),
  };
}

export function customerActor({ id }: Customer): Actor {
  return { kind: "customer", id };
}
