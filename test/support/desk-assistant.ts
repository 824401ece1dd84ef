import type { Assistant, ToolPermission } from "../../server/conversation/ports/assistant.ts";

/** The assistant of the tests, with what one of them has otherwise. */
export function assistant(change: Partial<Assistant> = {}): Assistant {
  return {
    key: "shop",
    name: "Shop",
    prompt: "You help.",
    model: { provider: "openai-compatible", model: "scripted", contextTokens: 100_000, maxOutputTokens: 1_000 },
    allowedOrigins: [],
    trace: "full",
    starters: [],
    connectors: [{ server: "orders", permissions: {} }],
    maxSteps: 10,
    turnTimeoutMs: 60_000,
    turnTokens: 1_000_000,
    approvalTimeoutMs: 900_000,
    resultBytes: 16_384,
    limits: { messageCharacters: 8_000, messagesPerMinute: 1_000, messagesPerMinutePerAddress: 1_000, concurrentTurns: 100 },
    ...change,
  };
}

const asked = { approver: "customer", rememberable: false, safeToRepeat: false } as const;
export const needsApproval = { permission: "needs_approval", ...asked } as const satisfies ToolPermission;
export const alwaysAllow = { permission: "always_allow", ...asked } as const satisfies ToolPermission;
export const disabled = { permission: "disabled", ...asked } as const satisfies ToolPermission;
