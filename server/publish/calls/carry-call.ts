import type { CallContext, InputAnswer, InputRequest, SamplingAnswer, SamplingRequest, Tool } from "../../conversation/ports/tools.ts";
import type { FlowSide } from "./call-flow.ts";
import { type CallEnd, said } from "./call-result.ts";

/** What the client can do for its person. */
export interface ClientMeans {
  /** It can show a form. */
  readonly form: boolean;
  /** It can open an address. */
  readonly url: boolean;
}

export interface CarriedCall {
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
  readonly callId: string;
  readonly side: FlowSide;
  readonly means: ClientMeans;
  readonly depth: number;
}

const ROUNDS = 20;
const CANCELLED: InputAnswer = { kind: "input", action: "cancel" };
const NO_SAMPLING: SamplingAnswer = { kind: "refused", cause: "Questions for a model are not passed on to clients of a published server." };

/** Carries a call to its end. What its server asks goes to the person at the client, where the client can ask them. */
export async function carryCall(call: CarriedCall): Promise<CallEnd> {
  const { tool, input, callId, side, depth } = call;
  let continuation: CallContext["continuation"];
  for (let round = 0; round < ROUNDS; round += 1) {
    const context: CallContext = {
      callId,
      signal: side.signal,
      onProgress: side.progress,
      ask: (request) => askOne(call, request),
      sample: async () => NO_SAMPLING,
      onTask: async () => undefined,
      depth,
      ...(continuation === undefined ? {} : { continuation }),
    };
    const end = await tool.call(input, context);
    if (end.outcome === "needs-connection") return needsSignIn(end.need.serverName);
    if (end.outcome !== "paused") return end;
    const answers = await answersTo(call, end.inputs);
    continuation = { kind: "answers", answers, ...(end.requestState === undefined ? {} : { requestState: end.requestState }) };
  }
  return said("failed", "The tool asked again and again, and never answered.");
}

export function needsSignIn(serverName: string): CallEnd {
  return said("failed", `Somebody of the staff has to sign in to ${serverName} first. Nothing was done.`);
}

async function askOne(call: CarriedCall, request: InputRequest): Promise<InputAnswer> {
  if (!canAsk(call.means, request)) return CANCELLED;
  return (await call.side.ask({ question: request }))["question"] ?? CANCELLED;
}

async function answersTo(
  call: CarriedCall,
  inputs: Readonly<Record<string, InputRequest | SamplingRequest>>,
): Promise<Readonly<Record<string, InputAnswer | SamplingAnswer>>> {
  const questions: Record<string, InputRequest> = {};
  const answers: Record<string, InputAnswer | SamplingAnswer> = {};
  for (const [key, request] of Object.entries(inputs)) {
    if (request.kind === "sampling") answers[key] = NO_SAMPLING;
    else if (canAsk(call.means, request)) questions[key] = request;
    else answers[key] = CANCELLED;
  }
  const given = Object.keys(questions).length === 0 ? {} : await call.side.ask(questions);
  for (const key of Object.keys(questions)) answers[key] = given[key] ?? CANCELLED;
  return answers;
}

export function canAsk(means: ClientMeans, { kind }: InputRequest): boolean {
  return kind === "form" ? means.form : means.url;
}
