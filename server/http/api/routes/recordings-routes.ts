import * as z from "zod";
import { RequestError } from "../../../../protocol/errors.ts";
import type { Recordings } from "../../../conversation/ports/recordings.ts";
import type { Store } from "../../../conversation/ports/store.ts";
import type { Listeners } from "../../../customer-data/listeners.ts";
import { actorOf } from "../../../identity/staff/actor-of.ts";
import { wavFile } from "../../../voice/recording/wav-file.ts";
import { type Route, route } from "../route.ts";

export interface RecordingsRoutesPorts {
  readonly recordings: Pick<Recordings, "find" | "listOf" | "read">;
  readonly journal: Pick<Store, "find">;
  readonly listeners: Pick<Listeners, "note">;
}

const recordingSchema = z
  .object({
    voiceCallId: z.string(),
    startedAt: z.number(),
    durationMs: z.number().describe("As far as it is written."),
    endedAt: z.number().optional().describe("Absent: the call is under way, or the server went down in it."),
    bytes: z.int().describe("Of the file."),
  })
  .meta({ id: "Recording" });

/** Listening to voice calls that were recorded. */
export function recordingsRoutes({ recordings, journal, listeners }: RecordingsRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/conversations/{id}/recordings",
      operationId: "listRecordings",
      tag: "Conversations",
      summary: "The recordings of its voice calls, the oldest first",
      action: "conversations.read",
      refuses: ["unknown-conversation"],
      params: z.object({ id: z.string().max(200) }),
      response: z.object({ items: z.array(recordingSchema) }),
      handle: async ({ params: { id } }) => {
        if ((await journal.find(id)) === undefined) throw new RequestError("unknown-conversation");
        const found = await recordings.listOf(id);
        return { body: { items: found.map((recording) => ({ ...recording, bytes: wavFile(recordings, recording).bytes })) } };
      },
    }),
    route({
      method: "GET",
      path: "/conversations/{id}/recordings/{voiceCallId}.wav",
      operationId: "readRecording",
      tag: "Conversations",
      summary: "A recording: 16 kHz, µ-law, the customer on the left and the assistant on the right",
      action: "conversations.read",
      params: z.object({ id: z.string().max(200), voiceCallId: z.string().max(200) }),
      response: z.unknown(),
      streams: ["audio/wav"],
      parts: true,
      handle: async ({ staff, params: { id, voiceCallId } }) => {
        const found = await recordings.find({ conversationId: id, voiceCallId });
        if (found === undefined) throw new RequestError("not-found", { detail: `No recording of the call ${voiceCallId} is kept.` });
        await listeners.note(actorOf(staff), found);
        return { file: wavFile(recordings, found), contentType: "audio/wav" };
      },
    }),
  ];
}
