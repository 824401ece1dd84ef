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
  { path: "/assistants", label: shellWords.assistants, icon: "assistant", action: "assistants.read", key: "a" },
  { path: "/tools", label: shellWords.tools, icon: "tool", action: "servers.read", key: "t" },
  { path: "/canned-replies", label: shellWords.cannedReplies, icon: "chat", action: "conversations.write", key: "r" },
  { path: "/people", label: shellWords.people, icon: "people", action: "people.read", key: "p" },
  { path: "/api-keys", label: shellWords.apiKeys, icon: "key", action: "keys.read", key: "k" },
  { path: "/audit-log", label: shellWords.auditLog, icon: "log", action: "audit.read", key: "l" },
];
