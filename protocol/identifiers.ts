import * as z from "zod";

/**
 * An id made by a client (conversation, message) or by the server (turn, call, approval): URL-safe, 8 to 64 characters.
 */
export const idSchema = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, "expected 8 to 64 letters, digits, - or _");

/** The key of an assistant or an MCP server in the configuration. */
export const keySchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, "expected a lower-case name such as shop or order_desk");

/** Who sent a message in the customer's name: the assistant of their browser, through WebMCP. Absent: they did. */
export const viaSchema = z.literal("browser-assistant").optional();
export type Via = NonNullable<z.infer<typeof viaSchema>>;
