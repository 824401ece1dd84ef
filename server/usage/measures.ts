/**
 * What is counted, and of what (`subject`). All are of one assistant in one quarter of an hour. A conversation and what
 * becomes of it count when it began; everything else counts when it happened.
 */
export const COUNTS = [
  /** Conversations that began. */
  "conversations",
  /** Of those, the ones in which a person was asked for or joined. */
  "met-person",
  /** Answers by how they ended: `done`, `stopped`, `failed`; of failed ones their error as well. */
  "turns",
  /** Subject of these: the model. Input contains cached tokens. */
  "steps",
  "input-tokens",
  "cached-tokens",
  "output-tokens",
  /** Steps whose tokens or price nobody knows. */
  "uncounted-steps",
  "unpriced-steps",
  /** Subject: currency and model, `USD gpt-5`. */
  "cost",
  /** Subject: outcome, server and tool, `ok orders/refund_order`. */
  "calls",
  /** Subject: who decided and how, `staff approved`. */
  "approvals",
  /** Subject: `up`, `down`. */
  "feedback",
  /** Voice calls that ended, by why, and how long they were altogether. */
  "voice-calls",
  "voice-ms",
] as const;
export type Count = (typeof COUNTS)[number];

export const TIMES = [
  /** How long a model took for a step; the model. */
  "step-ms",
  /** How long calls that were sent took; server and tool, `orders/refund_order`. */
  "call-ms",
  /** How long an approval waited until a person decided; who, `staff`. */
  "approval-ms",
] as const;
export type Time = (typeof TIMES)[number];
