import { waitFor } from "../support/wait-for.ts";
import { openRealtimeProvider } from "../support/realtime-provider.ts";
import { openSpeech, KEY } from "../speech/speech-ports.ts";
import type { RealtimeSession } from "../../server/speech/ports/realtime.ts";
import type { ScriptedAnswer } from "../support/realtime-answer.ts";
import type { Answer } from "../model/wire-formats.ts";
import { modelContract } from "./model.ts";
import { realtimeAnswersLaw } from "./realtime-answers.ts";
import { realtimeCutsLaw } from "./realtime-cuts.ts";
import { realtimeHearingLaw } from "./realtime.ts";

modelContract("OpenAI Realtime", async () => {
  const provider = await openRealtimeProvider();
  const { speech } = openSpeech();
  const abort = new AbortController();
  // Connected with the first request, so that a test can say before how that goes.
  let session: RealtimeSession | undefined;
  const opened = (): RealtimeSession => {
    const speaking = speech.speaking({ provider: "openai", model: "m", apiKey: KEY });
    session ??= speech.realtime({ provider: "openai", baseUrl: provider.url, apiKey: KEY }).open({ signal: abort.signal, speaking });
    return session;
  };
  const scripted = ({ pieces, calls, ends }: Answer): ScriptedAnswer => ({
    ...(pieces === undefined ? {} : { pieces: pieces.map((text) => ({ text })) }),
    ...(calls === undefined ? {} : { calls }),
    ...(ends === undefined ? {} : { ends }),
  });
  return {
    model: { stream: (request, signal) => opened().model.stream(request, signal) },
    answer: (answer) => (provider.answer = () => scripted(answer)),
    stall: (answer) => (provider.answer = () => ({ ...scripted(answer), stalls: true })),
    refuse: (status, code, message) => (provider.refusal = { status, code, message }),
    told: () => JSON.stringify([provider.sessions.at(-1)?.said, provider.sessions.at(-1)?.items]),
    hungUp: async () => void (await waitFor(() => provider.sessions.at(-1)?.said.some(({ type }) => type === "response.cancel") === true)),
    close: async () => {
      abort.abort(new Error("the test is over"));
      await speech.close();
      await provider.close();
    },
  };
});

realtimeHearingLaw();
realtimeAnswersLaw();
realtimeCutsLaw();
