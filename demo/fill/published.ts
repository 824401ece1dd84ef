import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import * as z from "zod";
import type { StaffApi } from "./staff-api.ts";

const NAME = "Lull for assistants";
const madeSchema = z.object({ id: z.string() });
const keySchema = z.object({ key: z.string() });
const DAY_MS = 24 * 60 * 60_000;

interface Call {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

/** Who has a key, and what they asked for. */
const CLIENTS: readonly { readonly key: string; readonly client: string; readonly version: string; readonly calls: readonly Call[] }[] = [
  {
    key: "Claude Code of the workshop",
    client: "claude-code",
    version: "2.1.332",
    calls: [
      { name: "list_orders", arguments: {} },
      { name: "lookup_order", arguments: { orderId: "1042" } },
      { name: "track_parcel", arguments: { orderId: "1042" } },
      { name: "opening_hours", arguments: {} },
    ],
  },
  {
    key: "Cursor of Jonas",
    client: "cursor-vscode",
    version: "1.0.0",
    calls: [
      { name: "lookup_order", arguments: {} },
      { name: "lookup_order", arguments: { orderId: "1043" } },
      { name: "lookup_order", arguments: { orderId: "9999" } },
      { name: "ask_assistant", arguments: { message: "Where is order 1042?" } },
    ],
  },
];

/** A published server that two programs have used; a third has a key and has not come yet. */
export async function publishTools(
  api: StaffApi,
  { deskUrl, assistant }: { readonly deskUrl: string; readonly assistant: string },
): Promise<void> {
  if ((await api.list("/published-servers?limit=200")).some(({ name }) => name === NAME)) return;
  const order = (name: string, more: object = {}): object => ({ source: "mcp", server: "desk_orders", name, ...more });
  const asks = { permission: "needs_approval", approver: "staff" };
  const { id } = madeSchema.parse(
    await api.create("/published-servers", {
      name: NAME,
      tools: [
        ...["list_orders", "lookup_order", "track_parcel"].map((name) => order(name)),
        order("refund_order", asks),
        order("cancel_order", { ...asks, active: false }),
        { source: "http", name: "opening_hours", description: "Says when Lull's shop in Hamburg is open." },
        { source: "assistant", server: assistant, name: "ask_assistant" },
      ],
    }),
  );
  for (const client of CLIENTS) {
    const { key } = keySchema.parse(await api.create(`/published-servers/${id}/keys`, { name: client.key }));
    await use(`${deskUrl}/mcp/${id}`, key, client);
  }
  await api.create(`/published-servers/${id}/keys`, { name: "VS Code of a trainee", expiresAt: Date.now() + 14 * DAY_MS });
}

/** As the program itself would. What it asks for wrongly is refused, and it goes on. */
async function use(url: string, key: string, { client: name, version, calls }: (typeof CLIENTS)[number]): Promise<void> {
  const client = new Client({ name, version });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${key}` } } }));
  try {
    await client.listTools();
    for (const call of calls) await client.callTool(call);
  } finally {
    await client.close();
  }
}
