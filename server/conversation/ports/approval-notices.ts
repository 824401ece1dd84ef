/** What is told about approvals to members of the staff who may not be looking. */
export interface ApprovalReminder {
  readonly approvalId: string;
  readonly conversationId: string;
  readonly callId: string;
  /** Ids of the groups whose members may decide. Absent: everybody who may decide approvals. */
  readonly groups?: readonly string[];
  readonly requestedAt: number;
  readonly expiresAt: number;
}

/** Whoever tells the staff, by whichever way. What it is told once is told once: it keeps what it could not deliver. */
export interface ApprovalNotices {
  /** It still waits, after half of its time and again after four fifths. Throws nothing that matters here. */
  stillWaits(reminder: ApprovalReminder): Promise<void>;
}

/** The reminders that are due, each taken once, however many processes ask. */
export interface DueReminders {
  takeReminders(now: number, limit: number): Promise<readonly ApprovalReminder[]>;
}
