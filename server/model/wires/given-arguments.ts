export const NO_ARGUMENTS = "{}";
const FENCE = /^```(?:json)?\s*([\s\S]*?)\s*```$/;
/** Some servers write that there are no arguments, and then the arguments. */
const NONE_BEFORE = /^\{\s*\}\s*(?=\{)/;

/** Whether the text is a JSON object from its first to its last character. */
export function isWhole(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) return false;
  try {
    JSON.parse(trimmed);
    return true;
  } catch {
    return false;
  }
}

/**
 * The arguments of a call as the model meant them: nothing and `null` are no arguments, and a fence around them is not
 * theirs. What cannot be read stays as it was written.
 */
export function givenArguments(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed === "null") return NO_ARGUMENTS;
  if (isWhole(trimmed)) return text;
  for (const candidate of [FENCE.exec(trimmed)?.[1], trimmed.replace(NONE_BEFORE, "")])
    if (candidate !== undefined && isWhole(candidate)) return candidate;
  return text;
}
