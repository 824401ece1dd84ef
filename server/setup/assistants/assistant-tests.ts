/** Whether an assistant's model works, tried out for whoever may change the assistant. */
import * as z from "zod";
import { MODEL_ADVICE_CODES } from "../../conversation/ports/model-advice.ts";
import type { LeftOutTool, LeftOutTools, ModelTest, ModelTests } from "../../conversation/ports/model-test.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { assistantViewSchema, type AssistantView } from "./assistant-view.ts";
import type { AssistantRegistry } from "./assistants.ts";

const exchange = z.object({
  asked: z.enum(["word", "call", "result"]).describe("A word; a call of a test tool; an answer to the result of that call."),
  outcome: z.enum(["ok", "no-text", "no-call", "failed"]),
  fault: z.object({ kind: z.string(), cause: z.string().describe("What happened, for staff. No secret is in it.") }).exactOptional(),
  requests: z.int().min(0).describe("More than one where something was learnt, or nothing at all was sent: 0."),
  connectMs: z.number().exactOptional().describe("Until there was a connection; next to nothing where one was kept."),
  firstByteMs: z.number().exactOptional(),
  wholeMs: z.number(),
  inputTokens: z.number().exactOptional(),
  outputTokens: z.number().exactOptional(),
});

/** Left out of every request, so that it does not cost the assistant its answers. */
const leftOutToolSchema = z.object({ tool: z.string().describe("As the model knows it."), reason: z.string() });

const learnt = z.object({
  answers: z.enum(["as-stream", "whole"]).exactOptional(),
  limit: z.enum(["max_tokens", "max_completion_tokens"]).describe("How Chat Completions name the limit of an answer to it."),
  tools: z.enum(["called", "written-as-text", "not-called", "refused", "not-tried"]),
  thoughts: z.boolean().describe("Whether it told what it thought, apart from its text."),
  systemRole: z.enum(["own", "in-first-message"]).describe("Where the prompt stands: templates of some models have no system role."),
  tokensTold: z.boolean().describe("Whether it says how many tokens an answer cost."),
  changed: z.array(z.string()).describe("Other parts of a request that it does not take as they are."),
  leftOutTools: z.array(leftOutToolSchema).describe("Tools that its provider refuses."),
});

export const modelTestSchema = z.object({
  status: z.enum(["works", "without-tools", "fails"]).describe("without-tools: it answers, but tools cannot be used with it."),
  advice: z.array(z.string()).describe("What to do, the most important first. Empty: nothing."),
  adviceCodes: z.array(z.enum(MODEL_ADVICE_CODES)).describe("The code of each, for whoever says it in another language."),
  format: z.string().describe("The format that it is spoken to in."),
  exchanges: z.array(exchange).describe("In their order; those after one that failed were not made."),
  learnt: learnt.describe("What is known of the model since the server started; conversations use it."),
});

export const assistantStateSchema = assistantViewSchema.extend({
  leftOutTools: z.array(leftOutToolSchema).describe("Tools that the model's provider refuses, with its reason."),
});

/** Of the beginning of a name, this much is never cut (`tool-name.ts`). */
const SURE_CHARACTERS = 24;

export interface AssistantTestsPorts {
  readonly assistants: Pick<AssistantRegistry, "modelToTest">;
  readonly models: ModelTests & LeftOutTools;
  /** Throws when too many tests are made of this assistant, or by this person or key. */
  readonly before: (assistant: string, by: string) => Promise<void>;
}

export class AssistantTests {
  readonly #ports: AssistantTestsPorts;

  constructor(ports: AssistantTestsPorts) {
    this.#ports = ports;
  }

  /** Throws `RequestError` `not-found`, `forbidden` or `rate-limited`. */
  async test(staff: Staff, key: string, signal: AbortSignal): Promise<z.input<typeof modelTestSchema>> {
    const settings = await this.#ports.assistants.modelToTest(staff, key);
    await this.#ports.before(key, `${staff.kind}/${staff.id}`);
    return shownTest(await this.#ports.models.test(settings, signal));
  }

  /** With the tools of its connectors that its model's provider refuses; other assistants may ask the same model. */
  withLeftOut(view: AssistantView): z.input<typeof assistantStateSchema> {
    const leftOut = ownLeftOut(this.#ports.models.leftOut(view.model), view.connectors);
    return { ...view, leftOutTools: leftOut.map((one) => ({ ...one })) };
  }
}

/** Those of these servers; other assistants may ask the same model. */
export function ownLeftOut(leftOut: readonly LeftOutTool[], servers: readonly string[]): readonly LeftOutTool[] {
  return leftOut.filter(({ tool }) => servers.some((server) => tool.startsWith(beginningOf(server))));
}

/** What a server's tools are called for the model begins with its key; a long name is cut in its middle. */
function beginningOf(server: string): string {
  return `${server}__`.slice(0, SURE_CHARACTERS);
}

/** A test as the API answers it. */
export function shownTest({
  advice,
  adviceCodes,
  exchanges,
  learnt: { changed, leftOutTools, ...known },
  ...test
}: ModelTest): z.input<typeof modelTestSchema> {
  return {
    ...test,
    advice: [...advice],
    adviceCodes: [...adviceCodes],
    exchanges: [...exchanges],
    learnt: { ...known, changed: [...changed], leftOutTools: [...leftOutTools] },
  };
}
