import { signOut } from "../api/sign-in.ts";
import { chooseTheme } from "../foundation/preferences.ts";
import { router } from "../foundation/router.ts";
import { may } from "../foundation/screen.ts";
import type { IconName } from "../parts/icon.ts";
import { toastFault } from "../parts/toasts.ts";
import { NAVIGATION, type NavigationEntry } from "./pages.ts";
import { shellWords } from "./shell-words.ts";

/** What the palette leads to: a place, or something that is done at once. */
export interface Target {
  readonly label: string;
  readonly kind: string;
  readonly icon: IconName;
  readonly go: () => void;
}

export async function leave(): Promise<void> {
  try {
    await signOut();
    location.assign(router.href("/"));
  } catch (error) {
    toastFault(error);
  }
}

type Known = Pick<NavigationEntry, "label" | "icon" | "action"> & {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
};

/** Pages that are not in the navigation. */
const PAGES: readonly Known[] = [
  { label: shellWords.unknownOutcomes, icon: "help", path: "/approvals/unknown", action: "approvals.decide" },
  ...(
    [
      [shellWords.openConversations, "open"],
      [shellWords.myConversations, "mine"],
      [shellWords.waitingApprovals, "approval"],
      [shellWords.waitingPersons, "person"],
    ] as const
  ).map(([label, view]): Known => ({ label, icon: "inbox", path: "/inbox", query: { view }, action: "conversations.read" })),
  { label: shellWords.mcpServers, icon: "server", path: "/tools/mcp-servers", action: "servers.read" },
  { label: shellWords.httpTools, icon: "tool", path: "/tools/http-tools", action: "servers.read" },
  { label: shellWords.importServers, icon: "server", path: "/tools/import", action: "servers.create" },
  { label: shellWords.groups, icon: "people", path: "/people/groups", action: "groups.read" },
  { label: shellWords.firstSteps, icon: "home", path: "/first-run", action: "assistants.write" },
  { label: shellWords.myAccount, icon: "person", path: "/account" },
];

const MAKE: readonly Known[] = [
  { label: shellWords.newAssistant, icon: "plus", path: "/assistants/-new", action: "assistants.write" },
  { label: shellWords.newServer, icon: "plus", path: "/tools/mcp-servers/new", action: "servers.create" },
  { label: shellWords.newHttpTool, icon: "plus", path: "/tools/http-tools/new", action: "servers.create" },
  { label: shellWords.newPublished, icon: "plus", path: "/published-servers", query: { do: "make" }, action: "published.write" },
  { label: shellWords.invite, icon: "plus", path: "/people", query: { do: "invite" }, action: "people.write" },
  { label: shellWords.newWebhook, icon: "plus", path: "/webhooks", query: { do: "make" }, action: "webhooks.write" },
  { label: shellWords.newApiKey, icon: "plus", path: "/api-keys", query: { do: "make" }, action: "keys.write" },
];

/**
 * Those whose name has the words, with what else was found by them; without words, what the navigation has. Searching in
 * what was said comes last: Enter opens what is called so.
 */
export function targetsFor(text: string, others: readonly Target[] = []): readonly Target[] {
  const wanted = text.trim().toLowerCase();
  const own: readonly Target[] = [
    { label: shellWords.switchTheme, kind: shellWords.action, icon: "eye", go: switchTheme },
    { label: shellWords.signOut, kind: shellWords.action, icon: "leave", go: () => void leave() },
  ];
  const navigation = NAVIGATION.filter(isAllowed).map((page) => target(page, shellWords.pages));
  if (wanted === "") return navigation;
  const rest = [
    ...PAGES.filter(isAllowed).map((page) => target(page, shellWords.pages)),
    ...MAKE.filter(isAllowed).map((page) => target(page, shellWords.action)),
    ...own,
  ];
  const found = [...navigation, ...rest].filter(({ label }) => label.toLowerCase().includes(wanted));
  return [...found, ...others, ...(may("conversations.read") ? [searchIn(text.trim())] : [])];
}

/** What no page is called may have been said in a conversation. */
function searchIn(words: string): Target {
  return {
    label: shellWords.searchTexts(words),
    kind: shellWords.action,
    icon: "search",
    go: () => void router.go("/inbox", { query: { view: "all", q: words } }),
  };
}

export function target({ label, icon, path, query }: Known, kind: string): Target {
  return { label, kind, icon, go: () => void router.go(path, query === undefined ? {} : { query }) };
}

function isAllowed({ action }: Pick<NavigationEntry, "action">): boolean {
  return action === undefined || may(action);
}

function switchTheme(): void {
  chooseTheme(document.documentElement.classList.contains("wa-dark") ? "light" : "dark");
}
