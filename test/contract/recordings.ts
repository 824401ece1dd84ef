import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LONGEST_PIECE, type RecordedPiece, type Recordings } from "../../server/conversation/ports/recordings.ts";
import type { Store } from "../../server/conversation/ports/store.ts";
import type { CustomerDataStore } from "../../server/customer-data/ports.ts";
import { begin, CONVERSATION } from "./store-drafts.ts";

export interface OpenedRecordings {
  readonly store: Store;
  readonly recordings: Recordings;
  readonly customerData: Pick<CustomerDataStore, "beginErasing" | "eraseSome">;
  /** Closes all and opens what they kept. */
  reopen(): Promise<OpenedRecordings>;
  cleanup(): Promise<void>;
}

const PLACE = { conversationId: CONVERSATION, voiceCallId: "voice-call-1" } as const;

function piece(side: RecordedPiece["side"], from: number, samples: number, value = 1): RecordedPiece {
  return { side, from, audio: new Uint8Array(samples).fill(value) };
}

/** The law of the `Recordings` port. Every maker runs it in its own test file. */
export function recordingsContract(name: string, open: () => Promise<OpenedRecordings>): void {
  describe(`${name}, as Recordings`, () => {
    let opened: OpenedRecordings;
    beforeEach(async () => {
      opened = await open();
      await begin(opened.store);
    });
    afterEach(() => opened.cleanup());

    const places = async (from: number, to: number) =>
      (await opened.recordings.read(PLACE, from, to)).map((one) => [one.side, one.from, one.audio.length]);

    test("keeps what both sides said, byte by byte, and how long it is", async () => {
      const audio = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      expect(await opened.recordings.begin(PLACE, 50)).toBe(true);
      expect(await opened.recordings.append(PLACE, [{ side: "customer", from: 100, audio }, piece("assistant", 200, 300)])).toBe(true);
      expect(await opened.recordings.find(PLACE)).toEqual({ ...PLACE, startedAt: 50, durationMs: 31 });
      await opened.recordings.end(PLACE, 2_050, 2_000);
      opened = await opened.reopen();
      expect(await opened.recordings.find(PLACE)).toEqual({ ...PLACE, startedAt: 50, durationMs: 2_000, endedAt: 2_050 });
      const [first, second] = await opened.recordings.read(PLACE, 0, 1_000);
      expect(first).toMatchObject({ side: "customer", from: 100 });
      expect([...first!.audio]).toEqual([...audio]);
      expect(second).toMatchObject({ side: "assistant", from: 200 });
    });

    test("reads the pieces that a span touches, in order of their places", async () => {
      await opened.recordings.begin(PLACE, 1);
      await opened.recordings.append(PLACE, [piece("customer", 0, LONGEST_PIECE), piece("customer", LONGEST_PIECE, 10)]);
      await opened.recordings.append(PLACE, [piece("assistant", 5, 10)]);
      const [first, other, last] = [
        ["customer", 0, LONGEST_PIECE],
        ["assistant", 5, 10],
        ["customer", LONGEST_PIECE, 10],
      ];
      expect(await places(0, 2 * LONGEST_PIECE)).toEqual([first, other, last]);
      expect(await places(0, 5)).toEqual([first]);
      expect(await places(14, 15)).toEqual([first, other]);
      expect(await places(15, LONGEST_PIECE)).toEqual([first]);
      expect(await places(LONGEST_PIECE - 1, LONGEST_PIECE)).toEqual([first]);
      expect(await places(LONGEST_PIECE, LONGEST_PIECE + 1)).toEqual([last]);
      expect(await places(LONGEST_PIECE + 10, 3 * LONGEST_PIECE)).toEqual([]);
    });

    test("is never shorter than what is in it, and goes on where it was begun before", async () => {
      await opened.recordings.begin(PLACE, 50);
      await opened.recordings.append(PLACE, [piece("customer", 0, 16_000)]);
      await opened.recordings.end(PLACE, 60, 10);
      expect(await opened.recordings.find(PLACE)).toMatchObject({ durationMs: 1_000, endedAt: 60 });
      expect(await opened.recordings.begin(PLACE, 70)).toBe(true);
      const found = await opened.recordings.find(PLACE);
      expect(found).toMatchObject({ startedAt: 50, durationMs: 1_000 });
      expect(found).not.toHaveProperty("endedAt");
    });

    test("lists those of a conversation, the oldest first; the same id in another one is another call", async () => {
      await begin(opened.store, "conversation-2");
      await opened.recordings.begin({ ...PLACE, voiceCallId: "late" }, 20);
      await opened.recordings.begin(PLACE, 10);
      const other = { ...PLACE, conversationId: "conversation-2" };
      await opened.recordings.begin(other, 5);
      await opened.recordings.append(other, [piece("customer", 0, 1)]);
      expect((await opened.recordings.listOf(CONVERSATION)).map(({ voiceCallId }) => voiceCallId)).toEqual(["voice-call-1", "late"]);
      expect((await opened.recordings.listOf("conversation-2")).map(({ startedAt }) => startedAt)).toEqual([5]);
      expect(await opened.recordings.read(PLACE, 0, 10)).toEqual([]);
      expect(await opened.recordings.listOf("conversation-3")).toEqual([]);
    });

    test("keeps nothing that has no place: no conversation, no beginning, a piece that is none", async () => {
      expect(await opened.recordings.begin({ ...PLACE, conversationId: "nowhere" }, 1)).toBe(false);
      expect(await opened.recordings.append(PLACE, [piece("customer", 0, 1)])).toBe(false);
      expect(await opened.recordings.find(PLACE)).toBeUndefined();
      await opened.recordings.begin(PLACE, 1);
      for (const [from, samples] of [
        [-1, 1],
        [0, 0],
        [0, LONGEST_PIECE + 1],
      ] as const)
        await expect(opened.recordings.append(PLACE, [piece("customer", from, samples)])).rejects.toThrow("cannot be kept");
      expect(await places(0, 10)).toEqual([]);
    });

    test("is nobody's while its conversation is being erased, and then gone", async () => {
      await opened.recordings.begin(PLACE, 1);
      for (let index = 0; index < 9; index += 1) await opened.recordings.append(PLACE, [piece("customer", index, 1)]);
      await opened.customerData.beginErasing([CONVERSATION], 2);
      expect(await opened.recordings.append(PLACE, [piece("customer", 20, 1)])).toBe(false);
      await opened.recordings.end(PLACE, 3, 1);
      expect(await opened.recordings.begin({ ...PLACE, voiceCallId: "late" }, 1)).toBe(false);
      expect([await opened.recordings.find(PLACE), ...(await opened.recordings.listOf(CONVERSATION))]).toEqual([undefined]);
      expect(await places(0, 100)).toEqual([]);
      while (!(await opened.customerData.eraseSome(CONVERSATION, 200)));
      await begin(opened.store);
      await opened.recordings.begin(PLACE, 9);
      expect(await opened.recordings.find(PLACE)).toMatchObject({ startedAt: 9, durationMs: 0 });
      expect(await places(0, 100)).toEqual([]);
    });
  });
}
