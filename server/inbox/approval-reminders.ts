/** Shares of its time after which the staff is told that an approval still waits. */
const SHARES = [0.5, 0.8] as const;

/** An approval that still waits for the staff after a share of its time. */
export interface ApprovalReminder {
  readonly approvalId: string;
  readonly conversationId: string;
  readonly callId: string;
  /** Ids of the groups whose members may decide. Absent: everybody who may decide approvals. */
  readonly groups?: readonly string[];
  readonly requestedAt: number;
  readonly expiresAt: number;
}

/** Made by `store/`. */
export interface ApprovalReminders {
  /**
   * The reminders that are due at `now`, each taken by one caller only, whoever else asks in the same moment: one that
   * nobody could tell in time is not told twice later.
   */
  takeReminders(now: number, limit: number): Promise<readonly ApprovalReminder[]>;
}

/** When the next reminder after `after` is due; null: there is none. */
export function reminderAt({ requestedAt, expiresAt }: Pick<ApprovalReminder, "requestedAt" | "expiresAt">, after: number): number | null {
  return SHARES.map((share) => requestedAt + (expiresAt - requestedAt) * share).find((at) => at > after) ?? null;
}
