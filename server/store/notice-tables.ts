import type { Generated } from "kysely";

/** What ought to be told, and was not given out: the place of an event, or a body of its own. */
export interface RaisedTable {
  id: Generated<number>;
  at: number;
  conversation_id: string | null;
  seq: number | null;
  body: string | null;
}

/** What is on its way to somebody, or has been. */
export interface DeliveriesTable {
  number: Generated<number>;
  id: string;
  channel: string;
  target: string;
  event: string;
  conversation_id: string | null;
  body: string;
  status: string;
  attempts: number;
  created_at: number;
  /** Null is never again. */
  due_at: number | null;
  ended_at: number | null;
  answer: string | null;
}
