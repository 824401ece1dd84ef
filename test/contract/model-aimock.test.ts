import { pathToFileURL } from "node:url";
import { modelAt } from "../model/provider-harness.ts";
import { openAiResponses, WIRE_FORMATS, type Answer, type WireFormat } from "../model/wire-formats.ts";
import { peer } from "../support/peers.ts";
import { modelContract, type OpenedModel } from "./model.ts";

/** The little that is used of the third-party mock's class. */
interface Mock {
  start(): Promise<string>;
  stop(): Promise<void>;
  clearFixtures(): Mock;
  on(match: Record<string, unknown>, response: unknown, options?: Record<string, unknown>): Mock;
  getRequests(): { body: unknown }[];
  readonly port: number;
}
const { LLMock } = (await import(pathToFileURL(await peer("@copilotkit/aimock/dist/index.js")).href)) as {
  LLMock: new (options: { port: number }) => Mock;
};

/** Usage in every provider's words at once: the mock takes those of the one that is asked. */
const USAGE = {
  prompt_tokens: 11,
  completion_tokens: 7,
  total_tokens: 18,
  input_tokens: 11,
  output_tokens: 7,
  promptTokenCount: 11,
  candidatesTokenCount: 7,
  totalTokenCount: 18,
};
const FINISH = { stop: undefined, length: "length", refused: "content_filter" } as const;
/**
 * The mock knows no word of Anthropic's for it and passes this on; of OpenAI's Responses it knows no refusal at all.
 */
const REFUSED: Partial<Record<WireFormat["name"], string>> = { Anthropic: "refusal" };

function response({ name }: WireFormat, { pieces, calls, ends = "stop" }: Answer): Record<string, unknown> {
  const finishReason = ends === "refused" ? (REFUSED[name] ?? FINISH.refused) : FINISH[ends];
  return {
    ...(pieces === undefined ? {} : { content: pieces.join("") }),
    ...(calls === undefined ? {} : { toolCalls: calls.map((call) => ({ name: call.name, arguments: call.argumentsText })) }),
    usage: USAGE,
    ...(finishReason === undefined ? {} : { finishReason }),
  };
}

for (const format of WIRE_FORMATS.filter(({ unknownToMock }) => unknownToMock !== true)) {
  const open = async (): Promise<OpenedModel> => {
    const mock = new LLMock({ port: 0 });
    await mock.start();
    const { model, close } = await modelAt(format, mock.port);
    return {
      model,
      answer: (answer) => void mock.clearFixtures().on({}, response(format, answer), { chunkSize: 5 }),
      stall: (answer) =>
        void mock.clearFixtures().on({}, response(format, answer), { chunkSize: 4, streamingProfile: { ttft: 1, tps: 2 } }),
      refuse: (status, code, message) => void mock.clearFixtures().on({}, { error: { message, type: code, code }, status }),
      told: () => JSON.stringify(mock.getRequests().at(-1)?.body),
      close: async () => {
        await close();
        await mock.stop();
      },
    };
  };
  modelContract(`${format.name} as @copilotkit/aimock speaks it`, open, { cannotRefuse: format === openAiResponses });
}
