import * as z from "zod";
import type { CustomerFacts } from "../../conversation/ports/customer-facts.ts";
import { DocumentConflictError, type DocumentStore } from "../../documents/ports.ts";

const factsSchema = z.object({
  subject: z.string(),
  name: z.string().optional(),
  email: z.string().optional(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** When the token was made that said so; absent: before this was written down. */
const issuedSchema = z.object({ issuedAt: z.number() });

/** As long as an anonymous customer's token is good after its last use. */
const KEPT_MS = 365 * 24 * 60 * 60_000;
/** A visit that says nothing new is written down once a day, so that what is used is kept. */
const AGAIN_MS = 24 * 60 * 60_000;
/** Each is lost only to another write, and a customer has few pages. */
const ATTEMPTS = 10;

interface Said {
  readonly assistant: string;
  readonly facts: CustomerFacts;
  readonly issuedAt: number;
}

/** What sites said of their customers, one document for each. Only `keep` writes it, with what a verified token said. */
export class KeptFacts {
  readonly #documents: Pick<DocumentStore, "get" | "write">;
  readonly #now: () => number;

  constructor({ documents, now }: { documents: Pick<DocumentStore, "get" | "write">; now: () => number }) {
    this.#documents = documents;
    this.#now = now;
  }

  /** Undefined: an anonymous customer, or one who was forgotten. */
  async find(customerId: string): Promise<CustomerFacts | undefined> {
    const found = await this.#documents.get("customer", customerId, this.#now());
    const parsed = factsSchema.safeParse(found?.body);
    if (!parsed.success) return undefined;
    const { name, email, ...facts } = parsed.data;
    return { ...facts, ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
  }

  /** Whether something was kept. The next token of the site brings it back. */
  async forget(customerId: string): Promise<boolean> {
    const at = this.#now();
    const found = await this.#documents.get("customer", customerId, at);
    if (found !== undefined) await this.#documents.write([{ do: "delete", kind: "customer", id: customerId }], { at });
    return found !== undefined;
  }

  /** A token that is older than the one which was believed last says nothing: what the site has taken back stays so. */
  async keep(customerId: string, said: Said): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#keepOnce(customerId, said);
      } catch (error) {
        // Another token of theirs came in the same moment: it may be the newer one.
        if (!(error instanceof DocumentConflictError) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #keepOnce(id: string, { assistant, facts, issuedAt }: Said): Promise<void> {
    const at = this.#now();
    const found = await this.#documents.get("customer", id, at);
    if (issuedAt < (issuedSchema.safeParse(found?.body).data?.issuedAt ?? issuedAt)) return;
    if (found !== undefined && at - found.updatedAt < AGAIN_MS && isSame(found.body, facts)) return;
    const document = { kind: "customer", id, parent: assistant, body: { ...facts, issuedAt }, expiresAt: at + KEPT_MS } as const;
    const change =
      found === undefined ? ({ do: "create", ...document } as const) : { do: "replace" as const, ...document, ifVersion: found.version };
    await this.#documents.write([change], { at });
  }
}

function isSame(kept: unknown, facts: CustomerFacts): boolean {
  const parsed = factsSchema.safeParse(kept);
  return parsed.success && text(parsed.data) === text(facts);
}

function text({ subject, name, email, attributes }: z.output<typeof factsSchema> | CustomerFacts): string {
  return JSON.stringify([subject, name, email, Object.entries(attributes).toSorted(([one], [other]) => (one < other ? -1 : 1))]);
}
