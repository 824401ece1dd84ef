/** What the site said about a customer, in a token that its backend signed. Only a verified token ever writes it. */
export interface CustomerFacts {
  /** The site's own id of the customer. */
  readonly subject: string;
  readonly name?: string;
  readonly email?: string;
  /** By name, as the assistant's owner maps them; nothing of it comes from the model or the page. */
  readonly attributes: Readonly<Record<string, FactValue>>;
}

export type FactValue = string | number | boolean;

/** Undefined: an anonymous customer. */
export type FindCustomerFacts = (customerId: string) => Promise<CustomerFacts | undefined>;

/** How owners name one thing that the site says: `sub`, `name`, `email`, or `attributes.plan`. */
export const FACT_NAME = /^(?:sub|name|email|attributes\.[A-Za-z][A-Za-z0-9_]{0,63})$/;

const ATTRIBUTE = "attributes.";

/** One of the facts by its name; undefined: the site has not said it. */
export function factOf(facts: CustomerFacts | undefined, name: string): FactValue | undefined {
  if (facts === undefined) return undefined;
  if (name === "sub") return facts.subject;
  if (name === "name") return facts.name;
  if (name === "email") return facts.email;
  const attribute = name.startsWith(ATTRIBUTE) ? name.slice(ATTRIBUTE.length) : "";
  return Object.hasOwn(facts.attributes, attribute) ? facts.attributes[attribute] : undefined;
}

/** Those that are named and known, under the keys of `names`. */
export function factsNamed(
  facts: CustomerFacts | undefined,
  names: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, FactValue>> {
  const found = Object.entries(names ?? {}).map(([key, name]) => [key, factOf(facts, name)] as const);
  return Object.fromEntries(found.filter((entry): entry is readonly [string, FactValue] => entry[1] !== undefined));
}
