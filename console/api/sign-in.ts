import { BASE_PATH } from "./base-path.ts";
import { api, SIGNED_OUT } from "./client.ts";
import { ApiProblem } from "./problem.ts";
import type { ReadEntryAnswer, ReadSelfAnswer } from "./types.ts";

export type Self = ReadSelfAnswer;

/** The browser has a session, which may be over. The server writes it into the page. */
export const HAS_SESSION = document.documentElement.dataset["session"] !== undefined;

/** Who is signed in; undefined: nobody. */
export async function readSelf(): Promise<Self | undefined> {
  try {
    return (await api.get<Self>("/me")).body;
  } catch (error) {
    if (error instanceof ApiProblem && error.code === "unauthenticated") return undefined;
    throw error;
  }
}

/** How one comes in here. */
export async function readEntry(): Promise<ReadEntryAnswer> {
  return (await api.get<ReadEntryAnswer>("/entry")).body;
}

/** Throws `ApiProblem`; `INVALID_EMAIL_OR_PASSWORD` is a code of it. */
export async function signIn(email: string, password: string): Promise<void> {
  await authenticate("/sign-in/email", { email, password });
}

/** Where the provider's own page is, which leads back to `returnTo`. */
export async function providerAddress(returnTo: string): Promise<string> {
  const { url } = await authenticate<{ url: string }>("/sign-in/social", {
    provider: "oidc",
    callbackURL: returnTo,
    errorCallbackURL: returnTo,
  });
  return url;
}

export async function signOut(): Promise<void> {
  await authenticate("/sign-out", {});
}

export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  await authenticate("/change-password", { currentPassword, newPassword, revokeOtherSessions: true });
}

/** The sign-in library answers in its own form, or, before it, our server in problem details. */
async function authenticate<Body>(path: string, body: unknown): Promise<Body> {
  const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${BASE_PATH}/api/auth${path}`, request).catch(() => undefined);
  if (response === undefined) throw new ApiProblem({ status: 0, code: "offline", title: "The server cannot be reached." });
  const answer = (await response.json().catch(() => ({}))) as { code?: string; message?: string; title?: string; detail?: string };
  if (response.ok) return answer as Body;
  if (response.status === 401 && !path.startsWith("/sign-in/")) api.dispatchEvent(new Event(SIGNED_OUT));
  throw new ApiProblem({
    status: response.status,
    code: answer.code ?? "unknown",
    title: answer.title ?? answer.message ?? `The server answered ${response.status}.`,
    ...(answer.detail === undefined ? {} : { detail: answer.detail }),
  });
}
