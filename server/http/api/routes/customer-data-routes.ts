import * as z from "zod";
import { RequestError } from "../../../../protocol/errors.ts";
import type { Erasures } from "../../../customer-data/erasures.ts";
import { exportFileName, exportJson } from "../../../customer-data/export-files.ts";
import { exportPage } from "../../../customer-data/export-page.ts";
import type { ExportPart } from "../../../customer-data/customer-export.ts";
import { actorOf } from "../../../identity/staff/actor-of.ts";
import { page, pageOf, pageQuery, readTextCursor } from "../cursor.ts";
import { type Route, route } from "../route.ts";

export interface CustomerDataRoutesPorts {
  readonly erasures: Erasures;
  /** Throws `RequestError` `not-found` with its first piece. */
  readonly exportCustomer: (customerId: string) => AsyncGenerator<ExportPart>;
}

const customer = z.object({ id: z.string().min(1).max(200) });
const receiptSchema = z
  .object({
    id: z.string(),
    status: z.enum(["running", "done"]).describe("done: nothing of it is left in the database's files."),
    requestedAt: z.number(),
    requestedBy: z.object({ kind: z.enum(["person", "key", "system"]), id: z.string(), name: z.string() }),
    finishedAt: z.number().optional(),
    erased: z.record(z.string(), z.int()).describe("How many of each kind were erased."),
  })
  .meta({ id: "ErasureReceipt" });

/** Handing out what is kept of a customer, and erasing it. */
export function customerDataRoutes({ erasures, exportCustomer }: CustomerDataRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/customers/{id}/export",
      operationId: "exportCustomer",
      tag: "Customers",
      summary: "Everything that is kept of a customer, as a file",
      action: "conversations.export",
      refuses: ["not-found"],
      params: customer,
      query: z.object({ format: z.enum(["json", "html"]).default("json").describe("html is a page for people.") }),
      response: z.unknown(),
      streams: ["application/json; charset=utf-8", "text/html; charset=utf-8"],
      handle: async ({ params: { id }, query: { format } }) => {
        const parts = exportCustomer(id);
        // The refusal comes before the answer begins.
        const first = await parts.next();
        const all = (async function* () {
          if (first.done !== true) yield first.value;
          yield* parts;
        })();
        const contentType = format === "json" ? "application/json; charset=utf-8" : "text/html; charset=utf-8";
        const fileName = first.value?.kind === "customer" ? exportFileName(first.value, format) : `customer.${format}`;
        return { stream: format === "json" ? exportJson(all) : exportPage(all), contentType, fileName };
      },
    }),
    route({
      method: "POST",
      path: "/customers/{id}/erasure",
      operationId: "eraseCustomer",
      tag: "Customers",
      summary: "Erases everything that is kept of a customer; the receipt says when it is gone",
      action: "conversations.erase",
      status: 202,
      refuses: ["not-found"],
      params: customer,
      response: receiptSchema,
      handle: async ({ staff, params: { id } }) => {
        const receipt = await erasures.request(actorOf(staff), id);
        return { body: shown(receipt), location: `/erasures/${receipt.id}` };
      },
    }),
    route({
      method: "GET",
      path: "/erasures",
      operationId: "listErasures",
      tag: "Customers",
      summary: "Receipts of what was erased",
      action: "conversations.erase",
      query: pageQuery,
      response: pageOf(receiptSchema),
      handle: async ({ query }) => {
        const read = (after: string | undefined, limit: number) => erasures.list({ limit, ...(after === undefined ? {} : { after }) });
        const { items, ...rest } = await page(query, readTextCursor, read, ({ id }) => id);
        return { body: { items: items.map(shown), ...rest } };
      },
    }),
    route({
      method: "GET",
      path: "/erasures/{id}",
      operationId: "readErasure",
      tag: "Customers",
      summary: "One receipt",
      action: "conversations.erase",
      params: z.object({ id: z.string().min(1).max(200) }),
      response: receiptSchema,
      handle: async ({ params: { id } }) => {
        const receipt = await erasures.find(id);
        if (receipt === undefined) throw new RequestError("not-found");
        return { body: shown(receipt) };
      },
    }),
  ];
}

type Receipt = Awaited<ReturnType<Erasures["request"]>>;

/** While it is being erased, the record still names the customer; nobody is told whom, not even by a digest. */
function shown({ customer: _customer, digests: _digests, ...receipt }: Receipt): z.input<typeof receiptSchema> {
  return receipt;
}
