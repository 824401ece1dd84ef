import type { ConnectionNeed, Toolbox, ToolResult } from "../../conversation/ports/tools.ts";

/** A server whose tools a conversation does without, and why. */
export function missing(server: string, serverName: string, cause: string): Toolbox["unavailable"][number] {
  return { server, serverName, cause };
}

/** The result of a call that was not made. */
export function uncalled(what: string, why: string): ToolResult {
  return {
    outcome: "failed",
    content: [{ kind: "text", text: "The call was not sent, because the server cannot be used now. Nothing was done." }],
    cause: `${what} was not called: ${why}.`,
  };
}

/** What there is to do for whoever keeps a shared connection. */
export function ownersPart(name: string, { reason, scopes }: ConnectionNeed): string {
  switch (reason) {
    case "first":
      return `${name} wants a sign-in, and its shared account is not connected yet. An admin can connect it under connections, or the connector can ask each customer.`;
    case "expired":
      return `The sign-in of ${name}'s shared account has ended. An admin has to connect it again.`;
    case "scope":
      return `${name}'s shared account lacks rights (${scopes.join(", ")}). An admin has to connect it again with them.`;
  }
}
