import { pathToFileURL } from "node:url";
import { peer } from "../support/peers.ts";

/** Gives the text of one answer. */
export type Say = (baseUrl: string) => AsyncIterable<string>;

interface LanguageModel {
  doStream(options: unknown): Promise<{ stream: ReadableStream<{ type: string; delta?: string; error?: unknown }> }>;
}
type Provider = (model: string) => LanguageModel;
type Maker = (options: Record<string, string>) => Provider & { chatModel: Provider; responses: Provider };

/**
 * The AI SDK's provider packages through their `doStream`, as decision 0002 compared them. They come with the test
 * peers.
 */
export async function neighbours(): Promise<Readonly<Record<string, Say>>> {
  const load = async (name: string, maker: string): Promise<Maker> =>
    ((await import(pathToFileURL(await peer(`${name}/dist/index.js`)).href)) as Record<string, Maker>)[maker] as Maker;
  const [compatible, openai, anthropic, google] = await Promise.all([
    load("@ai-sdk/openai-compatible", "createOpenAICompatible"),
    load("@ai-sdk/openai", "createOpenAI"),
    load("@ai-sdk/anthropic", "createAnthropic"),
    load("@ai-sdk/google", "createGoogleGenerativeAI"),
  ]);
  const options = (baseURL: string): Record<string, string> => ({ name: "bench", apiKey: "key", baseURL });
  return {
    "AI SDK OpenAI-compatible": (url) => said(compatible(options(`${url}/v1`)).chatModel("m")),
    "AI SDK OpenAI": (url) => said(openai(options(`${url}/v1`)).responses("m")),
    "AI SDK Anthropic": (url) => said(anthropic(options(`${url}/v1`))("m")),
    "AI SDK Gemini": (url) => said(google(options(`${url}/v1beta`))("m")),
  };
}

async function* said(model: LanguageModel): AsyncGenerator<string> {
  const { stream } = await model.doStream({ prompt: [{ role: "user", content: [{ type: "text", text: "hi" }] }], maxOutputTokens: 1_000 });
  for await (const part of stream) {
    if (part.type === "error") throw part.error;
    if (part.type === "text-delta" && part.delta !== undefined) yield part.delta;
  }
}
