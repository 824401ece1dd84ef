/**
 * Where a tool call stands for whoever watches it. The widget works it out from the events, and its words are keyed by
 * it. The server tells more of them apart: `server/conversation/turn/call-state.ts`.
 */
export type ShownStatus = "proposed" | "waiting" | "approved" | "running" | "ended";
