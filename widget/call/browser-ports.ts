import { followDevices, listDevices } from "../../voice/context/devices.ts";
import type { Clock } from "../thread/clock.ts";
import { openBrowserEars } from "./browser-ears.ts";
import { openBrowserVoice } from "./browser-voice.ts";
import type { CallMemory } from "./call-memory.ts";
import type { CallPorts } from "./call-ports.ts";
import { openEngineEars } from "./engine-ears.ts";
import { openEngineVoice } from "./engine-voice.ts";
import { canSendOpus, OpusLane } from "./opus-lane.ts";
import { voiceAddress } from "./voice-address.ts";

interface BrowserCallOptions extends Pick<CallPorts, "ask" | "newId"> {
  /** Address of the server, as the page says. */
  readonly server: string;
  readonly memory: CallMemory;
  readonly clock: Clock;
}

/** What a call has of a real page. */
export function browserCallPorts({ server, memory, clock, ask, newId }: BrowserCallOptions): CallPorts {
  return {
    clock,
    newId,
    memory,
    ask,
    openSocket: () => new WebSocket(voiceAddress(server, location.href)),
    opus: async () => ((await canSendOpus()) ? (line) => new OpusLane(line, clock) : undefined),
    openEars: ({ hearing, speaking, language }, choices, news, signal) =>
      hearing === "browser"
        ? openBrowserEars(language, news, clock, signal)
        : openEngineEars(choices, news, signal, speaking === "browser"),
    openVoice: ({ speaking, language }, choices, news) =>
      speaking === "browser" ? openBrowserVoice(language, choices, news, clock) : openEngineVoice(choices, news),
    async mayHear() {
      try {
        return (await navigator.permissions.query({ name: "microphone" })).state === "granted";
      } catch {
        // Some browsers do not say.
        return false;
      }
    },
    async devices() {
      const { microphones, speakers } = await listDevices();
      return { microphones, loudspeakers: speakers };
    },
    watch(around) {
      const end = new AbortController();
      const { signal } = end;
      addEventListener("offline", () => around.offline(), { signal });
      addEventListener("online", () => around.online(), { signal });
      addEventListener("pagehide", () => around.leaving(), { signal });
      addEventListener("pageshow", ({ persisted }) => persisted && around.back(), { signal });
      followDevices(() => around.devices(), signal);
      return () => end.abort();
    },
  };
}
