/** What servers and HTTP tools are told of the customer, by their owners' choice. */
import * as z from "zod";
import { type CustomerFacts, FACT_NAME, factsNamed } from "../../../conversation/ports/customer-facts.ts";
import { headerNameSchema, onlyOnce } from "./server-headers.ts";

const MOST = 32;

const factSchema = z.string().regex(FACT_NAME, 'Expected "sub", "name", "email", or an attribute such as "attributes.plan".');

/** Credentials and the like: a customer's attribute is none. */
const CREDENTIALS = new Set(["authorization", "proxy-authorization", "cookie", "set-cookie"]);

export const customerHeadersSchema = z
  .record(
    headerNameSchema.refine((name) => !CREDENTIALS.has(name.toLowerCase()), "Expected another header: this one is for credentials."),
    factSchema,
  )
  .superRefine(onlyOnce)
  .describe(
    "Header → what the site says of the customer, such as sub, sent with every request of their conversation. Absent while the site has not said it.",
  );

/** As MCP has it for `_meta`: an optional prefix of labels, a slash, and a name. What MCP keeps for itself is refused. */
const META_KEY =
  /^(?:[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const RESERVED_PREFIX = /^(?:.*\.)?(?:mcp|modelcontextprotocol)(?:\.[^/]*)?\//i;
const OWN_KEYS = new Set(["progressToken"]);

export const customerMetaSchema = z
  .record(
    z
      .string()
      .max(200)
      .regex(META_KEY, "Expected a key of _meta, such as shop.example/customer-id.")
      .refine((key) => !RESERVED_PREFIX.test(key) && !OWN_KEYS.has(key), "Expected another key: MCP keeps this one for itself."),
    factSchema,
  )
  .refine((meta) => Object.keys(meta).length <= MOST, `Expected ${MOST} keys at most.`)
  .describe("Key of _meta → what the site says of the customer, such as sub, sent with every call. Absent while the site has not said it.");

/**
 * The headers that say who the customer is. A value is one line of printable ASCII: what is not, and the percent sign,
 * is percent-encoded as UTF-8, so that no value can end its line.
 */
export function customerHeaders(
  names: Readonly<Record<string, string>> | undefined,
  facts: CustomerFacts | undefined,
): Readonly<Record<string, string>> {
  const said = Object.entries(factsNamed(facts, names)).map(([name, value]) => [name, headerText(String(value))] as const);
  return Object.fromEntries(said);
}

function headerText(text: string): string {
  const encoded = text.toWellFormed().replaceAll(/[^\x20-\x24\x26-\x7e]+/g, (part) => encodeURIComponent(part));
  // A receiver would trim it.
  return encoded.replace(/^ +| +$/g, (spaces) => "%20".repeat(spaces.length));
}
