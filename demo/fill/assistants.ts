import * as z from "zod";
import type { Addresses } from "./servers.ts";
import type { StaffApi, Thing } from "./staff-api.ts";

const RETURNS = "returns";
const WHOLESALE = "wholesale";
const WEEK_MS = 7 * 24 * 60 * 60_000;

const ASKS_STAFF = { permission: "needs_approval", approver: "staff" };
const READS = { lookup_order: "always_allow", list_orders: "always_allow", track_parcel: "always_allow" };

/** An assistant of the admin's for returns, published twice; its draft waits. */
export async function makeReturns(api: StaffApi, addresses: Addresses): Promise<string> {
  const isNew = await make(api, addresses, {
    key: RETURNS,
    name: "Lull returns",
    prompt:
      "You help customers of Lull who want to send something back. Look the order up first. Refunds and cancellations wait for a colleague; say so, and that an answer comes here.",
    greeting: "Hello. Shall something go back?",
    starters: ["Refund order 1042", "Book a courier for order 1042", "When are you open?"],
    approvalTimeoutMs: WEEK_MS,
    trace: "full",
    people: { enabled: true },
  });
  if (!isNew) return RETURNS;
  await connect(api, RETURNS, "orders", { "*": "needs_approval", ...READS, refund_order: ASKS_STAFF, cancel_order: ASKS_STAFF });
  await connect(api, RETURNS, "http", { opening_hours: "always_allow", book_courier: "always_allow" });
  // Customers call with what their browser hears and speaks by itself: that needs no engine, and no key.
  await api.put(`/assistants/${RETURNS}/voice`, {
    enabled: true,
    hearing: [{ provider: "browser", language: "en" }],
    speaking: [{ provider: "browser", language: "en" }],
  });
  await api.patch(`/assistants/${RETURNS}`, { greeting: "Hello. I help you to send something back, or to get your money." });
  await api.patch(`/assistants/${RETURNS}/draft`, { starters: ["Send my order back", "Where is my refund?"], maxSteps: 8 });
  return RETURNS;
}

/** An assistant of the owner's, with a server that is shared with them. */
export async function makeWholesale(owner: StaffApi, addresses: Addresses): Promise<string> {
  const isNew = await make(owner, addresses, {
    key: WHOLESALE,
    name: "Lull for shops",
    prompt: "You answer shops that sell Lull's stoneware. You look orders up; prices and terms you leave to colleagues.",
    greeting: "Hello. Ask me about an order of your shop.",
  });
  if (isNew) await connect(owner, WHOLESALE, "desk_orders", { "*": "needs_approval", ...READS });
  return WHOLESALE;
}

async function connect(api: StaffApi, assistant: string, server: string, permissions: Thing): Promise<void> {
  await api.create(`/assistants/${assistant}/connectors`, { server, permissions });
}

const keptSchema = z.object({ model: z.object({ baseUrl: z.string() }), allowedOrigins: z.array(z.string()) });

/** True: it is new. One that is there follows the parts of the demo to where they are this time. */
async function make(api: StaffApi, { modelUrl, shopUrl }: Addresses, assistant: Thing & { readonly key: string }): Promise<boolean> {
  const baseUrl = `${modelUrl}/v1`;
  // Some people write the other name of this machine.
  const origins = [shopUrl, shopUrl.replace("//127.0.0.1:", "//localhost:")];
  const there = await api.list(`/assistants?q=${assistant.key}`);
  const kept = there.find(({ key }) => key === assistant.key);
  if (kept === undefined) {
    const model = { provider: "openai-compatible", model: "scripted", baseUrl };
    await api.create("/assistants", { ...assistant, model, allowedOrigins: origins });
    return true;
  }
  const { model, allowedOrigins } = keptSchema.parse(kept);
  const moved = {
    ...(model.baseUrl === baseUrl ? {} : { model: { baseUrl } }),
    ...(origins.every((origin) => allowedOrigins.includes(origin)) ? {} : { allowedOrigins: origins }),
  };
  if (Object.keys(moved).length > 0) await api.patch(`/assistants/${assistant.key}`, moved);
  return false;
}
