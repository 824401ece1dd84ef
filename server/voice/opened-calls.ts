import * as z from "zod";
import { RequestError } from "../../protocol/errors.ts";
import { DocumentConflictError, type DocumentStore } from "../documents/ports.ts";
import type { Clock } from "../foundation/clock.ts";

export interface OpenedCallsPorts {
  readonly documents: Pick<DocumentStore, "write" | "list">;
  readonly clock: Pick<Clock, "now">;
}

/** So long nobody begins another call under the id of an earlier one. */
const KEPT_MS = 24 * 60 * 60_000;
const AT_ONCE = 100;

/** Of a call that is over, nobody's name is kept. */
const bodySchema = z.object({
  open: z.object({ conversationId: z.string(), customerId: z.string(), assistant: z.string(), startedAt: z.number() }).optional(),
});

/** Whose call it is. */
export interface CallOwner {
  readonly conversationId: string;
  readonly customerId: string;
  readonly assistant: string;
}

/** A call that an earlier process did not bring to its end. */
export interface LeftCall extends CallOwner {
  readonly voiceCallId: string;
  readonly startedAt: number;
}

/** Which voice calls were begun: an id is one call's alone, and a call that a dead process left is ended by the next. */
export class OpenedCalls {
  readonly #ports: OpenedCallsPorts;

  constructor(ports: OpenedCallsPorts) {
    this.#ports = ports;
  }

  /** Throws `RequestError` `call-over`: there was a call of this id. */
  async begun(voiceCallId: string, owner: CallOwner): Promise<void> {
    const at = this.#ports.clock.now();
    const body = { open: { ...owner, startedAt: at } };
    try {
      await this.#ports.documents.write([{ do: "create", kind: "voice-call", id: voiceCallId, body, expiresAt: at + KEPT_MS }], { at });
    } catch (error) {
      if (error instanceof DocumentConflictError) throw new RequestError("call-over");
      throw error;
    }
  }

  async over(voiceCallId: string): Promise<void> {
    const at = this.#ports.clock.now();
    await this.#ports.documents.write(
      [{ do: "replace", kind: "voice-call", id: voiceCallId, body: {}, orCreate: true, expiresAt: at + KEPT_MS }],
      { at },
    );
  }

  /** Those that are not over, though nobody is in a call yet. */
  async left(): Promise<readonly LeftCall[]> {
    const now = this.#ports.clock.now();
    const left: LeftCall[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await this.#ports.documents.list("voice-call", { limit: AT_ONCE, now, ...(after === undefined ? {} : { after }) });
      for (const { id, body } of page) {
        const parsed = bodySchema.safeParse(body);
        if (parsed.data?.open !== undefined) left.push({ voiceCallId: id, ...parsed.data.open });
      }
      after = page.at(-1)?.id;
      if (page.length < AT_ONCE) return left;
    }
  }
}
