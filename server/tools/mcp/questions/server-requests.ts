import type { Client } from "@modelcontextprotocol/client";
import type { CallScope } from "../calls/call-scope.ts";
import type { McpSdk } from "../wire/mcp-sdk.ts";
import { DECLINED, elicitAnswer, readQuestion, type ElicitAnswer } from "./elicitation.ts";
import { readSampling, samplingResult } from "./sampling.ts";

/** `User rejected sampling request`, as the specification's examples have it. */
const REFUSED = -1;

/**
 * Answers what a server of the legacy era asks while a call runs. `scope` finds the call that a request belongs to; without one nobody is asked. Roots have no
 * handler: the client answers that it does not know the method.
 */
export function answerServerRequests(sdk: McpSdk, client: Client, scope: () => CallScope | undefined, offers: { sampling: boolean }): void {
  client.setRequestHandler("elicitation/create", async ({ params }) => answerQuestion(params, scope()));
  if (!offers.sampling) return;
  client.setRequestHandler("sampling/createMessage", async ({ params }) => {
    const call = scope();
    const refuse = (why: string): never => {
      call?.refused(why);
      throw new sdk.ProtocolError(REFUSED, `Sampling was refused: ${why}`);
    };
    if (call === undefined) return refuse("no call is running");
    const read = readSampling(params, call.samplingTokens);
    if ("refused" in read) return refuse(read.refused);
    const answer = await call.sample(read.request);
    return answer.kind === "refused" ? refuse(answer.cause) : samplingResult(answer);
  });
}

/** Asks, where there is a call to ask for and a question that may be asked; declines otherwise. */
export async function answerQuestion(params: unknown, call: CallScope | undefined): Promise<ElicitAnswer & Record<string, unknown>> {
  if (call === undefined) return { ...DECLINED };
  const question = readQuestion(params);
  if ("refused" in question) {
    call.refused(question.refused);
    return { ...DECLINED };
  }
  const answer = await call.ask(question.request);
  return { ...(answer === undefined ? DECLINED : elicitAnswer(question.request, answer)) };
}
