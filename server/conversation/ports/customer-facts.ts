/** What the site said about a customer, in a token that its backend signed. Only a verified token ever writes it. */
export interface CustomerFacts {
  /** The site's own id of the customer. */
  readonly subject: string;
  readonly name?: string;
  readonly email?: string;
  /** By name, as the assistant's owner maps them; nothing of it comes from the model or the page. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** Undefined: an anonymous customer. */
export type FindCustomerFacts = (customerId: string) => Promise<CustomerFacts | undefined>;
