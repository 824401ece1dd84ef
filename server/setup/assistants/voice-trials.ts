/** Whether engines of speech work, before an assistant has them or after. */
import * as z from "zod";
import { hearingFields, realtimeFields, speakingFields } from "../../configuration/voice-schema.ts";
import { SPEECH_FAULTS, type EngineFault, type HeardTest, type SpokenTest, type VoiceTests } from "../../conversation/ports/voice-test.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import type { AssistantRegistry } from "./assistants.ts";
import type { AssistantVoices } from "./assistant-voices.ts";
import { givenKey, withKeptKeys } from "./voice-record.ts";

export const voiceTrialSchema = z
  .strictObject({
    speaking: z
      .strictObject({ ...speakingFields, ...givenKey })
      .optional()
      .describe("What says the sentence."),
    hearing: z
      .strictObject({ ...hearingFields, ...givenKey })
      .optional()
      .describe("What hears it. Absent: nobody does."),
    realtime: z
      .strictObject({ ...realtimeFields, ...givenKey })
      .optional()
      .describe("A model that says it and hears it itself, in place of both."),
  })
  .refine(
    ({ speaking, hearing, realtime }) =>
      realtime === undefined ? speaking !== undefined : speaking === undefined && hearing === undefined,
    "Expected either speaking, with or without hearing, or realtime.",
  );
export type VoiceTrial = z.output<typeof voiceTrialSchema>;

const fault = z.object({
  kind: z.enum(SPEECH_FAULTS),
  cause: z.string().describe("What happened and what to do, for staff. No secret is in it."),
});
const engine = z.string().describe("Which engine it is, for people.");
const ms = z.number().exactOptional();

export const voiceTestSchema = z.object({
  status: z
    .enum(["works", "misunderstood", "fails"])
    .describe("misunderstood: all answered, but what was heard is not what was said. fails: one of them did not."),
  said: z.string().describe("The sentence, in the language of the engines."),
  speaking: z.object({
    engine,
    outcome: z.enum(["ok", "failed", "not-tried"]).describe("not-tried: it is the customer's browser."),
    fault: fault.exactOptional(),
    firstMs: ms.describe("From the request to the first sound."),
    wholeMs: ms.describe("From the request to the last."),
    audioMs: ms.describe("How long it sounds."),
    audio: z
      .object({ pcm: z.base64().describe("16 bits, little endian, one channel."), sampleRate: z.int() })
      .exactOptional()
      .describe("What was said."),
  }),
  hearing: z
    .object({
      engine,
      outcome: z.enum(["ok", "misunderstood", "nothing", "failed", "not-tried"]).describe("not-tried: there was nothing to hear."),
      fault: fault.exactOptional(),
      finalMs: ms.describe("From the end of the sentence to all of its text."),
      text: z.string().exactOptional(),
    })
    .exactOptional(),
});
type VoiceTestView = z.input<typeof voiceTestSchema>;

export interface VoiceTrialsPorts {
  readonly voices: Pick<AssistantVoices, "toTest">;
  readonly assistants: AssistantRegistry;
  readonly tests: VoiceTests;
  /** Throws when too many tests are made of this assistant, or by this person or key. */
  readonly before: (assistant: string, by: string) => Promise<void>;
}

/** Has an engine say a sentence and another hear it, or a model that does both. Nothing is stored. */
export class VoiceTrials {
  readonly #ports: VoiceTrialsPorts;

  constructor(ports: VoiceTrialsPorts) {
    this.#ports = ports;
  }

  /** Throws `InvalidError`, or `RequestError` `not-found`, `forbidden` or `rate-limited`. */
  async test(staff: Staff, assistant: string, { speaking, hearing, realtime }: VoiceTrial, signal: AbortSignal): Promise<VoiceTestView> {
    const { voices, assistants, tests, before } = this.#ports;
    const known = await voices.toTest(staff, assistant, assistants);
    const given = {
      enabled: false,
      speaking: speaking === undefined ? [] : [speaking],
      hearing: hearing === undefined ? [] : [hearing],
      ...(realtime === undefined ? {} : { realtime }),
    };
    const { realtime: own, ...engines } = withKeptKeys(given, known);
    await before(assistant, `${staff.kind}/${staff.id}`);
    const { said, ...found } = await tests.test(own === undefined ? engines : { realtime: own }, signal);
    const [spoken] = found.speaking.map(shownSpoken);
    const [heard] = found.hearing.map(shownHeard);
    if (spoken === undefined) throw new Error("A voice was tested, and there is nothing to show of it.");
    return {
      status: statusOf([spoken.outcome, heard?.outcome]),
      said,
      speaking: spoken,
      ...(heard === undefined ? {} : { hearing: heard }),
    };
  }
}

type Outcome = NonNullable<VoiceTestView["hearing"]>["outcome"];

function statusOf(outcomes: readonly (Outcome | undefined)[]): VoiceTestView["status"] {
  if (outcomes.includes("failed") || outcomes.includes("nothing")) return "fails";
  return outcomes.includes("misunderstood") ? "misunderstood" : "works";
}

function shownSpoken({ fault: wrong, audio, notTried, ...rest }: SpokenTest): VoiceTestView["speaking"] {
  if (wrong !== undefined) return { ...rest, outcome: "failed", fault: shownFault(wrong) };
  const sound = audio === undefined ? {} : { audio: { pcm: Buffer.from(audio.pcm).toString("base64"), sampleRate: audio.sampleRate } };
  return { ...rest, outcome: notTried === true ? "not-tried" : "ok", ...sound };
}

function shownHeard({ fault: wrong, understood, notTried, ...rest }: HeardTest): NonNullable<VoiceTestView["hearing"]> {
  if (wrong !== undefined) return { ...rest, outcome: "failed", fault: shownFault(wrong) };
  if (notTried === true) return { ...rest, outcome: "not-tried" };
  if (rest.text === "") return { ...rest, outcome: "nothing" };
  return { ...rest, outcome: understood === true ? "ok" : "misunderstood" };
}

function shownFault({ kind, message }: EngineFault): { kind: EngineFault["kind"]; cause: string } {
  return { kind, cause: message };
}
