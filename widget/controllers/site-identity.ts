import type { Identify, SaidOfCustomer } from "./identify.ts";

/** A token with less than this left is not shown any more: it might end on its way. */
const LEFT_MS = 75_000;
/** The server waits ten seconds for a hello. */
const ANSWER_MS = 8_000;
/** Answers by which a site says that nobody is signed in. */
const NOBODY: readonly number[] = [204, 401, 403, 404];

/** Keeps the newest token, and asks for another when it is nearly over or did not do. */
export function identifyBy(said: SaidOfCustomer): Identify {
  let kept = "token" in said ? keep(said.token) : undefined;
  let asking: Promise<string | undefined> | undefined;
  return async (anew = false) => {
    const isGood = kept !== undefined && (kept.until === undefined || kept.until > performance.now());
    if (isGood && !anew) return kept?.token;
    const isAsked = "url" in said || said.refresh !== undefined;
    // Without a way to the next token, the last one is shown, and the server says what is wrong with it.
    if (!isAsked) return kept?.token;
    asking ??= next(said).finally(() => (asking = undefined));
    const token = await asking;
    kept = token === undefined ? undefined : keep(token);
    return token;
  };
}

async function next(said: SaidOfCustomer): Promise<string | undefined> {
  if (!("url" in said)) return (await said.refresh?.()) || undefined;
  const response = await fetch(said.url, {
    credentials: "include",
    cache: "no-store",
    headers: { accept: "application/json, text/plain" },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (NOBODY.includes(response.status)) return undefined;
  if (!response.ok) throw new Error(`Frontdesk: ${said.url} answers with HTTP ${response.status}, not with a token.`);
  return tokenIn((await response.text()).trim());
}

/** `{"token": "…"}`, or the token alone; nothing, or null: nobody is signed in. */
function tokenIn(text: string): string | undefined {
  if (!text.startsWith("{")) return text === "" || text === "null" ? undefined : text.replace(/^"(.*)"$/, "$1");
  const { token } = JSON.parse(text) as { readonly token?: unknown };
  return typeof token === "string" && token !== "" ? token : undefined;
}

/** The times in a token are the site's clock's, so only what lies between them is taken. */
function keep(token: string): { readonly token: string; readonly until?: number } {
  try {
    const [, payload = ""] = token.split(".");
    const { iat, exp } = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as { iat: number; exp: number };
    const lastsMs = (exp - iat) * 1000 - LEFT_MS;
    return Number.isFinite(lastsMs) ? { token, until: performance.now() + lastsMs } : { token };
  } catch {
    return { token };
  }
}
