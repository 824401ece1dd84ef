import type { StaffApi, Thing } from "./staff-api.ts";

/** Where the parts of the demo are, this time. */
export interface Addresses {
  readonly shopUrl: string;
  readonly ordersUrl: string;
  readonly clubUrl: string;
  readonly modelUrl: string;
}

const NOBODY = "http://127.0.0.1:9/mcp";

/** MCP servers as admins make them: one that works, one with a sign-in, one that is down, one whose tool has changed. */
export async function makeServers(api: StaffApi, { ordersUrl, clubUrl }: Addresses, group: string): Promise<void> {
  const there = await api.list("/mcp-servers?limit=200");
  const make = async (server: Thing & { readonly key: string; readonly url: string }): Promise<boolean> => {
    const kept = there.find(({ key }) => key === server.key);
    if (kept === undefined) {
      await api.create("/mcp-servers", server);
      return true;
    }
    // The address is shown by scheme and host only. What it ends in stays.
    if (!String(kept["url"]).startsWith(new URL(server.url).origin)) await api.patch(`/mcp-servers/${server.key}`, { url: server.url });
    return false;
  };
  await Promise.all([
    shareOrders(),
    make({
      key: "gifts",
      name: "Club gifts",
      url: `${clubUrl}/mcp`,
      auth: { kind: "oauth" },
      description: "Points and gifts of the Lull Club.",
    }),
    make({ key: "old_stock", name: "Old stock list", url: NOBODY, description: "The list before the move. Nobody runs it any more." }),
    makeCatalogue(),
  ]);

  async function shareOrders(): Promise<void> {
    const name = "Orders for the desk";
    const description = "The order book, for colleagues who make assistants.";
    if (await make({ key: "desk_orders", name, url: `${ordersUrl}/mcp`, description }))
      await api.put("/mcp-servers/desk_orders/shares", { shares: [{ grantee: { kind: "group", id: group }, level: "use" }] });
  }

  /** After its upgrade a tool says something else of itself: it is kept from the model until somebody accepts that. */
  async function makeCatalogue(): Promise<void> {
    const isNew = await make({
      key: "catalogue",
      name: "Catalogue",
      url: `${ordersUrl}/mcp`,
      description: "Photos of what the shop sells.",
    });
    const tools = isNew ? [] : await api.list("/mcp-servers/catalogue/tools");
    if (!isNew && tools.some(({ state }) => state === "changed")) return;
    await api.patch("/mcp-servers/catalogue", { url: `${ordersUrl}/renewed/mcp` });
  }
}

/** HTTP tools of the shop: when it is open, and a courier that hangs up before it has answered. */
export async function makeHttpTools(api: StaffApi, { shopUrl }: Addresses): Promise<void> {
  const wanted = [
    {
      name: "opening_hours",
      title: "Opening hours",
      description: "Says when the shop is open.",
      method: "GET",
      url: `${shopUrl}/api/opening-hours`,
      parameters: { type: "object", properties: {} },
    },
    {
      name: "book_courier",
      title: "Book a courier",
      description: "Books a courier who fetches a parcel that is sent back.",
      method: "POST",
      url: `${shopUrl}/api/courier`,
      parameters: { type: "object", properties: { order: { type: "string", description: "The order number." } }, required: ["order"] },
      body: { order: "{order}" },
    },
  ];
  const there = await api.list("/http-tools?limit=200");
  for (const tool of wanted) {
    const kept = there.find(({ name }) => name === tool.name);
    if (kept === undefined) await api.create("/http-tools", tool);
    else if (kept["url"] !== tool.url) await api.patch(`/http-tools/${tool.name}`, { url: tool.url });
  }
}
