import type { IconName } from "../parts/icon.ts";
import type { ReadSelfAnswer } from "../api/types.ts";
import { shellWords } from "./shell-words.ts";

export interface NavigationEntry {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
  readonly action?: ReadSelfAnswer["actions"][number];
  /** With `g` before it. */
  readonly key: string;
}

/** What the navigation shows, in its order. */
export const NAVIGATION: readonly NavigationEntry[] = [
  { path: "/", label: shellWords.home, icon: "home", key: "h" },
  { path: "/inbox", label: shellWords.inbox, icon: "inbox", action: "conversations.read", key: "i" },
  { path: "/approvals", label: shellWords.approvals, icon: "check", action: "approvals.decide", key: "d" },
  { path: "/assistants", label: shellWords.assistants, icon: "assistant", action: "assistants.read", key: "a" },
  { path: "/tools", label: shellWords.tools, icon: "tool", action: "servers.read", key: "t" },
  { path: "/published-servers", label: shellWords.published, icon: "published", action: "published.read", key: "b" },
  { path: "/canned-replies", label: shellWords.cannedReplies, icon: "chat", action: "conversations.write", key: "r" },
  { path: "/activity", label: shellWords.activity, icon: "activity", action: "activity.read", key: "y" },
  { path: "/usage", label: shellWords.usage, icon: "chart", action: "usage.read", key: "u" },
  { path: "/people", label: shellWords.people, icon: "people", action: "people.read", key: "p" },
  { path: "/api-keys", label: shellWords.apiKeys, icon: "key", action: "keys.read", key: "k" },
  { path: "/webhooks", label: shellWords.webhooks, icon: "share", action: "webhooks.read", key: "w" },
  { path: "/audit-log", label: shellWords.auditLog, icon: "log", action: "audit.read", key: "l" },
];
