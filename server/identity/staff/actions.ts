/** Every action that staff can take over the API, and who may take it: the one table behind every route. */
export const ROLES = ["admin", "owner", "support"] as const;
export type Role = (typeof ROLES)[number];

/**
 * Action → the roles that may take it. A role is only a right to try: where something belongs to one person (an
 * assistant, a shared server), the code that uses it checks that as well.
 */
export const ACTIONS = {
  "people.read": ["admin"],
  "people.write": ["admin"],
  "groups.read": ["admin", "owner"],
  "groups.write": ["admin"],
  "keys.read": ["admin"],
  "keys.write": ["admin"],
  "servers.read": ["admin", "owner"],
  "servers.write": ["admin", "owner"],
  "servers.create": ["admin"],
  "servers.share": ["admin", "owner"],
  "servers.test": ["admin", "owner"],
  "published.read": ["admin", "owner"],
  "published.write": ["admin", "owner"],
  "connections.read": ["admin", "owner"],
  "connections.write": ["admin"],
  "assistants.read": ["admin", "owner", "support"],
  "assistants.write": ["admin", "owner"],
  "assistants.test": ["admin", "owner"],
  "assistants.health": ["admin", "owner"],
  "conversations.read": ["admin", "support"],
  "conversations.write": ["admin", "support"],
  "conversations.export": ["admin"],
  "conversations.erase": ["admin"],
  "approvals.decide": ["admin", "support"],
  "activity.read": ["admin", "support"],
  "usage.read": ["admin", "owner"],
  "webhooks.read": ["admin"],
  "webhooks.write": ["admin"],
  "audit.read": ["admin"],
  "self.read": ["admin", "owner", "support"],
  "self.write": ["admin", "owner", "support"],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof ACTIONS;

/** The person or key behind a request, identified by a session or an API key. */
export interface Staff {
  readonly kind: "person" | "key";
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** The groups that a person is in. Keys are in none. */
  readonly groups: readonly string[];
  /** An API key may be limited to some actions; undefined: all actions of its roles. */
  readonly scopes?: readonly Action[];
  /** The id of the session that a person's request came with. */
  readonly session?: string;
}

export function mayDo(staff: Staff, action: Action): boolean {
  if (staff.scopes !== undefined && !staff.scopes.includes(action)) return false;
  return ACTIONS[action].some((role) => staff.roles.includes(role));
}

/**
 * Whether they may do everything that the role may. Only then may they give the role to others or act as somebody who
 * has it.
 */
export function mayGrant(staff: Staff, role: Role): boolean {
  return Object.keys(ACTIONS).every((name) => {
    const action = name as Action;
    return !ACTIONS[action].some((one) => one === role) || mayDo(staff, action);
  });
}
