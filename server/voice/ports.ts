import type { JournalEvent } from "../../protocol/events.ts";
import type { VoiceModel } from "../../voice/activity/silero.ts";
import type { CustomerDesk } from "../conversation/customer-desk.ts";
import type { VoiceDesk } from "../conversation/voice-desk.ts";
import type { Assistants } from "../conversation/ports/assistants.ts";
import type { Recordings } from "../conversation/ports/recordings.ts";
import type { VoiceSettings } from "../conversation/ports/voice.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import type { Hearing } from "../speech/ports/hearing.ts";
import type { Speaking } from "../speech/ports/speaking.ts";
import type { Caller } from "./caller.ts";
import type { OpenedCalls } from "./opened-calls.ts";
import type { OpenApprovals } from "./spoken-approvals.ts";

/** What voice calls need of others. */
export interface VoiceCallsPorts {
  readonly desk: Pick<CustomerDesk, "canListen" | "send" | "decide">;
  readonly journal: VoiceDesk;
  readonly assistants: Assistants;
  /** The engines for a call in this conversation. Loaded with the first call. */
  readonly speech: (voice: VoiceSettings, conversationId: string) => Promise<{ readonly hearing: Hearing; readonly speaking: Speaking }>;
  /** Counts a spoken message as every message is. Throws `RequestError` `rate-limited`. */
  readonly countMessage: (caller: Caller) => Promise<void>;
  readonly approvals: OpenApprovals;
  /** The newest events of a conversation, in their order. */
  readonly lastEvents: (conversationId: string) => Promise<readonly JournalEvent[]>;
  /** Hears whether somebody speaks, for a device that does not: a new one for each. Loaded with the first. */
  readonly activity: () => Promise<VoiceModel>;
  readonly opened: OpenedCalls;
  readonly recordings: Pick<Recordings, "begin" | "append" | "end">;
  readonly clock: Clock;
  readonly log: Log;
  readonly isStopping: () => boolean;
}
