import { expect, test } from "vitest";
import type { CallRecord } from "../../../server/inbox/calls.ts";
import { activityRoutes } from "../../../server/http/api/routes/activity-routes.ts";
import { createMemoryDocuments } from "../../support/memory-documents.ts";
import { startApi } from "./api-harness.ts";

const support = { headers: { Authorization: "Bearer support" } };

function call(callId: string, more: Partial<CallRecord> = {}): Omit<CallRecord, "cursor"> {
  return { callId, at: 5, server: "orders", tool: "refund_order", outcome: "unknown", ...more };
}

test("a call says what people call its tool and its server, and who the customer is; a test by hand has neither", async () => {
  const documents = createMemoryDocuments();
  const names = { serverName: "Orders", title: "Refund an order" };
  documents.addCall(call("call-1", { conversation: "conversation-1", customer: "customer-1", ...names }));
  documents.addCall(call("call-2", { conversation: "conversation-2", customer: "customer-2", ...names }));
  documents.addCall(call("call-3", { person: "ada", personName: "Ada" }));
  const facts = async (customer: string) =>
    customer === "customer-1" ? { subject: "u-7", name: "Kai Brandt", attributes: { plan: "gold" } } : undefined;
  const api = await startApi(activityRoutes({ calls: documents, facts }));
  const items = (await api.fetch("GET", "/activity", support)).json["items"] as readonly Record<string, unknown>[];
  const of = (callId: string) => items.find((one) => one["callId"] === callId);
  expect(of("call-1")).toMatchObject({ ...names, verified: true, customerSubject: "u-7", customerName: "Kai Brandt" });
  expect(of("call-2")).toEqual({ ...call("call-2", { conversation: "conversation-2", customer: "customer-2", ...names }) });
  expect(of("call-3")).toEqual({ ...call("call-3", { person: "ada", personName: "Ada" }) });
});
