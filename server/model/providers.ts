import type { ProviderName } from "../conversation/ports/assistant.ts";
import { anthropic } from "./wires/anthropic.ts";
import { gemini } from "./wires/gemini.ts";
import { openAiChat } from "./wires/openai-chat.ts";
import { openAiResponses } from "./wires/openai-responses.ts";
import type { Wire, WireSettings } from "./wires/wire.ts";

/** All that distinguishes one provider from another, besides its wire. */
export interface ProviderApi {
  /** What people call it. */
  readonly name: string;
  /** Models to begin with. Absent: what there is depends on the server. */
  readonly exampleModels?: readonly string[];
  /** Where the provider itself is reached. Absent: there is no such place, and the settings must name one. */
  readonly ownUrl?: string;
  /** A baseUrl to show when the given one cannot be used. */
  readonly exampleUrl: string;
  /** The path that the wire's own paths are added to, from a path without a slash at its end. */
  readonly basePath: (path: string) => string;
  readonly wire: (settings: WireSettings) => Wire;
}

const OPENAI_URL = "https://api.openai.com/v1";
const OPENAI_HOST = new URL(OPENAI_URL).host;
const ANTHROPIC_URL = "https://api.anthropic.com/v1";
const GOOGLE_URL = "https://generativelanguage.googleapis.com/v1beta";

export const PROVIDER_APIS: Readonly<Record<ProviderName, ProviderApi>> = {
  openai: {
    name: "OpenAI",
    exampleModels: ["gpt-5", "gpt-5-mini", "gpt-5-nano"],
    ownUrl: OPENAI_URL,
    exampleUrl: OPENAI_URL,
    basePath: openAiPath,
    // Gateways and proxies in front of OpenAI speak Chat Completions; few of them speak Responses.
    wire: (settings) => (settings.baseUrl.host === OPENAI_HOST ? openAiResponses(settings) : openAiChat(settings)),
  },
  "openai-compatible": {
    name: "OpenAI-compatible (vLLM, Ollama, LiteLLM, OpenRouter, …)",
    exampleUrl: "http://127.0.0.1:11434/v1",
    basePath: openAiPath,
    wire: (settings) => openAiChat(settings),
  },
  anthropic: {
    name: "Anthropic",
    exampleModels: ["claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"],
    ownUrl: ANTHROPIC_URL,
    exampleUrl: ANTHROPIC_URL,
    basePath: (path) => {
      const root = path.replace(/\/messages$/, "");
      return /\/v\d+$/.test(root) ? root : `${root}/v1`;
    },
    wire: anthropic,
  },
  google: {
    name: "Google Gemini",
    exampleModels: ["gemini-2.5-pro", "gemini-2.5-flash"],
    ownUrl: GOOGLE_URL,
    exampleUrl: GOOGLE_URL,
    basePath: (path) => {
      const root = path.replace(/\/models(?:\/.*)?$/, "");
      return /\/v\d+\w*$/.test(root) ? root : `${root}/v1beta`;
    },
    wire: gemini,
  },
};

function openAiPath(path: string): string {
  const root = path.replace(/\/(?:chat\/completions|responses)$/, "");
  return root === "" ? "/v1" : root;
}
