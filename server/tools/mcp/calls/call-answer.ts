import type { ConnectionNeed, ToolResult } from "../../../conversation/ports/tools.ts";
import type { TaskState } from "../tasks/task-state.ts";

/** What one request of a call came to. */
export type CallAnswer =
  | { readonly kind: "ended"; readonly result: ToolResult }
  /** The server refused it for want of a sign-in. */
  | { readonly kind: "sign-in"; readonly need: ConnectionNeed }
  /** The raw `input_required` result. */
  | { readonly kind: "input"; readonly raw: unknown }
  | { readonly kind: "task"; readonly state: TaskState }
  /** The server wants pages visited first (error -32042); as it said them. */
  | { readonly kind: "pages"; readonly elicitations: readonly unknown[] };

/** One request of a call. */
export interface CallRequest {
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly inputResponses?: Readonly<Record<string, object>>;
  readonly requestState?: string;
}
