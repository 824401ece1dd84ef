/** A whole server as `main.ts` starts it, on a temporary folder, with the built console and widget, and who works there. */
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Settings } from "../../../server/start/settings.ts";
import { startServer } from "../../../server/start/start-server.ts";
import { settingsFor, type Started, start } from "../../http/server-harness.ts";

export const PASSWORD = "a long enough password";
const ADA = "ada@desk.example";
const PRIVATE = { network: { allowPrivate: ["127.0.0.1"] } };
const WIDGET = fileURLToPath(new URL("../../../dist/widget", import.meta.url));

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly cookie: string;
  /** A request as this person's browser makes it; its answer's body. Throws what was refused, with its status. */
  api<Body = Record<string, unknown>>(method: string, path: string, body?: unknown, version?: string): Promise<Body>;
  /** What `If-Match` wants of a thing. */
  versionOf(path: string): Promise<string>;
}

export interface Desk {
  readonly url: string;
  readonly folder: string;
  readonly close: () => Promise<void>;
  /** The first admin. */
  readonly admin: Person;
  /** Somebody who accepted their invitation and is signed in. */
  person(name: string, roles: readonly string[]): Promise<Person>;
}

/** A fresh installation and the link that its first start prints. Nothing but this machine is allowed to it. */
export async function startNewDesk(
  configuration: object = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<Started & { readonly setupUrl: string }> {
  const started = await start({ configuration: { ...PRIVATE, ...configuration }, environment, widgetFolder: WIDGET });
  if (started.setupUrl === undefined) throw new Error("The first start printed no link.");
  return { ...started, url: `http://localhost:${started.port}`, setupUrl: started.setupUrl };
}

/** An installation whose first admin is Ada. What the configuration declares is there from the start. */
export async function startDesk(configuration: object = {}, environment: Readonly<Record<string, string>> = {}): Promise<Desk> {
  const started = await startNewDesk(configuration, environment);
  const { url, setupUrl } = started;
  await send(url, "POST", "/api/v1/setup", { body: { token: tokenOf(setupUrl), name: "Ada", email: ADA, password: PASSWORD } });
  return deskOf(started, url);
}

/** The same installation, started anew after something was written into its store while it stood still. */
export async function restart({ folder, close }: Desk, write: (settings: Settings) => Promise<void>): Promise<Desk> {
  await close();
  const settings = await settingsFor(folder, {}, PRIVATE);
  await write(settings);
  const server = await startServer(settings, { widgetFolder: WIDGET, logDestination: { write: () => undefined } });
  onTestFinished(() => server.close());
  return deskOf({ ...server, folder }, `http://localhost:${server.port}`);
}

async function deskOf({ folder, close }: Pick<Started, "folder" | "close">, url: string): Promise<Desk> {
  const admin = await signIn(url, ADA);
  return {
    url,
    folder,
    close,
    admin,
    async person(name, roles) {
      const theirs = `${name.toLowerCase()}@desk.example`;
      const { invitation } = await admin.api<{ invitation: { url: string } }>("POST", "/people", { name, email: theirs, roles });
      await send(url, "POST", "/api/v1/invitations/accept", { body: { token: tokenOf(invitation.url), password: PASSWORD } });
      return signIn(url, theirs);
    },
  };
}

/** What a one-time link has after its `#`. */
function tokenOf(link: string): string {
  return new URL(link).hash.slice(1);
}

async function signIn(url: string, email: string): Promise<Person> {
  const { headers } = await send(url, "POST", "/api/auth/sign-in/email", { body: { email, password: PASSWORD } });
  const cookie = headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const api: Person["api"] = async <Body>(method: string, path: string, body?: unknown, version?: string) => {
    const response = await send(url, method, `/api/v1${path}`, { cookie, body, version });
    const text = await response.text();
    return (text === "" ? undefined : JSON.parse(text)) as Body;
  };
  const { id } = await api<{ id: string }>("GET", "/me");
  const versionOf = async (path: string): Promise<string> =>
    (await send(url, "GET", `/api/v1${path}`, { cookie })).headers.get("etag") ?? "";
  return { id, email, cookie, api, versionOf };
}

interface Sent {
  readonly cookie?: string;
  readonly body?: unknown;
  readonly version?: string | undefined;
}

async function send(url: string, method: string, path: string, { cookie = "", body, version }: Sent): Promise<Response> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      Origin: url,
      Cookie: cookie,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(version === undefined ? {} : { "If-Match": version }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
  return response;
}
