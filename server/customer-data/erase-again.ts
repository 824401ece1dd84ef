import type { DocumentStore } from "../documents/ports.ts";
import { everyDocument } from "../documents/every-document.ts";
import { idDigest, type KnownErasure, listErasures } from "./erasure-record.ts";
import { eraseBegun } from "./erasures.ts";
import type { CustomerDataStore } from "./ports.ts";

export interface EraseAgainPorts {
  readonly store: CustomerDataStore;
  readonly documents: Pick<DocumentStore, "list" | "write">;
  readonly now: number;
}

export interface ErasedAgain {
  readonly customers: number;
  readonly conversations: number;
  /** Receipts of earlier versions, which do not find what they erased. */
  readonly unknown: number;
}

/** What these data have, by the digests of the ids. */
interface Kept {
  readonly customers: ReadonlyMap<string, string>;
  readonly conversations: ReadonlyMap<string, { readonly id: string; readonly customerId: string }>;
  readonly ofCustomer: ReadonlyMap<string, readonly string[]>;
}

const PAGE = 500;
const AT_ONCE = 100;
/** The search reads anew what was put back. */
const NOT_SEARCHED = { removeFromSearch: async () => undefined, readAgain: async () => undefined };

/**
 * Erases from a database that was put back what was erased since it was copied: `known` is what its successor knows.
 * Conversations are gone when the promise is kept; what else is kept of their customers goes at the next start, which
 * finds the receipts as `running`.
 */
export async function eraseAgain({ store, documents, now }: EraseAgainPorts, known: readonly KnownErasure[]): Promise<ErasedAgain> {
  const here = new Set((await listErasures(documents, now)).map(({ id }) => id));
  const missing = known.filter(({ id }) => !here.has(id));
  if (missing.length === 0) return { customers: 0, conversations: 0, unknown: 0 };
  const kept = await keptIn({ store, documents, now });
  const sum = { customers: 0, conversations: 0, unknown: 0 };
  for (const { id, record } of missing) {
    const { customer: named, digests, ...rest } = record;
    const erased = { ...(digests ?? { conversations: [] }), ...(named === undefined ? {} : { customer: idDigest(named) }) };
    if (digests === undefined && named === undefined) sum.unknown += 1;
    const found = await beginAgain({ store, now }, kept, erased);
    sum.conversations += found.conversations;
    sum.customers += found.customers.length;
    const bodies = found.customers.map((customer) => ({ ...rest, ...(digests && { digests }), status: "running", customer }));
    const done = { ...rest, ...(digests && { digests }), status: "done" };
    // One receipt is of one customer; who was another before their site said who they are has one beside it.
    const changes = (bodies.length === 0 ? [done] : bodies).map((body, index) => ({
      do: "create" as const,
      kind: "erasure" as const,
      id: index === 0 ? id : `${id}-${index}`,
      body,
    }));
    await documents.write(changes, { at: now });
  }
  await eraseBegun(store, NOT_SEARCHED);
  if (sum.conversations > 0) await store.wipe();
  return sum;
}

/** Takes the conversations out of everybody's sight, and says of whom nothing is to be left. */
async function beginAgain(
  { store, now }: Pick<EraseAgainPorts, "store" | "now">,
  { customers, conversations, ofCustomer }: Kept,
  erased: { readonly customer?: string; readonly conversations: readonly string[] },
): Promise<{ readonly customers: readonly string[]; readonly conversations: number }> {
  const them = erased.customer === undefined ? undefined : customers.get(erased.customer);
  const gone = new Set(them === undefined ? [] : ofCustomer.get(them));
  const whole = new Set(them === undefined ? [] : [them]);
  const others = new Set<string>();
  for (const digest of erased.conversations) {
    const found = conversations.get(digest);
    if (found === undefined) continue;
    gone.add(found.id);
    others.add(found.customerId);
  }
  // Before their site said who they are, they were a browser.
  for (const id of others) if (ofCustomer.get(id)?.every((one) => gone.has(one)) === true) whole.add(id);
  const ids = [...gone];
  for (let from = 0; from < ids.length; from += AT_ONCE) await store.beginErasing(ids.slice(from, from + AT_ONCE), now);
  return { customers: [...whole], conversations: ids.length };
}

async function keptIn({ store, documents, now }: EraseAgainPorts): Promise<Kept> {
  const customers = new Map<string, string>();
  const conversations = new Map<string, { readonly id: string; readonly customerId: string }>();
  const ofCustomer = new Map<string, string[]>();
  for (let after = ""; ;) {
    const page = await store.listAll({ after, limit: PAGE });
    for (const { id, customerId } of page) {
      customers.set(idDigest(customerId), customerId);
      conversations.set(idDigest(id), { id, customerId });
      const theirs = ofCustomer.get(customerId);
      if (theirs === undefined) ofCustomer.set(customerId, [id]);
      else theirs.push(id);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  const facts = await everyDocument(documents, "customer", { now });
  const connections = await everyDocument(documents, "connection", { now });
  for (const id of [...facts.map((one) => one.id), ...connections.map(({ body }) => ownerOf(body))])
    if (id !== undefined) customers.set(idDigest(id), id);
  return { customers, conversations, ofCustomer };
}

/** The customer whose sign-in at a service it is. */
function ownerOf(body: unknown): string | undefined {
  const { owner } = body as { readonly owner?: { readonly kind?: unknown; readonly id?: unknown } };
  return owner?.kind === "customer" && typeof owner.id === "string" ? owner.id : undefined;
}
