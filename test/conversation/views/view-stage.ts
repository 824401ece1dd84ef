import type { ViewDesk } from "../../../server/conversation/views/view-desk.ts";
import { CONVERSATION, CUSTOMER, type Harness, openDesk, type HarnessOptions } from "../../support/desk-harness.ts";
import { callsOnce, textResult, type ToolScript } from "../../support/desk-scripts.ts";

export const ALWAYS = { permission: "always_allow", approver: "customer", rememberable: true, safeToRepeat: false } as const;
export const ASKS = { ...ALWAYS, permission: "needs_approval" } as const;

/** What the tools of views were called with, in order. */
export interface Calls {
  readonly made: [tool: string, input: unknown][];
}

/** A server with a view, and what else may be called, or may not. */
export function tools({ made }: Calls): ToolScript[] {
  const makes = (tool: string, more: Partial<ToolScript> = {}): ToolScript => ({
    tool,
    run: (input) => {
      made.push([tool, input]);
      return textResult(`${tool} done`);
    },
    ...more,
  });
  return [
    makes("track", { view: {}, run: () => ({ ...textResult("On its way"), structured: { stop: 3 }, meta: { viewId: "v1" } }) }),
    makes("refresh", { audience: ["app"] }),
    makes("move_delivery"),
    makes("secret", { audience: ["model"] }),
    makes("off"),
    makes("foreign", { server: "payments" }),
  ];
}

export interface Stage extends Harness, Calls {
  /** The call whose view it is. */
  readonly callId: string;
  call(name: string, more?: Partial<Parameters<ViewDesk["call"]>[1]>): ReturnType<ViewDesk["call"]>;
}

/** A conversation in which the model has tracked an order, so that its view is there. */
export async function openStage(change: Partial<HarnessOptions> = {}): Promise<Stage> {
  const made: Calls["made"] = [];
  const harness = await openDesk(
    {
      script: callsOnce({ name: "orders__track", arguments: { order: "1042" } }),
      tools: tools({ made }),
      permissions: { "*": ALWAYS, move_delivery: ASKS, off: { ...ALWAYS, permission: "disabled" } },
    },
    change,
  );
  const events = await harness.ask("Where is it?");
  const proposed = events.find((event) => event.type === "tool-call-proposed");
  if (proposed?.type !== "tool-call-proposed") throw new Error("The model called nothing.");
  return { ...harness, made, callId: proposed.callId, call: caller(harness, proposed.callId) };
}

let requests = 0;

export function caller({ views }: Pick<Harness, "views">, callId: string): Stage["call"] {
  return (name, more = {}) => {
    requests += 1;
    return views.call(CUSTOMER, { conversationId: CONVERSATION, callId, requestId: `request-${requests}`, name, arguments: {}, ...more });
  };
}
