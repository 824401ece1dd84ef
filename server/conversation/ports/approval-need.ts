/** Who has to approve a call, by what its owner allows and by what its arguments are. Pure. */
import type { Approver } from "../../../protocol/events.ts";
import type { ArgumentCondition } from "./argument-condition.ts";
import type { ToolPermission } from "./assistant.ts";

export interface ApprovalNeed {
  /** False: by its permission alone the call may start. The rest says who decides where it is asked for all the same. */
  readonly asks: boolean;
  readonly approver: Approver;
  readonly people: number;
  readonly groups?: readonly string[];
  /** The conditions that hold, as people read them. */
  readonly because?: string;
}

/** Of two that hold, the stricter one counts, whichever was written first. */
const STRICTNESS: Readonly<Record<Approver, number>> = { either: 0, customer: 1, staff: 2 };

export function approvalNeed(permission: ToolPermission, input: Readonly<Record<string, unknown>>): ApprovalNeed {
  const met = (permission.when ?? []).filter((condition) => isMet(condition, input));
  const alone = permission.permission === "needs_approval" || met.length === 0;
  const [first, ...others] = [...(alone ? [permission.approver] : []), ...met.map((condition) => condition.approver)];
  const approver = others.reduce((one, other) => (STRICTNESS[other] > STRICTNESS[one] ? other : one), first ?? "staff");
  const { approverGroups: groups } = permission;
  return {
    asks: permission.permission === "needs_approval" || met.length > 0,
    approver,
    people: approver === "staff" ? Math.max(1, permission.people ?? 1, ...met.map(({ people }) => people)) : 1,
    ...(groups === undefined || groups.length === 0 || approver === "customer" ? {} : { groups }),
    ...(met.length === 0 ? {} : { because: met.map(conditionText).join(", ") }),
  };
}

/**
 * Who has to approve at this moment, by the permission of now. One who was asked because the customer's time was over is
 * of the staff, whatever it says. Where it asks nobody by itself any more, or the tool is off, whoever was asked: the
 * call waits all the same, or will not run.
 */
export function presentNeed(permission: ToolPermission | undefined, input: Readonly<Record<string, unknown>>, asked: Asked): ApprovalNeed {
  if (permission === undefined || permission.permission === "disabled") return needAsAsked(asked);
  if (asked.escalated === true) return staffNeed(permission, input);
  const need = approvalNeed(permission, input);
  return need.asks ? need : needAsAsked(asked);
}

/** An approval as it was asked for. */
type Asked = {
  readonly approver: Approver;
  readonly people?: number | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly escalated?: true | undefined;
};

function needAsAsked({ approver, people = 1, groups }: Asked): ApprovalNeed {
  return { asks: true, approver, people, ...(groups === undefined ? {} : { groups }) };
}

/** As if the staff alone decided. */
export function staffNeed(permission: ToolPermission, input: Readonly<Record<string, unknown>>): ApprovalNeed {
  return approvalNeed({ ...permission, permission: "needs_approval", approver: "staff" }, input);
}

export function conditionText({ argument, is, value }: Pick<ArgumentCondition, "argument" | "is" | "value">): string {
  return `${argument} ${is} ${typeof value === "string" ? JSON.stringify(value) : value}`;
}

/** What cannot be compared counts as over the limit: an argument that is missing, or of another type than the value. */
function isMet({ argument, is, value }: ArgumentCondition, input: Readonly<Record<string, unknown>>): boolean {
  const given = argument.startsWith("/") ? atPointer(input, argument) : own(input, argument);
  if (typeof given !== typeof value) return true;
  if (is === "=") return given === value;
  if (is === "!=") return given !== value;
  if (typeof given !== "number" || typeof value !== "number") return true;
  return { ">": given > value, ">=": given >= value, "<": given < value, "<=": given <= value }[is];
}

function atPointer(input: unknown, pointer: string): unknown {
  let found = input;
  for (const part of pointer.slice(1).split("/")) found = own(found, part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return found;
}

function own(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
