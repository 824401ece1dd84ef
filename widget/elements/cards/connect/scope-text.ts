import type { ConnectWords } from "../../../words/types/connect-words.ts";
import { visibleText } from "../card/visible-text.ts";

/** A scope as a person reads it: "orders:read" is "Read orders". What is made of other signs stays as it is. */
export function scopeText(scope: string, { scopes, scopeVerbs }: ConnectWords): string {
  const known = Object.hasOwn(scopes, scope) ? scopes[scope] : undefined;
  if (known !== undefined) return known;
  // Scopes that are addresses say what they mean at their end.
  const parts = (scope.split("/").findLast((part) => part !== "") ?? scope).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const verb = parts.findLast((part) => Object.hasOwn(scopeVerbs, part.toLowerCase()));
  const what = parts.filter((part) => part !== verb).join(" ");
  if (what === "") return visibleText(scope);
  return verb === undefined ? visibleText(what) : scopeVerbs[verb.toLowerCase()]!(visibleText(what));
}
