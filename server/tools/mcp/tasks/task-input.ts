import type { CallScope } from "../../calls/call-scope.ts";
import { elicitAnswer } from "../questions/elicitation.ts";
import { readInputRequests, UnusableInputError, type WantedInput } from "../questions/input-required.ts";
import { samplingResult } from "../questions/sampling.ts";

/** The answers to what a task wants to know, in the server's words, by its keys. Throws `UnusableInputError`. */
export async function taskInput(requests: Readonly<Record<string, unknown>>, scope: CallScope): Promise<Record<string, object>> {
  const wanted = readInputRequests(requests, scope.samplingTokens);
  for (const refusal of wanted.refusals) scope.refused(refusal);
  return { ...wanted.answered, ...(await asked(wanted.asked, scope)) };
}

async function asked(requests: WantedInput["asked"], scope: CallScope): Promise<Record<string, object>> {
  const answers = await Promise.all(
    Object.entries(requests).map(async ([key, request]): Promise<[string, object]> => {
      if (request.kind === "sampling") {
        const answer = await scope.sample(request);
        if (answer.kind === "refused") throw new UnusableInputError(`its request to our model was refused: ${answer.cause}`);
        return [key, samplingResult(answer)];
      }
      const answer = await scope.ask(request);
      return [key, answer === undefined ? { action: "decline" } : elicitAnswer(request, answer)];
    }),
  );
  return Object.fromEntries(answers);
}
