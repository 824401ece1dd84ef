import type { Actor } from "../../../../../protocol/events.ts";
import { hiddenShown } from "../../../../parts/hidden-shown.ts";
import { traceWords } from "./trace-words.ts";

export function actorName({ kind, name, id }: Actor): string {
  if (name !== undefined) return hiddenShown(name);
  return kind === "customer" ? traceWords.you : kind === "system" ? traceWords.system : id;
}
