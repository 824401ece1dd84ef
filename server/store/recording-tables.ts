/** A recording of a voice call. Places and lengths are samples of `RECORDING_RATE`. */
export interface RecordingsTable {
  conversation_id: string;
  voice_call_id: string;
  started_at: number;
  /** As far as it is written. */
  samples: number;
  ended_at: number | null;
}

export interface RecordingPiecesTable {
  conversation_id: string;
  voice_call_id: string;
  from_sample: number;
  side: string;
  audio: Uint8Array;
}
