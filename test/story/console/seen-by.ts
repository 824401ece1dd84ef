/** Who of the staff sees which screen. */
import type { Role } from "../../../server/identity/staff/actions.ts";

const EVERYBODY = ["admin", "owner", "support"] as const;
const OWNERS = ["admin", "owner"] as const;
const ADMINS = ["admin"] as const;
const DESK = ["admin", "support"] as const;

/** Every screen → who may see it. Written by hand: a new screen is entered here, or the first test fails. */
export const SEEN_BY: Readonly<Record<string, readonly Role[]>> = {
  "/": EVERYBODY,
  "/first-run": OWNERS,
  "/account": EVERYBODY,
  "/people": ADMINS,
  "/people/groups": OWNERS,
  "/people/groups/:id": OWNERS,
  "/people/:id": ADMINS,
  "/api-keys": ADMINS,
  "/audit-log": ADMINS,
  "/inbox": DESK,
  "/inbox/:id": DESK,
  "/customers/:id": DESK,
  "/erasures": ADMINS,
  "/activity": DESK,
  "/usage": OWNERS,
  "/webhooks": ADMINS,
  "/webhooks/:id": ADMINS,
  "/published-servers": OWNERS,
  "/published-servers/:id": OWNERS,
  "/published-servers/:id/:tab": OWNERS,
  "/approvals": DESK,
  "/canned-replies": DESK,
  "/canned-replies/:id": DESK,
  "/approvals/:tab": DESK,
  "/assistants": EVERYBODY,
  "/assistants/-new": OWNERS,
  "/assistants/:key": EVERYBODY,
  "/assistants/:key/:tab": EVERYBODY,
  "/assistants/:key/:tab/:server": EVERYBODY,
  "/tools": OWNERS,
  "/tools/mcp-servers": OWNERS,
  "/tools/mcp-servers/new": ADMINS,
  "/tools/import": ADMINS,
  "/tools/mcp-servers/:key": OWNERS,
  "/tools/mcp-servers/:key/tools": OWNERS,
  "/tools/mcp-servers/:key/share": OWNERS,
  "/tools/mcp-servers/:key/tools/:tool": OWNERS,
  "/tools/http-tools": OWNERS,
  "/tools/http-tools-share": OWNERS,
  "/tools/http-tools/new": ADMINS,
  "/tools/http-tools/:name": OWNERS,
};

/** Screens of single things, of which this workplace has none: whoever may look at them reads that there is nothing. */
export const NOT_MADE: readonly string[] = [
  "/inbox/:id",
  "/customers/:id",
  "/webhooks/:id",
  "/canned-replies/:id",
  "/published-servers/:id",
  "/published-servers/:id/:tab",
];

export const NAVIGATION: Readonly<Record<Role, readonly string[]>> = {
  admin: [
    "Home",
    "Inbox",
    "Approvals",
    "Assistants",
    "Tools",
    "Published servers",
    "Canned replies",
    "Activity",
    "Usage",
    "People",
    "API keys",
    "Webhooks",
    "Audit log",
  ],
  owner: ["Home", "Assistants", "Tools", "Published servers", "Usage"],
  support: ["Home", "Inbox", "Approvals", "Assistants", "Canned replies", "Activity"],
};
