/** What is used of the browser's own recogniser, which TypeScript does not know everywhere. */
export interface Recogniser {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((event: RecogniserResult) => void) | null;
  onerror: ((event: { readonly error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  stop(): void;
  abort(): void;
}

export interface RecogniserResult {
  readonly resultIndex: number;
  readonly results: ArrayLike<ArrayLike<{ readonly transcript: string; readonly confidence: number }> & { readonly isFinal: boolean }>;
}

/** Undefined: this browser has none. */
export function newRecogniser(): Recogniser | undefined {
  const { SpeechRecognition, webkitSpeechRecognition } = globalThis as {
    readonly SpeechRecognition?: new () => Recogniser;
    readonly webkitSpeechRecognition?: new () => Recogniser;
  };
  const Found = SpeechRecognition ?? webkitSpeechRecognition;
  return Found && new Found();
}
