import { RequestError } from "../../protocol/errors.ts";
import type { ConnectionNeed } from "../../server/conversation/ports/tools.ts";
import type { SignIns } from "../../server/conversation/ports/sign-ins.ts";
import { alwaysAllow } from "../support/desk-assistant.ts";
import { CONVERSATION, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { type CallOutcome, callsOnce, textResult } from "../support/desk-scripts.ts";

export const NEED: ConnectionNeed = { server: "orders", serverName: "Orders", scopes: ["orders:read"], reason: "first" };
export const READ = { name: "orders__read", arguments: {} };
export const LIST = { name: "orders__list", arguments: {} };

/** A shop whose orders are read with the customer's own sign-in. */
export class PersonalShop {
  signedIn = false;
  /** When the customer's connection was made. */
  connectedAt = 1;
  readonly ran: string[] = [];
  readonly begun: Parameters<SignIns["begin"]>[0][] = [];
  readonly removed: string[] = [];
  /** Requests whose sign-in the customer declined. */
  readonly declined: Parameters<SignIns["wasDeclined"]>[0][] = [];
  answer: () => CallOutcome = () => textResult("order 1042");

  get signIns(): SignIns {
    return {
      begin: async (request) => (this.begun.push(request), { url: "https://sign-in.example/?state=1", proof: "proof-1" }),
      wasDeclined: async (request) => this.declined.some((one) => JSON.stringify(one) === JSON.stringify(request)),
      list: async (customerId) => [
        {
          connectionId: `connection-of-${customerId}`,
          server: "orders",
          serverName: "Orders",
          connectedAt: this.connectedAt,
          status: "connected",
        },
      ],
      remove: async (customerId, connectionId) => {
        if (connectionId !== `connection-of-${customerId}`) throw new RequestError("unknown-connection");
        this.removed.push(connectionId);
      },
    };
  }

  async open(change: Partial<HarnessOptions> = {}, permission: object = alwaysAllow): Promise<Harness> {
    const tool = (name: string) => ({
      tool: name,
      needsConnection: () => (this.signedIn ? undefined : NEED),
      run: () => (this.ran.push(name), this.answer()),
    });
    const permissions = { "*": permission as typeof alwaysAllow };
    const connectors = [{ server: "orders", method: "personal", permissions }] as const;
    const tools = [tool("read"), tool("list")];
    return openDesk({ script: callsOnce(READ), tools, signIns: this.signIns, assistant: { connectors } }, change);
  }

  async signIn(desk: Harness, requestId: string): Promise<void> {
    this.signedIn = true;
    await desk.connected({ conversationId: CONVERSATION, requestId });
  }
}
