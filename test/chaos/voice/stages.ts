/** How far a call has come when something is killed. */
import type { VoiceClient } from "../../support/voice-client.ts";
import type { Caller } from "./caller.ts";
import type { Peers } from "./peers.ts";

/** Where a call is. Without a page, there is no socket yet. */
export interface Reached {
  readonly page?: VoiceClient;
}

export interface Stage {
  readonly name: string;
  /** Whether the server has the call for sure, and it is not being ended. */
  readonly isOn: boolean;
  reach(caller: Caller, voiceCallId: string, peers: Peers): Promise<Reached>;
}

async function ready(caller: Caller, voiceCallId: string): Promise<VoiceClient> {
  const page = await caller.call(voiceCallId);
  if ("code" in page) throw new Error(page.message);
  return page;
}

/** On the line, with something said, and what comes of it held there. */
async function held(caller: Caller, voiceCallId: string, text: string, reached: Promise<void>): Promise<VoiceClient> {
  const page = await ready(caller, voiceCallId);
  caller.say(page, text);
  await reached;
  return page;
}

export const STAGES: readonly Stage[] = [
  {
    name: "a token was asked for",
    isOn: false,
    reach: async (caller, voiceCallId) => {
      await caller.customer.until(() => caller.customer.token !== undefined);
      caller.token(voiceCallId).catch(() => undefined);
      return {};
    },
  },
  {
    name: "the token is there",
    isOn: false,
    reach: async (caller, voiceCallId) => {
      await caller.token(voiceCallId);
      return {};
    },
  },
  {
    name: "the call is being opened",
    isOn: false,
    reach: async (caller, voiceCallId) => ({ page: await caller.dial(await caller.token(voiceCallId)) }),
  },
  { name: "listening", isOn: true, reach: async (caller, voiceCallId) => ({ page: await ready(caller, voiceCallId) }) },
  {
    name: "the customer speaks",
    isOn: true,
    reach: async (caller, voiceCallId, peers) => {
      const page = await ready(caller, voiceCallId);
      const heard = peers.sound();
      caller.begin(page, "where is");
      await heard;
      return { page };
    },
  },
  {
    name: "what was said is being understood",
    isOn: true,
    reach: async (caller, voiceCallId, { gates }) => ({ page: await held(caller, voiceCallId, "where is it", gates.transcript.close()) }),
  },
  {
    name: "the model writes",
    isOn: true,
    reach: async (caller, voiceCallId, { gates }) => ({ page: await held(caller, voiceCallId, "tell me a story", gates.model.close()) }),
  },
  {
    name: "a tool runs",
    isOn: true,
    reach: async (caller, voiceCallId, { gates }) => ({ page: await held(caller, voiceCallId, "where is it", gates.tool.close()) }),
  },
  {
    name: "an approval is being read",
    isOn: true,
    reach: async (caller, voiceCallId) => {
      const page = await ready(caller, voiceCallId);
      caller.say(page, "refund it");
      const { fromMs } = await page.hear("saying");
      page.say({ type: "heard", untilMs: fromMs + 10 });
      return { page };
    },
  },
  {
    name: "an answer is being said",
    isOn: true,
    reach: async (caller, voiceCallId, { gates }) => {
      const page = await held(caller, voiceCallId, "tell me a story", gates.model.close());
      const half = gates.audio.close();
      gates.model.open();
      await half;
      const { fromMs } = await page.hear("saying");
      page.say({ type: "heard", untilMs: fromMs + 200 });
      return { page };
    },
  },
  {
    name: "hanging up",
    isOn: false,
    reach: async (caller, voiceCallId) => {
      const page = await ready(caller, voiceCallId);
      page.say({ type: "call-end" });
      return { page };
    },
  },
];
