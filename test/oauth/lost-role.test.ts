import { afterEach, beforeEach, expect, it } from "vitest";
import { createStillMay } from "../../server/identity/staff/still-may.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import type { AuditActor } from "../../server/documents/ports.ts";
import { connectionsStage } from "../support/connections-stage.ts";
import { createMemoryDocuments, type MemoryDocuments } from "../support/memory-documents.ts";
import { goodMetadata, type ScriptedServer, startScripted } from "../support/oauth-scripted.ts";

const ADA = { kind: "person", id: "person-ada", name: "Ada" } as const;
const ROBOT = { kind: "key", id: "key-1", name: "Robot" } as const;
let auth: ScriptedServer;
let documents: MemoryDocuments;

beforeEach(async () => {
  documents = createMemoryDocuments();
  auth = await startScripted();
  auth.answer("/.well-known/oauth-protected-resource/mcp", { json: { resource: `${auth.url}/mcp`, authorization_servers: [auth.url] } });
  auth.answer("/.well-known/oauth-authorization-server", { json: goodMetadata(auth.url) });
  auth.answer("/register", { status: 201, body: JSON.stringify({ client_id: "client-1" }) });
  auth.answer("/token", { json: { access_token: "access-1", token_type: "Bearer" } });
});
afterEach(() => auth.close());

const keep = (kind: "person" | "api-key", id: string, body: unknown): Promise<void> =>
  documents.write([{ do: "replace", orCreate: true, kind, id, body }], { at: systemClock.now() });
const person = (change: object): Promise<void> =>
  keep("person", ADA.id, {
    name: "Ada",
    email: "a@desk.example",
    emailVerified: false,
    roles: ["admin"],
    groups: [],
    disabled: false,
    ...change,
  });
const key = (change: object): Promise<void> =>
  keep("api-key", ROBOT.id, { name: "Robot", beginning: "fd_", roles: ["admin"], createdBy: "Ada", ...change });

/** Begins a shared sign-in, lets something happen, and comes back with a code. */
async function signInWhile(by: AuditActor, happens: () => Promise<void>): Promise<string> {
  const stillMay = createStillMay({ documents, clock: systemClock, adminKey: undefined });
  const stage = connectionsStage([{ key: "crm", name: "CRM", url: `${auth.url}/mcp` }], {
    documents,
    mayConnect: (who) => stillMay(who, "connections.write"),
  });
  const begun = await stage.shared.begin("crm", by);
  if (begun.status !== "sign-in") throw new Error("It needs no browser.");
  const { authorizationUrl, cookie } = await stage.tickets.open(begun.authorizationUrl.split("/").at(-1) ?? "");
  await happens();
  const state = new URL(authorizationUrl).searchParams.get("state") ?? undefined;
  const end = await stage.tickets.finish({ state, code: "code", iss: auth.url, error: undefined, cookie: () => cookie.value });
  expect((await stage.list.list({ limit: 10 })).length).toBe(end.outcome === "connected" ? 1 : 0);
  return end.outcome;
}

it("ends in a connection for an admin who is one still", async () => {
  await person({});
  expect(await signInWhile(ADA, async () => undefined)).toBe("connected");
});

it("connects nothing for somebody who is no admin any more, is disabled, or gone", async () => {
  for (const change of [{ roles: ["owner"] }, { disabled: true }]) {
    await person({});
    expect([change, await signInWhile(ADA, () => person(change))]).toEqual([change, "failed"]);
  }
  await person({});
  const gone = () => documents.write([{ do: "delete", kind: "person", id: ADA.id }], { at: systemClock.now() });
  expect(await signInWhile(ADA, gone)).toBe("failed");
});

it("connects nothing for a key that was revoked", async () => {
  await key({});
  const revoke = () => documents.write([{ do: "delete", kind: "api-key", id: ROBOT.id }], { at: systemClock.now() });
  expect(await signInWhile(ROBOT, revoke)).toBe("failed");
  await key({});
  expect(await signInWhile(ROBOT, async () => undefined)).toBe("connected");
});
