import type { IconName } from "../../../../parts/icon.ts";
import { hiddenShown } from "../../../../parts/hidden-shown.ts";
import type { Step, StepKind } from "./step.ts";
import { traceWords } from "./trace-words.ts";

const ICONS: Readonly<Record<StepKind, IconName>> = {
  turn: "chat",
  message: "person",
  model: "sparkles",
  call: "tool",
  approval: "shield",
  "sign-in": "key",
  question: "help",
  sampling: "sparkles",
  summary: "book",
  unavailable: "server",
  person: "people",
  note: "edit",
  feedback: "activity",
  stop: "close",
  end: "check",
  other: "file",
};

export function stepIcon({ kind, isFailed }: Step): IconName {
  return kind === "end" && isFailed ? "alert" : ICONS[kind];
}

/** What kind of step it is, in words. */
export function stepKind({ kind, events }: Step): string {
  const type = events[0]?.type ?? "";
  if (Object.hasOwn(traceWords.persons, type)) return traceWords.persons[type as keyof typeof traceWords.persons];
  return traceWords.kinds[kind];
}

const LONGEST = 200;

/** What it is about: the tool, the model, what was said. */
export function stepAbout({ kind, name }: Step): string {
  const about = kind === "approval" && Object.hasOwn(traceWords.approvers, name) ? traceWords.approvers[name as "staff"] : name;
  return hiddenShown(about.slice(0, LONGEST).replaceAll(/\s+/g, " "));
}
