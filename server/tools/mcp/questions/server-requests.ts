import type { CallScope } from "../../calls/call-scope.ts";
import type { ServerQuestions } from "../wire/server-questions.ts";
import { DECLINED, elicitAnswer, readQuestion } from "./elicitation.ts";
import { readSampling, samplingResult } from "./sampling.ts";

/**
 * Answers what a server of the legacy era asks while a call runs: asks the people and the model behind it, where that
 * may be asked.
 */
export function callQuestions(scope: CallScope): ServerQuestions {
  return {
    async elicit(params) {
      const question = readQuestion(params);
      if ("refused" in question) {
        scope.refused(question.refused);
        return { ...DECLINED };
      }
      const answer = await scope.ask(question.request);
      return { ...(answer === undefined ? DECLINED : elicitAnswer(question.request, answer)) };
    },
    async sample(params) {
      const refuse = (why: string): never => {
        scope.refused(why);
        throw new Error(why);
      };
      const read = readSampling(params, scope.samplingTokens);
      if ("refused" in read) return refuse(read.refused);
      const answer = await scope.sample(read.request);
      return answer.kind === "refused" ? refuse(answer.cause) : samplingResult(answer);
    },
  };
}
