import type { VoiceSettings } from "../conversation/ports/voice.ts";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Silero, type VoiceModel } from "../../voice/activity/silero.ts";
import { readWeights } from "../../voice/activity/silero-layout.ts";
import { lazily } from "../foundation/lazily.ts";
import type { Speech } from "../speech/create-speech.ts";
import { OpenedCalls } from "../voice/opened-calls.ts";
import { approvalsByButton } from "../voice/spoken-approvals.ts";
import { VoiceCalls } from "../voice/voice-calls.ts";
import type { Base } from "./open-base.ts";
import type { OpenedDesk } from "./open-desk.ts";
import type { Line, Web } from "./open-line.ts";
import type { Part } from "./open-parts.ts";
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

export function openVoice(parts: Base & Setup & Storage & Web & Line & OpenedDesk): Voice {
  const { store, desk, assistants, limits, documents, voiceListener, clock, log, isStopping } = parts;
  const speech = lateSpeech(parts);
  const calls = new VoiceCalls({
    desk: desk.customers,
    journal: desk.voice,
    assistants,
    speech: speech.of,
    countMessage: async (caller) => {
      const assistant = assistants.find(caller.assistant);
      if (assistant !== undefined) await limits.message(caller, assistant);
    },
    approvals: approvalsByButton,
    lastEvents: (conversationId) => store.readBefore(conversationId, Number.MAX_SAFE_INTEGER, LAST_EVENTS),
    activity: lateActivity(parts),
    opened: new OpenedCalls({ documents, clock }),
    clock,
    log,
    isStopping,
  });
  voiceListener.follow(calls);
  return {
    voiceCalls: calls,
    close: async () => {
      await calls.close();
      await speech.close();
    },
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

/** Engines, loaded with the first call. Those of one assistant know together which of them failed lately. */
function lateSpeech({ clock, log, configuration, wrap }: Base) {
  let speech: Speech | undefined;
  const loaded = lazily(async () => {
    const [{ createSpeech }, { openGuardedSockets }] = await Promise.all([
      import("../speech/create-speech.ts"),
      import("../guard/network/guarded-fetch.ts"),
    ]);
    return (speech = wrap("speech", createSpeech({ clock, log, sockets: () => openGuardedSockets(configuration.network) })));
  });
  const engines = new WeakMap<VoiceSettings, ReturnType<Speech["of"]>>();
  return {
    of: async (voice: VoiceSettings): Promise<ReturnType<Speech["of"]>> => {
      const found = engines.get(voice) ?? (await loaded()).of(voice);
      engines.set(voice, found);
      return found;
    },
    close: async (): Promise<void> => speech?.close(),
  };
}
