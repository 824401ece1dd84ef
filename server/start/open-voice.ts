import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Silero, type VoiceModel } from "../../voice/activity/silero.ts";
import { readWeights } from "../../voice/activity/silero-layout.ts";
import { type Assistant, permissionOf } from "../conversation/ports/assistant.ts";
import { lazily } from "../foundation/lazily.ts";
import { mustBeKnown } from "../identity/customers/must-be-known.ts";
import { ApprovalsAloud } from "../voice/approval/approvals-aloud.ts";
import type { Caller } from "../voice/caller.ts";
import { OpenedCalls } from "../voice/opened-calls.ts";
import type { OpenApprovals } from "../voice/spoken-approvals.ts";
import { VoiceCalls } from "../voice/voice-calls.ts";
import type { Base } from "./open-base.ts";
import type { OpenedDesk } from "./open-desk.ts";
import type { Line, Web } from "./open-line.ts";
import type { Part } from "./open-parts.ts";
import type { ModelsAndTools } from "./open-tools.ts";
import type { Setup } from "./open-setup.ts";
import type { Storage } from "./open-storage.ts";

/** Voice calls, and the line that they come by. */
export interface Voice extends Part {
  readonly voiceCalls: VoiceCalls;
}

/** What waits for the customer when a call begins is among these. */
const LAST_EVENTS = 100;
/** What calls that end have to write is written by then. */
const CLOSE_MS = 1_500;

export function openVoice(parts: Base & Setup & Storage & Web & Line & OpenedDesk & ModelsAndTools): Voice {
  const { store, speech, desk, assistants, limits, documents, voiceListener, clock, log, isStopping } = parts;
  const calls = new VoiceCalls({
    desk: desk.customers,
    journal: desk.voice,
    assistants,
    speech: (...asked) => speech.of(...asked),
    countMessage: async (caller) => {
      const assistant = assistants.find(caller.assistant);
      await mustStillBeAllowed(caller, assistant);
      if (assistant !== undefined) await limits.message(caller, assistant);
    },
    approvals: approvalsOf(parts),
    lastEvents: (conversationId) => store.readBefore(conversationId, Number.MAX_SAFE_INTEGER, LAST_EVENTS),
    activity: lateActivity(parts),
    recordings: parts.journal.recordings,
    opened: new OpenedCalls({ documents, clock }),
    clock,
    log,
    isStopping,
  });
  voiceListener.follow(calls);
  return {
    voiceCalls: calls,
    close: () => calls.close(),
    closeWithinMs: CLOSE_MS,
  };
}

/** The weights are those that the widget's pages load. */
function lateActivity({ folder, widgetFolder }: Base): () => Promise<VoiceModel> {
  const weights = lazily(async () => {
    const assets = join(widgetFolder ?? join(folder, "dist", "widget"), "assets");
    const name = (await readdir(assets)).find((one) => /^silero-.*\.bin$/.test(one));
    if (name === undefined) throw new Error(`There are no weights of voice activity in ${assets}. Build the widget.`);
    return readWeights(await readFile(join(assets, name)));
  });
  return async () => new Silero(await weights());
}

/** As the assistant is set up at the moment of each question and answer. */
function approvalsOf({ assistants, desk, store, clock, log }: OpenedDesk & Storage & Base): OpenApprovals {
  return (of, voice) =>
    new ApprovalsAloud(
      {
        clock,
        log,
        voice,
        findCall: (conversationId, callId) => store.findCall(conversationId, callId),
        permission: ({ tool }) => {
          const assistant = assistants.find(of.caller.assistant);
          return assistant === undefined ? undefined : permissionOf(assistant, tool.server, tool.tool);
        },
        decide: async (request, spoken) => {
          await mustStillBeAllowed(of.caller, assistants.find(of.caller.assistant));
          return desk.customers.decide(of.caller, "approval-decide", request, spoken);
        },
      },
      of,
    );
}

/** As the chat looks at each request. Throws `RequestError` `identity-required` or `unauthenticated`. */
async function mustStillBeAllowed(caller: Caller, assistant: Assistant | undefined): Promise<void> {
  mustBeKnown(caller, assistant);
  await caller.checkKey?.();
}
