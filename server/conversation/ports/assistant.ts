/**
 * What the business knows of an assistant. Its words (assistant, connector, permission, approver, trace) are in
 * docs/words.md.
 */
import type { Approver, Permission } from "../../../protocol/events.ts";
import type { Trace } from "../../../protocol/frames.ts";
import type { ArgumentCondition } from "./argument-condition.ts";
import type { ModelPrices } from "./model-prices.ts";
import type { VoiceSettings } from "./voice.ts";

/** What the owner decided about one tool of a connector. */
export interface ToolPermission {
  readonly permission: Permission;
  readonly approver: Approver;
  /** Whether "Approve for this conversation" is offered. */
  readonly rememberable: boolean;
  /** The owner says that repeating a call whose end is not known does no harm. */
  readonly safeToRepeat: boolean;
  /** Ids of the groups whose members decide for the staff, and nobody else. Absent: all who may decide approvals. */
  readonly approverGroups?: string[];
  /** How many members of the staff have to approve. Absent: one. */
  readonly people?: number;
  /** What happens when the customer's time is over. Absent: the call is refused. */
  readonly expires?: "reject" | "ask-staff";
  /** Arguments for which a call asks, or asks somebody else. */
  readonly when?: ArgumentCondition[];
  /**
   * How a customer who calls may approve: with the confirming phrase, or with the button alone. `auto`, or absent: the
   * button for what may destroy something or spends, else the phrase.
   */
  readonly spoken?: "auto" | "phrase" | "button";
}

/** An MCP server assigned to an assistant. Keys of `permissions` are the server's own tool names; `*` is the rest. */
export interface Connector {
  readonly server: string;
  /** Whose sign-in the server sees, where it wants one. Absent: `shared`. */
  readonly method?: "shared" | "personal";
  readonly permissions: Readonly<Record<string, ToolPermission>>;
  /**
   * Argument → what the site says of the customer (`FACT_NAME`). The server fills it in, in every tool of the server
   * that has an argument of this name; nobody else can. Absent: none.
   */
  readonly bind?: Readonly<Record<string, string>>;
}

/**
 * The providers of models. One that needs a key is reached at its own address; a server at a `baseUrl` may do without.
 * One that needs no key has no address of its own, so its settings name a `baseUrl`.
 */
export const PROVIDERS = {
  openai: { needsKey: true },
  anthropic: { needsKey: true },
  google: { needsKey: true },
  "openai-compatible": { needsKey: false },
} as const satisfies Readonly<Record<string, { readonly needsKey: boolean }>>;

export type ProviderName = keyof typeof PROVIDERS;

export function isProviderName(name: string): name is ProviderName {
  return Object.hasOwn(PROVIDERS, name);
}

export interface ModelSettings {
  readonly provider: ProviderName;
  readonly model: string;
  readonly baseUrl?: string;
  readonly apiKey?: string;
  /** How many tokens a prompt and its answer may have together. */
  readonly contextTokens: number;
  /** The most tokens of one step's answer. */
  readonly maxOutputTokens: number;
  /** How long it may say nothing, before its first word and between two. Absent: as long as the turn may take. */
  readonly silenceTimeoutMs?: number;
  /** Who may read what it thinks. Absent: nobody. */
  readonly showThoughts?: "never" | "staff";
  /** Absent: what it costs is not known. */
  readonly prices?: ModelPrices;
}

/** Which settings of an assistant: those of a version, or of a draft that is based on it. Absent both: it has only one. */
export interface SettingsPlace {
  readonly version?: number;
  /** A state of the draft. */
  readonly draft?: string;
}

export function settingsPlace({
  version,
  draft,
}: {
  readonly version?: number | undefined;
  readonly draft?: string | undefined;
}): SettingsPlace {
  return { ...(version === undefined ? {} : { version }), ...(draft === undefined ? {} : { draft }) };
}

/** How many days after its last event a conversation loses its results, its raw calls, and is gone. Absent: never. */
export interface RetentionSettings {
  readonly conversationDays?: number;
  readonly traceDays?: number;
  readonly resultDays?: number;
}

/** A configured agent, as the rest of the server sees it. Durations in milliseconds, sizes in bytes. */
export interface Assistant extends SettingsPlace {
  readonly key: string;
  /** The settings are those of a draft, for whoever tries it out. */
  readonly preview?: true;
  readonly name: string;
  readonly prompt: string;
  readonly model: ModelSettings;
  readonly allowedOrigins: readonly string[];
  readonly trace: Trace;
  readonly greeting?: string;
  readonly starters: readonly string[];
  readonly connectors: readonly Connector[];
  readonly maxSteps: number;
  readonly turnTimeoutMs: number;
  readonly turnTokens: number;
  readonly approvalTimeoutMs: number;
  readonly retention?: RetentionSettings;
  /** A tool result longer than this goes to the model shortened. */
  readonly resultBytes: number;
  /**
   * After a result from a server not marked as trusted, a call that is not read-only asks, even if it is always
   * allowed. Absent: no.
   */
  readonly careful?: boolean;
  /**
   * More tools than this, or tools that take more of the model's window, are offered through search. Absent: 128, and a
   * tenth.
   */
  readonly toolSearch?: { readonly tools: number; readonly windowShare: number };
  readonly limits: AssistantLimits;
  /** Whether and when customers may ask for a person. Absent: they may not. */
  readonly people?: PeopleSettings;
  /** How its site says who the customers are. Absent: it does not. */
  readonly identity?: IdentitySettings;
  /** How customers talk with it aloud. Absent: they do not. */
  readonly voice?: VoiceSettings;
  /** Whether customers may rate answers. Absent: yes. */
  readonly feedback?: boolean;
  /** What it may use. Absent: as much as it needs. */
  readonly budget?: Budget;
  /** For the script tag that staff copy. No conversation looks at it. */
  readonly look?: Look;
}

export interface IdentitySettings {
  readonly mode: "off" | "optional" | "enforced";
  readonly keys: readonly IdentityKey[];
  readonly jwksUrl?: string;
  /** What of it the model reads, by `FACT_NAME`. */
  readonly prompt: readonly string[];
}

/** A key that tokens of customers are checked with. Its algorithm is its own: no token chooses one. */
export type IdentityKey =
  | { readonly kid: string; readonly algorithm: "HS256"; readonly secret: string }
  | { readonly kid: string; readonly algorithm: "EdDSA" | "ES256" | "RS256"; readonly publicKey: string };

/** The most that all answers of an assistant together may use in a day or a month of `timeZone`. */
export interface Budget {
  readonly tokensPerDay?: number;
  readonly tokensPerMonth?: number;
  /** In the currency of the model's `prices`. */
  readonly costPerDay?: number;
  readonly costPerMonth?: number;
  /** The share of a limit at which somebody is told. */
  readonly warnAt: number;
  /** Whether new answers are refused once a limit is reached. */
  readonly stop: boolean;
  /** An IANA zone, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Asking for a person. */
export interface PeopleSettings {
  readonly enabled: boolean;
  /** When somebody is there. Absent: always. */
  readonly hours?: BusinessHours;
  /** What the customer reads when nobody is. */
  readonly outside?: string;
  /** Whether the customer may leave an address to be answered at. */
  readonly takeContact: boolean;
}

/** From when until when on each day of the week, such as "09:00" to "17:30"; a day that is not named is free. */
export interface BusinessHours {
  /** A name of the IANA time zone database. */
  readonly timeZone: string;
  readonly week: { readonly [day in Weekday]?: readonly { readonly from: string; readonly to: string }[] | undefined };
}

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

interface Look {
  readonly accent?: string;
  readonly position?: "end" | "start";
  readonly theme?: "system" | "light" | "dark";
  readonly lang?: string;
  readonly label?: string;
}

export interface AssistantLimits {
  readonly messageCharacters: number;
  /** Messages a minute from one customer, and from one network address. */
  readonly messagesPerMinute: number;
  readonly messagesPerMinutePerAddress: number;
  /** Turns of this assistant that run at once; later ones wait. */
  readonly concurrentTurns: number;
}

/** Undefined: its customers cannot ask for a person. */
export function peopleOf({ people }: Pick<Assistant, "people">): PeopleSettings | undefined {
  return people?.enabled === true ? people : undefined;
}

/** The permission of a tool that nothing names. */
const UNNAMED: ToolPermission = { permission: "needs_approval", approver: "customer", rememberable: false, safeToRepeat: false };

/** The server whose tools the customer's page brings. */
export const PAGE_SERVER = "page";

/**
 * What the owner allows for a tool, read at the moment of the call. A server that is not a connector of the assistant
 * is disabled, but for the page: it brings its tools without anybody's word, so each asks first until the owner allows
 * more for its very name.
 */
export function permissionOf(assistant: Pick<Assistant, "connectors">, server: string, tool: string): ToolPermission {
  const permissions = assistant.connectors.find((candidate) => candidate.server === server)?.permissions;
  if (permissions === undefined) return { ...UNNAMED, permission: server === PAGE_SERVER ? "needs_approval" : "disabled" };
  if (Object.hasOwn(permissions, tool)) return permissions[tool] ?? UNNAMED;
  const rest = permissions["*"] ?? UNNAMED;
  return server === PAGE_SERVER && rest.permission === "always_allow" ? { ...rest, permission: "needs_approval" } : rest;
}
