import { blotted, secretSpellings } from "../../foundation/secret-spellings.ts";

/** Texts that look like a key of a known provider, in whole or masked in the middle as some of them echo it. */
const LIKE_A_KEY = /\b(?:sk|pk|gsk|xai|or)-[\w*.…-]{6,}|\bAIza[\w*.…-]{6,}|(?<=\bkey=)[^&\s"']+|(?<=\bBearer )\S+/g;
const SHORTEST_SECRET = 4;

/** A cause without the key, however a provider echoes it. */
export function redactKey(text: string, apiKey: string | undefined): string {
  const known = apiKey === undefined || apiKey.length < SHORTEST_SECRET ? [] : secretSpellings([apiKey], SHORTEST_SECRET);
  return blotted(text, known, "[key]").replaceAll(LIKE_A_KEY, "[key]");
}
