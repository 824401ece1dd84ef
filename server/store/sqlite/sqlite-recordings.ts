import type { Selectable } from "kysely";
import {
  LONGEST_PIECE,
  type RecordedPiece,
  type Recording,
  RECORDING_RATE,
  type RecordingPlace,
  type Recordings,
} from "../../conversation/ports/recordings.ts";
import type { RecordingsTable } from "../recording-tables.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Statements } from "./statements.ts";

/** Recordings of voice calls, in the journal's own database: erased, ended and backed up with it. */
export class SqliteRecordings implements Recordings {
  readonly #statements: Statements;
  readonly #commit: GroupCommit;

  constructor({ statements, commit }: { statements: Statements; commit: GroupCommit }) {
    this.#statements = statements;
    this.#commit = commit;
  }

  begin(place: RecordingPlace, at: number): Promise<boolean> {
    return this.#commit.write(() => {
      if (this.#statements.findConversation.get({ id: place.conversationId })?.erasing_at !== null) return false;
      return this.#statements.insertRecording.run({ ...place, at }) > 0;
    });
  }

  append(place: RecordingPlace, pieces: readonly RecordedPiece[]): Promise<boolean> {
    const bad = pieces.find(({ from, audio }) => from < 0 || audio.length === 0 || audio.length > LONGEST_PIECE);
    if (bad !== undefined) return Promise.reject(new Error(`A piece of ${bad.audio.length} samples at ${bad.from} cannot be kept.`));
    return this.#commit.write(() => {
      if (!this.#isKept(place)) return false;
      for (const piece of pieces) this.#statements.insertPiece.run({ ...place, ...piece });
      const samples = Math.max(0, ...pieces.map(({ from, audio }) => from + audio.length));
      this.#statements.moveRecording.run({ ...place, samples, endedAt: null });
      return true;
    });
  }

  async end(place: RecordingPlace, at: number, durationMs: number): Promise<void> {
    await this.#commit.write(() => {
      const samples = Math.round((durationMs * RECORDING_RATE) / 1000);
      if (this.#isKept(place)) this.#statements.moveRecording.run({ ...place, samples, endedAt: at });
    });
  }

  async find(place: RecordingPlace): Promise<Recording | undefined> {
    const row = this.#isThere(place) ? this.#statements.findRecording.get(place) : undefined;
    return row === undefined ? undefined : recordingOf(row);
  }

  async listOf(conversationId: string): Promise<readonly Recording[]> {
    if (!this.#isThere({ conversationId })) return [];
    return this.#statements.listRecordings
      .all({ conversationId })
      .map(recordingOf)
      .sort((one, other) => one.startedAt - other.startedAt);
  }

  async read(place: RecordingPlace, from: number, to: number): Promise<readonly RecordedPiece[]> {
    if (!this.#isThere(place)) return [];
    return this.#statements.readPieces
      .all({ ...place, from: from - LONGEST_PIECE, to })
      .map(({ from_sample: start, side, audio }) => ({
        side: side === "customer" ? ("customer" as const) : ("assistant" as const),
        from: start,
        audio,
      }))
      .filter((piece) => piece.from + piece.audio.length > from);
  }

  #isKept(place: RecordingPlace): boolean {
    return this.#isThere(place) && this.#statements.findRecording.get(place) !== undefined;
  }

  #isThere({ conversationId }: Pick<RecordingPlace, "conversationId">): boolean {
    return this.#statements.findConversation.get({ id: conversationId })?.erasing_at === null;
  }
}

function recordingOf(row: Selectable<RecordingsTable>): Recording {
  return {
    conversationId: row.conversation_id,
    voiceCallId: row.voice_call_id,
    startedAt: row.started_at,
    durationMs: Math.floor((row.samples * 1000) / RECORDING_RATE),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  };
}
