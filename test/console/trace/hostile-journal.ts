/** A journal in which nobody means well. */
import { BEGUN, CUSTOMER, REFUND, type Told, turnId } from "./journal.ts";

/** A turn in which everybody says `all`, and names things as `names` are. */
export function hostileStory(all: string, names: readonly string[]): Told {
  const [title = "", serverName = "", model = "", cause = "", who = ""] = names;
  const by = { kind: "staff", id: "eve", name: who } as const;
  const call = { turnId, callId: "call-0001" };
  const server = { server: "orders", serverName };
  return [
    [0, { type: "message-received", messageId: "message-1", text: all, by: CUSTOMER }],
    [1, { type: "turn-started", turnId, messageId: "message-1" }],
    [1, { type: "step-ended", turnId, step: 1, text: all, model, durationMs: 1 }],
    [1, { type: "tool-call-proposed", ...call, step: 1, tool: { ...REFUND, ...server, title, tool: title }, arguments: { [title]: all } }],
    [
      1,
      {
        type: "approval-requested",
        ...call,
        approvalId: "approval-1",
        approver: "staff",
        arguments: { [title]: all },
        fields: [],
        argumentsHash: "hash",
        rememberable: false,
        expiresAt: BEGUN + 86_400_000,
        because: all,
      },
    ],
    [
      1,
      {
        type: "approval-decided",
        ...call,
        approvalId: "approval-1",
        decision: "approved",
        scope: "once",
        by,
        reason: all,
        spoken: { voiceCallId: "voice-call-1", transcript: all },
        arguments: { [title]: `${all} ` },
      },
    ],
    [1, { type: "tool-call-started", ...call, approvalId: "approval-1", attempt: 1 }],
    [
      1,
      {
        type: "input-requested",
        ...call,
        ...server,
        requestId: "request-1",
        mode: "url",
        message: all,
        url: "https://a.example/",
        expiresAt: BEGUN + 86_400_000,
      },
    ],
    [1, { type: "input-decided", ...call, requestId: "request-1", action: "accept", by: CUSTOMER }],
    [1, { type: "sampling-ended", ...call, requestId: "request-2", server: "orders", outcome: "failed", prompt: all, text: all, cause }],
    [1, { type: "tool-call-ended", ...call, outcome: "failed", text: all, cause: all }],
    [1, { type: "tools-unavailable", turnId, ...server, cause: all }],
    [1, { type: "turn-ended", turnId, outcome: "failed", error: "internal", cause: all }],
    [1, { type: "note-written", noteId: "note-0001", text: all, by }],
    [1, { type: "feedback-given", turnId, rating: "down", comment: all, by: CUSTOMER }],
    [1, { type: "summary-written", throughSeq: 4, text: all }],
    [
      1,
      {
        type: "message-received",
        messageId: "message-2",
        text: all,
        by: CUSTOMER,
        spoken: { voiceCallId: "voice-call-1", engine: serverName, transcriptMs: 1 },
      },
    ],
    [1, { type: "speech-heard", voiceCallId: "voice-call-1", kind: "notice", text: all }],
    [1, { type: "speech-cut", voiceCallId: "voice-call-1", kind: "answer", text: all, unheard: all, cutBy: "lost" }],
    [1, { type: "voice-call-ended", voiceCallId: "voice-call-1", reason: "engine", durationMs: 4, cause: all }],
    [1, { type: "reply-sent", messageId: "reply-0001", text: all, by }],
  ];
}
