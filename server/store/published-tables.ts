import type { Generated } from "kysely";

/** The execution log of published servers. */
export interface PublishedCallsTable {
  id: Generated<number>;
  server: string;
  key_id: string;
  key_name: string;
  client_name: string | null;
  client_version: string | null;
  tool: string;
  arguments: string;
  result: string;
  outcome: string;
  cause: string | null;
  conversation_id: string | null;
  at: number;
  duration_ms: number;
  /** What a search looks in, in small letters. */
  words: string;
  /** Who tested by hand. `key_id` and `key_name` are empty then. */
  tester_id: string | null;
  tester_name: string | null;
}

/** When a client first came so far with a published server. */
export interface PublishedStepsTable {
  server: string;
  step: string;
  at: number;
}
