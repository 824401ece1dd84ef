import type { HearingSession, Transcript } from "../../server/speech/ports/hearing.ts";
import { countedPcm } from "../speech/speech-ports.ts";

/** A quarter of a second in frames of 20 ms. */
export const FRAMES = Array.from({ length: 12 }, (_, index) => countedPcm(320, index * 320));
export const SPOKEN = Buffer.concat(FRAMES);

export interface Listening {
  readonly heard: Transcript[];
  readonly finals: () => Transcript[];
  /** What `transcripts` threw; "ended" when it ended. */
  readonly outcome: Promise<unknown>;
}

export function listen({ transcripts }: HearingSession): Listening {
  const heard: Transcript[] = [];
  const read = async (): Promise<"ended"> => {
    for await (const one of transcripts) heard.push(one);
    return "ended";
  };
  return { heard, finals: () => heard.filter(({ type }) => type === "final"), outcome: read().catch((error: unknown) => error) };
}

export function say(session: HearingSession, frames = FRAMES): void {
  for (const frame of frames) session.send(frame);
}
