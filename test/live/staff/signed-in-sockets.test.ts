import { describe, expect, it } from "vitest";
import type { DocumentKind } from "../../../server/documents/ports.ts";
import type { Staff } from "../../../server/identity/staff/actions.ts";
import { ApiKeys } from "../../../server/identity/staff/api-keys.ts";
import { createLastingSignIns, type LastingSignIn } from "../../../server/identity/staff/lasting-sign-in.ts";
import { tokenId } from "../../../server/identity/staff/one-time-token.ts";
import { SignedInSockets, type SignedInSocketsPorts } from "../../../server/live/staff/signed-in-sockets.ts";
import { createMemoryDocuments } from "../../support/memory-documents.ts";

const ADMIN: Staff = { kind: "key", id: "test", name: "test", roles: ["admin"], groups: [] };
const PERSON = { name: "Sue", email: "sue@desk.example", roles: ["support"], groups: [], disabled: false };

/** Stands still until the test moves it. */
class StandingClock {
  #now = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly callback: () => void }>();
  readonly now = (): number => this.#now;
  readonly id = (): string => "id";
  readonly random = (): number => 0;

  after(ms: number, callback: () => void): () => void {
    const one = { at: this.#now + ms, callback };
    this.#waiting.add(one);
    return () => this.#waiting.delete(one);
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const one of [...this.#waiting].filter(({ at }) => at <= this.#now)) {
      this.#waiting.delete(one);
      one.callback();
    }
  }
}

async function scene(change: Partial<SignedInSocketsPorts> = {}) {
  const clock = new StandingClock();
  const documents = createMemoryDocuments();
  const apiKeys = new ApiKeys({ documents, clock });
  const signIns = createLastingSignIns({
    documents,
    clock,
    apiKeys,
    authenticate: async () => undefined,
    sessionSecret: "secret",
    place: { isHttps: false, basePath: "" },
  });
  const logged: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (_fields: unknown, message: string) => void logged.push(message) };
  const sockets = new SignedInSockets({ documents, signIns, clock, log, ...change });
  const events: string[] = [];
  let count = 0;
  const write = (...changes: Parameters<typeof documents.write>[0]) => documents.write(changes, { at: clock.now() });
  return {
    clock,
    documents,
    apiKeys,
    signIns,
    sockets,
    logged,
    events,
    write,
    /** A socket that stands on these documents; how it ends is in `events`. */
    socket(staff: Staff, standsOn: LastingSignIn["standsOn"]) {
      count += 1;
      const name = `${staff.name} ${count}`;
      return {
        id: name,
        data: { signIn: { staff, standsOn, expiresAt: undefined } as LastingSignIn },
        emit: (_name: "ended", { reason }: { reason: string }) => void events.push(`${name}: ${reason}`),
        disconnect: () => void events.push(`${name}: gone`),
      };
    },
  };
}

async function withSession(expiresAt?: number) {
  const here = await scene();
  await here.write(
    { do: "create", kind: "person", id: "sue", body: PERSON },
    {
      do: "create",
      kind: "staff-session",
      id: "session",
      parent: "sue",
      body: { id: "s1" },
      ...(expiresAt === undefined ? {} : { expiresAt }),
    },
  );
  const staff: Staff = { kind: "person", id: "sue", name: "Sue", roles: ["support"], groups: [], session: "s1" };
  const standsOn = [
    { kind: "staff-session" as DocumentKind, id: "session" },
    { kind: "person" as DocumentKind, id: "sue" },
  ];
  return { ...here, add: () => here.sockets.add(here.socket(staff, standsOn)) };
}

describe("a change is answered only when the sockets that it ends are ended", () => {
  it.each([
    ["the session is ended", { do: "delete", kind: "staff-session", id: "session" }, "signed-out"],
    ["all sessions of the person are ended", { do: "delete-children", kind: "staff-session", parent: "sue" }, "signed-out"],
    ["the person is removed", { do: "delete", kind: "person", id: "sue" }, "signed-out"],
    ["the person is disabled", { do: "replace", kind: "person", id: "sue", body: { ...PERSON, disabled: true } }, "signed-out"],
    ["the person has another role", { do: "replace", kind: "person", id: "sue", body: { ...PERSON, roles: ["owner"] } }, "rights-changed"],
  ] as const)("%s", async (_what, change, reason) => {
    const { add, write, events } = await withSession();
    expect([await add(), await add()]).toEqual([true, true]);
    await write(change);
    expect(events).toEqual([`Sue 1: ${reason}`, "Sue 1: gone", `Sue 2: ${reason}`, "Sue 2: gone"]);
  });

  it("a key is revoked", async () => {
    const { apiKeys, sockets, socket, events } = await scene();
    const { apiKey } = await apiKeys.create(ADMIN, { name: "Watcher", roles: ["support"] });
    const staff = (await apiKeys.find(apiKey.id))!;
    await sockets.add(socket(staff, [{ kind: "api-key", id: apiKey.id }]));
    await apiKeys.revoke(ADMIN, apiKey.id);
    expect(events).toEqual(["Watcher 1: signed-out", "Watcher 1: gone"]);
  });
});

describe("a sign-in", () => {
  it("that expires takes its socket with it at that moment", async () => {
    const { clock, add, events } = await withSession(10_000);
    await add();
    clock.advance(9_999);
    expect(events).toEqual([]);
    clock.advance(1);
    await expect.poll(() => events).toEqual(["Sue 1: signed-out", "Sue 1: gone"]);
  });

  it("that is prolonged keeps its socket", async () => {
    const { clock, add, write, events } = await withSession(10_000);
    await add();
    await write({ do: "replace", kind: "staff-session", id: "session", body: { id: "s1" }, expiresAt: 20_000 });
    clock.advance(10_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(events).toEqual([]);
    clock.advance(10_000);
    await expect.poll(() => events).toEqual(["Sue 1: signed-out", "Sue 1: gone"]);
  });

  it("that ended while the socket was opened is noticed then", async () => {
    const { add, write, events } = await withSession();
    await write({ do: "delete", kind: "staff-session", id: "session" });
    expect(await add()).toBe(false);
    expect(events).toEqual(["Sue 1: signed-out", "Sue 1: gone"]);
  });

  it("that cannot be looked up is over: better a new connection than an old right", async () => {
    const { sockets, socket, events, logged } = await scene({ signIns: { again: () => Promise.reject(new Error("disk on fire")) } });
    expect(await sockets.add(socket(ADMIN, []))).toBe(false);
    expect(events).toEqual(["test 1: signed-out", "test 1: gone"]);
    expect(logged).toHaveLength(1);
  });

  it("of somebody else is not looked at", async () => {
    const { add, write, events } = await withSession();
    await add();
    await write({ do: "create", kind: "person", id: "ben", body: { ...PERSON, name: "Ben" } });
    await write({ do: "delete", kind: "person", id: "ben" });
    await write({ do: "create", kind: "staff-session", id: tokenId("other"), parent: "ben", body: { id: "s2" } });
    expect(events).toEqual([]);
  });
});
