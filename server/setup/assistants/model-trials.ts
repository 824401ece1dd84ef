/** Whether a model works before an assistant has it, and what may be chosen. */
import * as z from "zod";
import { checkModel } from "../../configuration/cross-checks.ts";
import { PROVIDERS, type ModelSettings, type ProviderName } from "../../conversation/ports/assistant.ts";
import type { ModelTests } from "../../conversation/ports/model-test.ts";
import { pointerTo } from "../../documents/merge-patch.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { keySchema } from "../../../protocol/identifiers.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { assistantSettingsSchema } from "./assistant-record.ts";
import { type modelTestSchema, shownTest } from "./assistant-tests.ts";
import type { AssistantRegistry } from "./assistants.ts";

export const modelTrialSchema = assistantSettingsSchema.shape.model
  .omit({ showThoughts: true })
  .extend({
    assistant: keySchema
      .optional()
      .describe("An assistant whose kept key is used where apiKey is absent: for its own provider and address only."),
  })
  .meta({ examples: [{ provider: "openai", model: "gpt-5-mini", apiKey: "sk-…" }] });
export type ModelTrial = z.output<typeof modelTrialSchema>;

export const modelProviderSchema = z.object({
  provider: z.enum(Object.keys(PROVIDERS) as ProviderName[]),
  name: z.string().describe("What people call it."),
  baseUrl: z.string().optional().describe("Where it is reached when no baseUrl is given."),
  exampleUrl: z.string().describe("How a baseUrl looks."),
  needsBaseUrl: z.boolean(),
  needsKey: z.boolean().describe("Whether it wants a key at its own address. A server at a baseUrl may do without."),
  exampleModels: z.array(z.string()).describe("Names to begin with; the provider's page has all."),
});
export type ModelProvider = z.output<typeof modelProviderSchema>;

export interface ModelTrialsPorts {
  readonly assistants: Pick<AssistantRegistry, "modelToTest">;
  readonly models: Pick<ModelTests, "test">;
  /** Throws when too many tests are made of this model, or by this person or key. */
  readonly before: (model: string, by: string) => Promise<void>;
  readonly providers: () => Promise<readonly ModelProvider[]>;
}

/** Tries models out that no assistant has yet. Nothing of them is stored. */
export class ModelTrials {
  readonly #ports: ModelTrialsPorts;

  constructor(ports: ModelTrialsPorts) {
    this.#ports = ports;
  }

  async providers(): Promise<ModelProvider[]> {
    return (await this.#ports.providers()).map((one) => ({ ...one, exampleModels: [...one.exampleModels] }));
  }

  /** Throws `InvalidError`, or `RequestError` `not-found`, `forbidden` or `rate-limited`. */
  async test(staff: Staff, { assistant, ...given }: ModelTrial, signal: AbortSignal): Promise<z.input<typeof modelTestSchema>> {
    const settings = assistant === undefined || given.apiKey !== undefined ? given : await this.#withKeptKey(staff, assistant, given);
    const faults = checkModel([], settings);
    if (faults.length > 0)
      throw new InvalidError(faults.map(({ path, message, ...coded }) => ({ path: pointerTo(path), message: `${message}.`, ...coded })));
    const by = `${staff.kind}/${staff.id}`;
    await this.#ports.before(`models of ${by}`, by);
    return shownTest(await this.#ports.models.test(settings, signal));
  }

  /** A kept key goes nowhere but where it was given for: otherwise whoever names an address could read it. */
  async #withKeptKey(staff: Staff, assistant: string, given: ModelSettings): Promise<ModelSettings> {
    const kept = await this.#ports.assistants.modelToTest(staff, assistant);
    if (kept.apiKey === undefined) return given;
    if (kept.provider !== given.provider || kept.baseUrl !== given.baseUrl)
      throw new InvalidError([
        {
          path: "/apiKey",
          message: "Send the key again: it would go to another provider or address than the assistant's.",
          code: "key-again",
        },
      ]);
    return { ...given, apiKey: kept.apiKey };
  }
}
