import type { ChangeConnectorBody, Connector } from "../../../api/types.ts";
import { toolsWords } from "./tools-words.ts";

export type Tool = Connector["tools"][number];
export type Patch = NonNullable<ChangeConnectorBody["permissions"]>;
/** What a select offers: the permission, and who decides where somebody has to. */
export type Choice = "always_allow" | "customer" | "staff" | "either" | "disabled";

export const CHOICES: readonly (readonly [Choice, string])[] = [
  ["always_allow", toolsWords.always],
  ["customer", toolsWords.customer],
  ["staff", toolsWords.staff],
  ["either", toolsWords.either],
  ["disabled", toolsWords.disabled],
];

export type Permission = Pick<
  Tool,
  "permission" | "approver" | "rememberable" | "safeToRepeat" | "approverGroups" | "people" | "expires" | "when" | "spoken"
>;

export const UNNAMED: Permission = { permission: "needs_approval", approver: "customer", rememberable: false, safeToRepeat: false };

/** What people read; characters that cannot be seen are shown as what they are. */
export function titleOf({ name, title = name }: Pick<Tool, "name" | "title">): string {
  return title.replaceAll(
    /[\p{Cf}\p{Cc}\p{Co}]/gu,
    (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}

export function choiceOf({ permission, approver }: Pick<Permission, "permission" | "approver">): Choice {
  return permission === "needs_approval" ? approver : permission;
}

/** What holds for a tool, of all that is known of it. */
export function onlyPermission({
  permission,
  approver,
  rememberable,
  safeToRepeat,
  approverGroups,
  people,
  expires,
  when,
  spoken,
}: Permission): Permission {
  return {
    permission,
    approver,
    rememberable,
    safeToRepeat,
    ...(approverGroups === undefined ? {} : { approverGroups }),
    ...(people === undefined ? {} : { people }),
    ...(expires === undefined ? {} : { expires }),
    ...(when === undefined ? {} : { when }),
    ...(spoken === undefined ? {} : { spoken }),
  };
}

/** The rest of what holds for the tool stays. */
export function permissionOf(choice: Choice, given: Permission): Permission {
  const now = onlyPermission(given);
  if (choice === "always_allow" || choice === "disabled") return { ...now, permission: choice };
  return { ...now, permission: "needs_approval", approver: choice };
}

/** A change is merged into what there is, so what was not there has to be said. */
const NOTHING_MORE = { approverGroups: [], people: 1, expires: "reject", when: [], spoken: "auto" } as const satisfies Partial<
  Record<keyof Permission, unknown>
>;

/** What takes the change back: a tool that was not named is not named again. */
export function undoOf(patch: Patch, before: Connector["permissions"]): Patch {
  return Object.fromEntries(
    Object.entries(patch).map(([tool, change]) => {
      if (!Object.hasOwn(before, tool)) return [tool, null];
      const more = Object.entries(NOTHING_MORE).filter(([name]) => typeof change === "object" && change !== null && name in change);
      return [tool, { ...Object.fromEntries(more), ...before[tool] }];
    }),
  ) as Patch;
}

export function meaningOf(choice: Choice, tool: string): string {
  return {
    always_allow: toolsWords.meansAlways(tool),
    customer: toolsWords.meansCustomer(tool),
    staff: toolsWords.meansStaff(tool),
    either: toolsWords.meansEither(tool),
    disabled: toolsWords.meansDisabled(tool),
  }[choice];
}

export const FILTERS = ["all", "attention", "reads", "writes", "always", "asks", "off"] as const;

export function fits(tool: Tool, filter: string, words: string): boolean {
  const text = `${tool.title ?? ""} ${tool.name}`.toLowerCase();
  if (
    !words
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word))
  )
    return false;
  const passes: Readonly<Record<string, boolean>> = {
    attention: tool.state !== "accepted",
    reads: tool.readOnly,
    writes: !tool.readOnly,
    always: tool.permission === "always_allow",
    asks: tool.permission === "needs_approval",
    off: tool.permission === "disabled",
  };
  return passes[filter] ?? true;
}
