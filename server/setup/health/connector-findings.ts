import { permissionOf, type Connector, type ToolPermission } from "../../conversation/ports/assistant.ts";
import type { UsableServer, UsableTool } from "../assistants/assistant-ports.ts";
import type { Suspension } from "../assistants/connector-record.ts";
import { counted, type Finding, first, inWords, named } from "./finding.ts";

/** One server of an assistant, with everything that is known of it. */
export interface WatchedConnector {
  readonly assistant: string;
  readonly connector: Connector;
  readonly suspended: Suspension | undefined;
  /** Undefined: it no longer exists. */
  readonly server: UsableServer | undefined;
  readonly tools: readonly UsableTool[];
}

type SignIn = NonNullable<UsableServer["status"]["signIn"]>;
type PermittedTool = UsableTool & ToolPermission;
type Named = Pick<Finding, "code" | "severity"> & {
  readonly title: (count: string) => string;
  readonly detail: (names: string, count: number) => string;
};

/** What is wrong with a server of an assistant, and with its tools as they are permitted there. */
export function connectorFindings(watched: WatchedConnector, hasApprover: boolean): Finding[] {
  const { assistant, connector, suspended, server } = watched;
  const link = { kind: "connector", assistant, server: connector.server } as const;
  const name = server?.name ?? connector.server;
  if (suspended !== undefined)
    return [
      {
        code: "connector-suspended",
        severity: "broken",
        title: `${name} has no effect here`,
        detail: suspended.message,
        link,
        about: { name, reason: suspended.reason },
      },
    ];
  if (server === undefined)
    return [
      {
        code: "server-gone",
        severity: "broken",
        title: `${name} no longer exists`,
        detail: "The assistant has none of its tools. Take it away here, or connect it anew.",
        link,
        about: { name },
      },
    ];
  return [...statusFindings(server, connector), ...toolFindings(watched, { hasApprover, name })];
}

function statusFindings({ name, auth, status }: UsableServer, { server, method }: Connector): Finding[] {
  if (status.status !== "disconnected") return [];
  // How it is with a shared account is no matter where each customer signs in.
  if (method === "personal" && status.signIn !== undefined && status.signIn !== "refused") return [];
  if (status.signIn !== undefined) return [signInFinding({ name, auth, server }, status.signIn)];
  const since = status.since === undefined ? {} : { since: status.since };
  const { reason, detail: said, adviceCode } = status;
  const why = {
    ...(reason === undefined ? {} : { reason }),
    ...(said === undefined ? {} : { said }),
    ...(adviceCode === undefined ? {} : { adviceCode }),
  };
  return [
    {
      code: "server-down",
      severity: "broken",
      title: `${name} cannot be used`,
      detail: status.detail ?? status.reason ?? "It does not answer.",
      ...since,
      link: { kind: "server", server },
      about: { name, ...why },
    },
  ];
}

const SIGN_IN = {
  "connect-account": "It wants a sign-in with OAuth 2.0. Connect a shared account, or let each customer sign in.",
  "sign-in-ended": "The sign-in of its shared account has ended. Until somebody signs in again, its tools cannot be called.",
  "refused-unsigned": "It lists its tools to anybody, and refused a call without a sign-in. Choose its authentication in its settings.",
} as const;

/** Nobody has failed here: somebody has to sign in. */
function signInFinding({ name, auth, server }: Pick<UsableServer, "name" | "auth"> & { readonly server: string }, signIn: SignIn): Finding {
  const unsigned = signIn === "refused" && auth !== "oauth";
  const reason = unsigned ? "refused-unsigned" : signIn === "first" ? "connect-account" : "sign-in-ended";
  return {
    code: "sign-in-needed",
    severity: "broken",
    title: `${name} needs a sign-in`,
    detail: SIGN_IN[reason],
    link: { kind: "server", server },
    about: { name, reason },
  };
}

function toolFindings(
  { assistant, connector, tools }: WatchedConnector,
  { hasApprover, name }: { hasApprover: boolean; name: string },
): Finding[] {
  const permitted = tools
    .map((tool): PermittedTool => ({ ...tool, ...permissionOf({ connectors: [connector] }, connector.server, tool.name) }))
    .filter(({ permission }) => permission !== "disabled");
  const about = (found: readonly PermittedTool[], kind: "server" | "connector", { title, detail, ...finding }: Named): Finding[] => {
    if (found.length === 0) return [];
    const names = found.map((tool) => tool.name);
    const link = { kind, server: connector.server, ...(kind === "connector" ? { assistant } : {}), tools: first(names) };
    const about = named(names, { name });
    return [{ ...finding, title: title(counted(found.length, "tool")), detail: detail(inWords(names), found.length), link, about }];
  };
  const asksFirst = permitted.filter(asks);
  return [
    ...about(hasApprover ? [] : asksFirst.filter(({ approver }) => approver === "staff"), "connector", {
      code: "nobody-decides",
      severity: "broken",
      title: (count) => `Nobody can approve ${count} of ${name}`,
      detail: (names) => `Calls of ${names} wait for the staff, and nobody who can sign in may decide. Give somebody the role support.`,
    }),
    ...about(hasApprover ? [] : asksFirst.filter(({ approver }) => approver === "either"), "connector", {
      code: "only-customers-decide",
      severity: "risky",
      title: (count) => `Only customers can approve ${count} of ${name}`,
      detail: (names) => `Calls of ${names} wait for the customer or the staff, and nobody of the staff who can sign in may decide.`,
    }),
    ...about(
      permitted.filter(({ state }) => state === "changed"),
      "server",
      {
        code: "tools-changed",
        severity: "risky",
        title: (count) => `Hidden until you accept the change: ${count} of ${name}`,
        detail: (names) => `The model does not see ${names} until somebody accepts the new definition.`,
      },
    ),
    ...about(permitted.filter(actsUnasked), "connector", {
      code: "tools-unasked",
      severity: "risky",
      title: (count) => `Always allowed, and may change something: ${count} of ${name}`,
      detail: (names, count) =>
        count === 1
          ? `No definition says that ${names} only reads, and here it never asks. Let it ask, if that was not meant.`
          : `No definition says that ${names} only read, and here they never ask. Let them ask, if that was not meant.`,
    }),
    ...about(
      permitted.filter(({ state }) => state === "new" || state === "proposed"),
      "server",
      {
        code: "tools-new",
        severity: "hint",
        title: (count) => `New, and looked at by nobody: ${count} of ${name}`,
        detail: (names) => `Each call of ${names} asks until somebody has looked at the definition.`,
      },
    ),
  ];
}

/** New tools ask, whatever is permitted; changed ones are not called at all. */
function asks({ permission, state }: PermittedTool): boolean {
  return state === "accepted" ? permission === "needs_approval" : state !== "changed";
}

function actsUnasked({ permission, state, readOnly, destructive }: PermittedTool): boolean {
  return permission === "always_allow" && state === "accepted" && (!readOnly || destructive === true);
}
