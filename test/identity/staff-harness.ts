/** Everything that knows who staff are, over documents in memory, behind a real HTTP server. */
import { fileURLToPath } from "node:url";
import type { IncomingMessage } from "node:http";
import { AttemptLimits } from "../../server/guard/limits/attempt-limits.ts";
import { createMemoryLimiters } from "../../server/guard/limits/memory-limiters.ts";
import { createSecretBox } from "../../server/guard/secrets/secret-box.ts";
import { addressOf } from "../../server/guard/network/address.ts";
import { apiRoot, createApi } from "../../server/http/api/create-api.ts";
import { Operations } from "../../server/http/api/operations.ts";
import type { Route } from "../../server/http/api/route.ts";
import { createApplication } from "../../server/http/application.ts";
import { authRoutes } from "../../server/http/pages/auth-routes.ts";
import { consoleRoutes } from "../../server/http/console/console-routes.ts";
import { linkPages } from "../../server/http/pages/link-pages.ts";
import type { Role, Staff } from "../../server/identity/staff/actions.ts";
import { ApiKeys } from "../../server/identity/staff/api-keys.ts";
import { createAuthenticate } from "../../server/identity/staff/authenticate.ts";
import { FirstAdmin } from "../../server/identity/staff/first-admin.ts";
import { Groups } from "../../server/identity/staff/groups.ts";
import type { OidcSettings } from "../../server/identity/staff/oidc-provider.ts";
import { basePathOf } from "../../server/foundation/base-path.ts";
import { createLocalLock } from "../../server/foundation/local-lock.ts";
import { type PasswordHashing, scryptPasswords } from "../../server/identity/staff/password-account.ts";
import { sessionCookieName } from "../../server/identity/staff/session-cookie.ts";
import { People } from "../../server/identity/staff/people.ts";
import { createStaffAccounts } from "../../server/identity/staff/staff-accounts.ts";
import { sha256Hex } from "../../server/foundation/canonical-json.ts";
import type { Clock } from "../../server/foundation/clock.ts";
import type { DocumentStore } from "../../server/documents/ports.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import { type Answer, ask, listen } from "../http/api/api-harness.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";

export const PASSWORD = "a long enough password";
const SYSTEM: Staff = { kind: "key", id: "test", name: "test", roles: ["admin"], groups: [] };
const SESSION_SECRET = "s".repeat(44);

const quickPasswords: PasswordHashing = {
  hash: async (password) => `quick ${sha256Hex(password)}`,
  verify: async ({ hash, password }) => hash === `quick ${sha256Hex(password)}`,
};

export type StaffServer = Awaited<ReturnType<typeof startStaff>>;

export interface StaffParts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly people: People;
  readonly groups: Groups;
  readonly apiKeys: ApiKeys;
  readonly firstAdmin: FirstAdmin;
  readonly publicUrl: string;
}

export async function startStaff(
  options: {
    documents?: DocumentStore;
    clock?: Clock;
    routes?: (parts: StaffParts) => readonly Route[];
    publicUrl?: string;
    adminKey?: string;
    oidc?: OidcSettings;
    /** How the provider is reached. */
    fetch?: typeof fetch;
    attemptsPerMinute?: number;
    /** As on a real server; costs a tenth of a second for each. */
    slowPasswords?: boolean;
    /** `afterAll` for a server of several tests. */
    atEnd?: (close: () => Promise<void>) => void;
  } = {},
) {
  const documents = options.documents ?? createMemoryDocuments();
  const clock = options.clock ?? systemClock;
  const publicUrl = options.publicUrl ?? "https://desk.example";
  const passwords = options.slowPasswords ? scryptPasswords : quickPasswords;
  const lock = createLocalLock();
  const people = new People({ documents, clock, lock, passwords });
  const groups = new Groups({ documents, clock, lock });
  const apiKeys = new ApiKeys({ documents, clock });
  const logged: unknown[] = [];
  const write = (fields: unknown, message: unknown): void => void logged.push([fields, message]);
  const log = { info: write, warn: write, error: write };
  const firstAdmin = new FirstAdmin({ documents, clock, log, lock, passwords });
  const attempts = new AttemptLimits({
    limiters: createMemoryLimiters(),
    log,
    ...(options.attemptsPerMinute === undefined ? {} : { perMinute: options.attemptsPerMinute }),
  });
  const parts: StaffParts = { documents, clock, people, groups, apiKeys, firstAdmin, publicUrl };

  const identify = createAuthenticate({
    documents,
    clock,
    apiKeys,
    attempts,
    sessionSecret: SESSION_SECRET,
    place: { isHttps: publicUrl.startsWith("https:"), basePath: basePathOf(publicUrl) },
    adminKey: options.adminKey,
  });
  const authenticate = (request: IncomingMessage): Promise<Staff | undefined> =>
    identify({ authorization: request.headers.authorization, cookie: request.headers.cookie, address: addressOf(request, 1) });
  // A browser reaches the test's server where it really is.
  const ownOrigins = (): string[] => [new URL(publicUrl).origin, ...(url === undefined ? [] : [url])];
  let url: string | undefined;
  let accounts: ReturnType<typeof createStaffAccounts> | undefined;

  url = await listen(
    createApplication({
      routers: [linkPages()],
      mounts: [
        {
          path: "/api/auth",
          load: async () =>
            authRoutes({
              accounts: () =>
                (accounts ??= createStaffAccounts({
                  documents,
                  clock,
                  log,
                  sessionSecret: SESSION_SECRET,
                  publicUrl,
                  ownOrigins,
                  passwords,
                  fetch: options.fetch ?? fetch,
                  ...(options.oidc === undefined ? {} : { oidc: options.oidc }),
                })),
              authenticate,
              attempts,
              publicUrl: () => publicUrl,
              ownOrigins,
              trustedProxies: 1,
              log,
            }),
        },
        {
          path: "/console",
          load: async () =>
            consoleRoutes({
              folder: fileURLToPath(new URL("../../dist/console", import.meta.url)),
              basePath: "",
              sessionCookie: sessionCookieName({ isHttps: publicUrl.startsWith("https:"), basePath: "" }),
              sandbox: () => undefined,
            }),
        },
        {
          path: "/api/v1",
          load: async () =>
            createApi({
              operations: new Operations({
                routes: options.routes?.(parts) ?? [],
                documents,
                clock,
                secrets: createSecretBox({ keys: [Buffer.alloc(32, 1)] }),
                root: () => apiRoot(publicUrl),
              }),
              authenticate,
              log,
              limits: { bodyBytes: 100_000 },
              ownOrigins,
              publicUrl: () => publicUrl,
              version: "0.0.0",
            }),
        },
      ],
      isHttpsOnly: publicUrl.startsWith("https:"),
      log,
    }),
    options.atEnd,
  );

  const base = url;
  return {
    ...parts,
    url: base,
    logged,
    /** A request as a page of this server makes it. */
    page: (
      method: string,
      path: string,
      more: { body?: unknown; cookie?: string; headers?: Record<string, string> } = {},
    ): Promise<Answer> =>
      ask(`${base}${path}`, method, {
        ...(more.body === undefined ? {} : { body: more.body }),
        headers: { Origin: new URL(publicUrl).origin, ...(more.cookie === undefined ? {} : { Cookie: more.cookie }), ...more.headers },
      }),
    /** A request as a program makes it. */
    program: (method: string, path: string, key: string, body?: unknown): Promise<Answer> =>
      ask(`${base}${path}`, method, { ...(body === undefined ? {} : { body }), headers: { Authorization: `Bearer ${key}` } }),
    /** Somebody with these roles who accepted their invitation, signed in. */
    async person(name: string, roles: readonly Role[], by: Staff = SYSTEM): Promise<{ id: string; email: string; cookie: string }> {
      const email = `${name.toLowerCase()}@desk.example`;
      const { person, invitation } = await people.invite(by, { name, email, roles });
      await people.acceptInvitation({ token: invitation.token, password: PASSWORD });
      return { id: person.id, email, cookie: await this.signIn(email) };
    },
    /** The first admin, signed in. */
    async admin(): Promise<{ id: string; cookie: string }> {
      const token = (await firstAdmin.renewLink()) ?? "";
      const { id } = await firstAdmin.create({ token, name: "Ada", email: "ada@desk.example", password: PASSWORD });
      return { id, cookie: await this.signIn("ada@desk.example") };
    },
    /** What the browser sends from now on. */
    async signIn(email: string, password = PASSWORD): Promise<string> {
      const answer = await this.page("POST", "/api/auth/sign-in/email", { body: { email, password } });
      if (answer.status !== 200) throw new Error(`Signing in was answered ${answer.status}: ${answer.text}`);
      return cookieOf(answer);
    },
  };
}

/** The cookies of an answer as the browser sends them back. */
export function cookieOf(answer: Answer): string {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0] ?? "")
    .join("; ");
}
