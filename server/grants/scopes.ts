/** What a program may be allowed to do with a published server. */
export const TOOL_SCOPES = ["tools:list", "tools:call"] as const;
/** That it goes on without asking again: it is given refresh tokens. Programs ask for it only where it is named. */
export const OFFLINE = "offline_access";
export const SCOPES: readonly string[] = [...TOOL_SCOPES, OFFLINE];

/** Of the scopes that somebody named, those that there are. */
export function knownScopes(named: string): readonly string[] {
  const asked = new Set(named.split(" "));
  return SCOPES.filter((scope) => asked.has(scope));
}
