import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenedStore } from "../../server/store/opened-store.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { connectionsStage, type ConnectionsStage, PUBLIC_URL } from "../support/connections-stage.ts";
import { type ProviderCounts, type ProviderPeer, startProvider } from "../support/oauth-process.ts";
import { callTool } from "../support/oauth-tool-call.ts";
import type { RacerOptions } from "../support/refresh-racer.ts";
import { waitFor } from "../support/wait-for.ts";

const ADA = { kind: "customer", id: "customer-ada" } as const;
const AN_HOUR_LATER_MS = 3_600_000 - 30_000;
const SCRIPT = join(import.meta.dirname, "../support/refresh-racer.ts");

let folder: string;
let store: OpenedStore;
let stage: ConnectionsStage;
let peer: ProviderPeer | undefined;
let racers: Racer[];

interface Racer {
  readonly child: ChildProcess;
  said: string;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "frontdesk-race-"));
  racers = [];
  store = await openSqliteStore({ path: join(folder, "frontdesk.sqlite"), exclusive: false });
});
afterEach(async () => {
  for (const { child } of racers) child.kill("SIGKILL");
  await store.close();
  await peer?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A customer is signed in at a provider whose renewals take so long. */
async function signedIn(tokenDelayMs: number): Promise<void> {
  peer = await startProvider({ tokenDelayMs });
  stage = connectionsStage([{ key: "orders", name: "Orders", url: peer.url }], { documents: store.documents });
  await stage.signIn("orders", ADA.id);
}

async function counts(): Promise<ProviderCounts> {
  if (peer === undefined) throw new Error("There is no provider.");
  return peer.counts();
}

async function racer(): Promise<Racer> {
  const options: RacerOptions = {
    path: join(folder, "frontdesk.sqlite"),
    url: peer?.url ?? "",
    publicUrl: PUBLIC_URL,
    customerId: ADA.id,
    movedMs: AN_HOUR_LATER_MS,
  };
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(options)], { stdio: ["pipe", "pipe", "inherit"] });
  const one: Racer = { child, said: "" };
  racers.push(one);
  child.stdout?.on("data", (chunk: Buffer) => (one.said += chunk.toString()));
  await waitFor(() => one.said.includes("ready\n"));
  return one;
}

async function answersOf(one: Racer): Promise<readonly { token?: string }[]> {
  const line = await waitFor(() => /^\[.*\]$/m.exec(one.said)?.[0]);
  return JSON.parse(line) as readonly { token?: string }[];
}

describe("a token that two processes renew at once", () => {
  it("is renewed once, and both go on with the new one", async () => {
    // Slow enough that everybody has asked before the first answer.
    await signedIn(1_500);
    const both = await Promise.all([racer(), racer()]);
    for (const { child } of both) child.stdin?.write("go\n");
    const answers = (await Promise.all(both.map(answersOf))).flat();
    const tokens = new Set(answers.map(({ token }) => token));
    expect(answers).toHaveLength(10);
    expect(tokens.size).toBe(1);
    expect(await counts()).toMatchObject({ granted: { authorization_code: 1, refresh_token: 1 }, refused: {} });
    expect(await callTool(peer?.url ?? "", [...tokens][0] ?? "", "whoami")).toMatchObject({ status: 200 });
  });

  it("is asked for once more when the process that renewed it died, and is over when the provider takes that for a theft", async () => {
    // Nobody lives to hear this answer.
    await signedIn(30_000);
    const one = await racer();
    one.child.stdin?.write("go\n");
    await waitFor(async () => (await counts()).granted["refresh_token"] === 1);
    one.child.kill("SIGKILL");
    // The lease of the dead one has run out.
    stage.advance(AN_HOUR_LATER_MS + 45_000);
    expect(await stage.authorizations.token("orders", ADA)).toMatchObject({ need: { reason: "expired" } });
    expect(await counts()).toMatchObject({ granted: { refresh_token: 1 }, refused: { invalid_grant: 1 } });
    expect(await stage.authorizations.token("orders", ADA)).toMatchObject({ need: { reason: "expired" } });
    expect((await counts()).refused).toEqual({ invalid_grant: 1 });
  });
});
