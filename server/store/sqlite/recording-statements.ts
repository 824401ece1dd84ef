import type { DatabaseSync } from "node:sqlite";
import { type Kysely, sql } from "kysely";
import type { RecordingPlace } from "../../conversation/ports/recordings.ts";
import type { Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

export function recordingStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertRecording: prepare(database, (parameter: Parameter<RecordingPlace & { at: number }>) =>
      kysely
        .insertInto("recordings")
        .values({
          conversation_id: parameter("conversationId"),
          voice_call_id: parameter("voiceCallId"),
          started_at: parameter("at"),
          samples: 0,
          ended_at: null,
        })
        .onConflict((conflict) => conflict.columns(["conversation_id", "voice_call_id"]).doUpdateSet({ ended_at: null })),
    ),
    /** Longer, never shorter. */
    moveRecording: prepare(database, (parameter: Parameter<RecordingPlace & { samples: number; endedAt: number | null }>) =>
      kysely
        .updateTable("recordings")
        .set({
          samples: sql`case when samples < ${parameter("samples")} then ${parameter("samples")} else samples end`,
          ended_at: parameter("endedAt"),
        })
        .where("conversation_id", "=", parameter("conversationId"))
        .where("voice_call_id", "=", parameter("voiceCallId")),
    ),
    insertPiece: prepare(database, (parameter: Parameter<RecordingPlace & { from: number; side: string; audio: Uint8Array }>) =>
      kysely
        .insertInto("recording_pieces")
        .values({
          conversation_id: parameter("conversationId"),
          voice_call_id: parameter("voiceCallId"),
          from_sample: parameter("from"),
          side: parameter("side"),
          audio: parameter("audio"),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    findRecording: prepare(database, (parameter: Parameter<RecordingPlace>) =>
      kysely
        .selectFrom("recordings")
        .selectAll()
        .where("conversation_id", "=", parameter("conversationId"))
        .where("voice_call_id", "=", parameter("voiceCallId")),
    ),
    listRecordings: prepare(database, (parameter: Parameter<{ conversationId: string }>) =>
      kysely.selectFrom("recordings").selectAll().where("conversation_id", "=", parameter("conversationId")),
    ),
    readPieces: prepare(database, (parameter: Parameter<RecordingPlace & { from: number; to: number }>) =>
      kysely
        .selectFrom("recording_pieces")
        .select(["from_sample", "side", "audio"])
        .where("conversation_id", "=", parameter("conversationId"))
        .where("voice_call_id", "=", parameter("voiceCallId"))
        .where("from_sample", ">", parameter("from"))
        .where("from_sample", "<", parameter("to"))
        .orderBy("from_sample"),
    ),
  };
}
