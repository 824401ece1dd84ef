import type { ProgressFrame } from "../../../protocol/frames.ts";
import type { ConnectionNeeded, InputRequest, TaskHandle, ToolPause, ToolResult } from "../ports/tools.ts";
import type { SamplingEnded } from "./sampling.ts";

/** How a call ended, for now or for good; `samplings` are those of a pause, by the server's key. */
export interface CallEnd {
  readonly result: ToolResult | ToolPause | ConnectionNeeded;
  readonly samplings: Readonly<Record<string, SamplingEnded>>;
}

/** What reaches a run from outside its own loop. `kept` is called once it is in the journal. */
export type Mail =
  | { readonly kind: "poke" }
  | { readonly kind: "progress"; readonly frame: ProgressFrame }
  | { readonly kind: "ask"; readonly callId: string; readonly requestId: string; readonly request: InputRequest }
  | { readonly kind: "sampled"; readonly callId: string; readonly ended: SamplingEnded; readonly kept: () => void }
  | { readonly kind: "task"; readonly callId: string; readonly task: TaskHandle; readonly kept: () => void }
  | { readonly kind: "end"; readonly callId: string; readonly end: CallEnd; readonly durationMs: number };
