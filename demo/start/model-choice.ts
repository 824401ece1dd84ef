import * as z from "zod";

/** The `model` of an assistant in the configuration file. Keys stay `${NAME}`: they are never written down. */
export interface ModelBlock {
  readonly provider: "openai" | "anthropic" | "google" | "openai-compatible";
  readonly model: string;
  readonly baseUrl?: string;
  readonly apiKey?: string;
}

/** Which model the demo uses. Without a block it is the scripted one, as `frontdesk.json` has it. */
export interface ModelChoice {
  readonly block?: ModelBlock;
  /** What the person who started the demo is shown. */
  readonly sentence: string;
  /** A private address that the configuration has to allow for it. */
  readonly privateHost?: string;
}

const hosted = [
  { key: "OPENAI_API_KEY", provider: "openai", model: "gpt-5-mini", name: "OpenAI" },
  { key: "ANTHROPIC_API_KEY", provider: "anthropic", model: "claude-haiku-4-5", name: "Anthropic" },
  { key: "GOOGLE_GENERATIVE_AI_API_KEY", provider: "google", model: "gemini-2.5-flash", name: "Google" },
] as const;

/**
 * Chooses by environment: `FRONTDESK_MODEL_URL` first, then the first of the three providers' keys, otherwise the
 * script. `FRONTDESK_MODEL` names the model; an OpenAI-compatible server without it uses the first one that it lists.
 * Throws if that server cannot be asked.
 */
export async function chooseModel(environment: Readonly<NodeJS.ProcessEnv>): Promise<ModelChoice> {
  const named = environment["FRONTDESK_MODEL"];
  const url = environment["FRONTDESK_MODEL_URL"];
  if (url !== undefined && url !== "") {
    const baseUrl = url.replace(/\/+$/u, "");
    const model = named === undefined || named === "" ? await firstModel(baseUrl, environment["FRONTDESK_MODEL_KEY"]) : named;
    const key = environment["FRONTDESK_MODEL_KEY"] === undefined ? {} : { apiKey: "${FRONTDESK_MODEL_KEY}" };
    return {
      block: { provider: "openai-compatible", model, baseUrl, ...key },
      sentence: `The assistant uses the model ${model} at ${baseUrl} (FRONTDESK_MODEL_URL).`,
      privateHost: new URL(baseUrl).hostname,
    };
  }
  for (const { key, provider, model, name } of hosted) {
    if (environment[key] === undefined || environment[key] === "") continue;
    const chosen = named === undefined || named === "" ? model : named;
    return {
      block: { provider, model: chosen, apiKey: `\${${key}}` },
      sentence: `The assistant uses ${name}'s model ${chosen} (${key}); its calls cost money.`,
    };
  }
  return {
    sentence:
      "The assistant uses a scripted model: it understands a few sentences and costs nothing. Set OPENAI_API_KEY or FRONTDESK_MODEL_URL for a real one.",
  };
}

const modelListSchema = z.object({ data: z.array(z.object({ id: z.string() })).min(1) });

async function firstModel(baseUrl: string, key: string | undefined): Promise<string> {
  try {
    const response = await fetch(`${baseUrl}/models`, {
      headers: key === undefined ? {} : { Authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(5000),
    });
    return modelListSchema.parse(await response.json()).data[0]!.id;
  } catch (error) {
    throw new Error(
      `The model server at ${baseUrl} did not list its models. Check FRONTDESK_MODEL_URL (it often ends in /v1), or name a model in FRONTDESK_MODEL.`,
      { cause: error },
    );
  }
}
