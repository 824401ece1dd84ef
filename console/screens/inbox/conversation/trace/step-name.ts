import type { IconName } from "../../../../parts/icon.ts";
import { hiddenShown } from "../../../../parts/hidden-shown.ts";
import { actorName } from "./actor-name.ts";
import type { Step, StepKind } from "./step.ts";
import { traceWords } from "./trace-words.ts";
import { isOfView } from "./view-steps.ts";
import { viewTraceWords } from "./view-trace-words.ts";
import { isSpoken } from "./voice-steps.ts";
import { voiceTraceWords } from "./voice-trace-words.ts";

const ICONS: Readonly<Record<StepKind, IconName>> = {
  turn: "chat",
  message: "person",
  "voice-call": "phone",
  "voice-end": "phone",
  speech: "speaker",
  model: "sparkles",
  call: "tool",
  view: "eye",
  settled: "check",
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

export function stepIcon({ kind, isFailed, events: [event] }: Step): IconName {
  if (event?.type === "message-received" && isSpoken(event)) return "microphone";
  return kind === "end" && isFailed ? "alert" : ICONS[kind];
}

/** What kind of step it is, in words. */
export function stepKind({ kind, events }: Step): string {
  const [event] = events;
  if (kind === "settled" && event?.type === "tool-call-settled") return traceWords.settledBy[event.outcome](actorName(event.by));
  if (event?.type === "message-received" && isSpoken(event)) return voiceTraceWords.spokenBy(traceWords.kinds.message);
  if (event?.type === "speech-heard" || event?.type === "speech-cut") return voiceTraceWords.said[event.kind];
  if (event?.type === "view-noted") return viewTraceWords.noted[event.what];
  if (event?.type === "view-context") return viewTraceWords.context;
  if (kind === "call" && isOfView(events)) return viewTraceWords.calls;
  const type = event?.type ?? "";
  if (Object.hasOwn(traceWords.persons, type)) return traceWords.persons[type as keyof typeof traceWords.persons];
  return traceWords.kinds[kind];
}

const LONGEST = 200;

/** What it is about: the tool, the model, what was said. */
export function stepAbout({ kind, name, events: [event] }: Step): string {
  const rating = event?.type === "feedback-given" ? traceWords.ratings[event.rating] : "";
  if (kind === "voice-call") return callAbout(event);
  if (rating !== "") return name === "" ? rating : `${rating}: ${shown(name)}`;
  const about = kind === "approval" && Object.hasOwn(traceWords.approvers, name) ? traceWords.approvers[name as "staff"] : name;
  return shown(about);
}

function callAbout(event: Step["events"][number] | undefined): string {
  if (event?.type !== "voice-call-started") return "";
  return [voiceTraceWords.via[event.via], ...(event.recorded === true ? [voiceTraceWords.recorded] : [])].join(" · ");
}

function shown(text: string): string {
  return hiddenShown(text.slice(0, LONGEST).replaceAll(/\s+/g, " "));
}
