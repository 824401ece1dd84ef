/** What to do about a model, as a test of it found, in whole sentences. The codes are on the wire. */
export const MODEL_ADVICE = {
  "correct-settings": "Correct the assistant's model settings as the cause says.",
  "rate-limited": "The provider limits how often it is asked. Wait, or raise the limit of the account.",
  overloaded: "The provider cannot answer now. Test again in some minutes.",
  "prompt-too-long": "The provider says that even this short prompt is too long. Lower maxOutputTokens.",
  "content-filter": "The provider's content filter refuses the test's own words. Check which filter is set there.",
  "broke-off": "The answer broke off. Test again; if it breaks off again, look at the log of the model server or of the proxy before it.",
  unreachable: "Check the baseUrl, that the model server runs, and that this machine may reach it.",
  "vllm-parser": "Start vLLM with --enable-auto-tool-choice and the --tool-call-parser of this model.",
  "model-with-tools": "Choose a model that supports tools.",
  "llama-jinja": "Start llama.cpp's server with --jinja.",
  "fewer-tokens": "Lower the assistant's maxOutputTokens to what the cause says.",
  "no-credit": "The key is right, but its account has no credit. Add credit or a payment method at the provider.",
  "unknown-key": "The provider does not know this key. Copy the whole key again, and check that it is this provider's and not revoked.",
  "key-not-allowed":
    "The key is known, but may not do this. Check its permissions, its project, and the addresses and regions that it is limited to.",
  "no-such-model": "There is no such model for this key. Check the model's name, and whether the account may use it.",
  "address-not-allowed": "Name the address in network.allowPrivate of the configuration file, and start the server again.",
  "unreadable-call":
    "It wrote the call into its text, in a way that cannot be read. Start the model server with a parser for this model's calls.",
  "no-call": "It did not call the tool that it was asked to call. Choose a model that supports tools, if the assistant has any.",
  "said-nothing": "It said nothing within {number} tokens. If it thinks first, raise maxOutputTokens.",
  "calls-in-text": "It writes its calls into the text. They are read, but start the model server with a parser for this model's calls.",
  slow: "Its first byte took {number} s; customers wait as long for the first word.",
  "no-stream": "It does not stream, so customers see an answer only when it is complete.",
  "tools-left-out": "Its provider refuses {number} of the tools; they are left out (see leftOutTools).",
} as const satisfies Readonly<Record<string, string>>;

export type ModelAdvice = keyof typeof MODEL_ADVICE;

export const MODEL_ADVICE_CODES = Object.keys(MODEL_ADVICE) as [ModelAdvice, ...ModelAdvice[]];

export interface AdvisedModel {
  readonly code: ModelAdvice;
  readonly text: string;
}
