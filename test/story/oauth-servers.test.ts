/**
 * Sign-ins in the browser at authorization servers that others wrote: the official v1 SDK's example in strict mode, and
 * oidc-provider.
 */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type OAuthPeer, type ProviderPeer, startProvider, startStrictOAuth } from "../support/oauth-process.ts";
import { type ScriptedModel, type ScriptedStep, startScriptedModel } from "./scripted-model.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

const ADMIN_KEY = "an-admin-key-for-this-story-alone-0123456789";
/** So short that every question finds its token about to end. */
const TOKEN_SECONDS = 30;

/** "use connect {} then use whoami {}": one call in each step, then what the last one answered. */
function script(question: string, step: number, lastResult: string): ScriptedStep {
  const [, tool, input = "{}"] = /^use (\S+) (\{.*\})$/.exec(question.split(" then ")[step] ?? "") ?? [];
  if (tool === undefined) return { pieces: [`It says: ${lastResult}`], calls: [] };
  return { pieces: [], calls: [{ tool, arguments: JSON.parse(input) as Record<string, unknown> }] };
}

let stage: Stage;
let model: ScriptedModel;
let strict: OAuthPeer;
let provider: ProviderPeer;
beforeAll(async () => {
  [model, strict, provider] = await Promise.all([
    startScriptedModel(script),
    startStrictOAuth(),
    startProvider({ accessTokenSeconds: TOKEN_SECONDS }),
  ]);
  const allowed = { permissions: { "*": "always_allow" } };
  stage = await openStage({
    environment: { FRONTDESK_MODEL_URL: model.url, FRONTDESK_MODEL: "script", FRONTDESK_ADMIN_KEY: ADMIN_KEY },
    assistant: { connectors: { orders: { connection: "personal", ...allowed } } },
    assistants: {
      strict: { connectors: { strict: { connection: "personal", ...allowed } } },
      service: { connectors: { service: { connection: "shared", ...allowed } } },
    },
    configure: (configuration) => ({
      ...configuration,
      network: { allowPrivate: ["127.0.0.1", "localhost"] },
      mcpServers: {
        orders: { name: "Orders", url: provider.url, auth: { kind: "oauth" }, personalTools: "accepted" },
        service: { name: "Service", url: provider.url, auth: { kind: "oauth" } },
        strict: { name: "Strict", url: strict.url, auth: { kind: "oauth" } },
      },
    }),
  });
});
afterEach(async ({ task }) => expect(await stage.endVisits(task)).toEqual([]));
afterAll(async () => {
  await stage?.close();
  await Promise.all([model?.close(), strict?.stop(), provider?.stop()]);
});

async function arrive(assistant = "shop"): Promise<Visit> {
  const visit = await stage.visit("/", assistant === "shop" ? {} : { assistant });
  await visit.openPanel();
  return visit;
}

/** Allows it on each of the provider's pages, until the window is gone. */
async function allow(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Allow" }).click();
  await page.getByRole("button", { name: "Allow" }).click();
}

async function connect(visit: Visit): Promise<void> {
  const opened = visit.page.waitForEvent("popup");
  await visit.connect.click();
  const popup = await opened;
  const closed = popup.waitForEvent("close");
  await allow(popup);
  await closed;
}

async function api(method: string, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${stage.demo.deskUrl}/api/v1${path}`, { method, headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

const WHO = "use whoami {}";

describe("each person their own, at oidc-provider", () => {
  test("Connect, and tools that were unknown before are there; each customer is a different person", async () => {
    const [ada, bob] = [await arrive(), await arrive()];
    for (const visit of [ada, bob]) {
      await visit.ask(`use connect {} then ${WHO}`);
      await connect(visit);
      await visit.answered(/whoami: account-\d+/);
    }
    const [said, other] = [(await ada.answerTexts()).join(), (await bob.answerTexts()).join()];
    expect(/account-\d+/.exec(said)?.[0]).not.toBe(/account-\d+/.exec(other)?.[0]);
  });

  test("tokens that end are renewed without a word, and none is used twice", async () => {
    const visit = await arrive();
    await visit.ask(`use connect {} then ${WHO}`);
    await connect(visit);
    await visit.answered(/whoami: account-\d+/);
    const before = (await provider.counts()).granted["refresh_token"] ?? 0;
    await visit.ask(`${WHO} then ${WHO} then ${WHO}`);
    await expect.poll(async () => (await visit.answerTexts()).length).toBe(2);
    await visit.settled();
    const counts = await provider.counts();
    expect(counts.granted["refresh_token"] ?? 0).toBeGreaterThan(before);
    expect(counts.refused).toEqual({});
    expect(await visit.connect.count()).toBe(0);
  });

  test("a tool that needs more than was allowed asks for it, and then runs", async () => {
    const visit = await arrive();
    await visit.ask(`use connect {} then ${WHO}`);
    await connect(visit);
    await visit.answered(/whoami: account-\d+/);
    await visit.ask("use refund {}");
    await visit.log.getByText(/needs more than you have allowed/).waitFor();
    const opened = visit.page.waitForEvent("popup");
    await visit.connect.click();
    const popup = await opened;
    const closed = popup.waitForEvent("close");
    await popup.getByRole("button", { name: "Allow" }).click();
    await closed;
    await visit.answered(/refund: account-\d+/);
  });

  test("revoked at the provider, the card comes again; Skip tells the model", async () => {
    const visit = await arrive();
    await visit.ask(`use connect {} then ${WHO}`);
    await connect(visit);
    await visit.answered(/whoami: account-\d+/);
    await provider.revokeAll();
    await visit.ask(WHO);
    await visit.log.getByText(/sign-in at Orders has expired/).waitFor();
    await visit.skip.click();
    await visit.answered(/It says: .*(?:sign|connect)/i);
  });
});

describe("each person their own, at the v1 example in strict mode", () => {
  test("which lets everybody in: the window opens and closes, and its tool, which nobody has accepted, asks", async () => {
    const visit = await arrive("strict");
    await visit.ask('use connect {} then use greet {"name":"Ada"}');
    const opened = visit.page.waitForEvent("popup");
    await visit.connect.click();
    const popup = await opened;
    if (!popup.isClosed()) await popup.waitForEvent("close");
    await visit.log.getByRole("button", { name: "Approve" }).click();
    await visit.answered("Hello, Ada");
  });
});

describe("a shared connection", () => {
  test("an admin connects a service account once, and no customer is asked", async () => {
    const early = await arrive("service");
    await early.ask(WHO);
    await early.answered("It says:");
    expect(await early.connect.count()).toBe(0);
    expect((await early.answerTexts()).join()).not.toMatch(/account-/);

    const { status, body } = await api("POST", "/mcp-servers/service/connections");
    expect(status).toBe(201);
    expect(body["status"]).toBe("sign-in");
    const context = await stage.browser.newContext();
    const page = await context.newPage();
    await page.goto(String(body["authorizationUrl"]));
    await allow(page);
    await page.getByText("You are connected").waitFor();
    // The link is used up: whoever finds it later comes nowhere.
    const late = await context.newPage();
    await late.goto(String(body["authorizationUrl"]));
    expect(await late.getByRole("button", { name: "Allow" }).count()).toBe(0);
    await context.close();

    const accounts = new Set<string | undefined>();
    for (const visit of [await arrive("service"), await arrive("service")]) {
      await visit.ask(WHO);
      await visit.answered(/whoami: account-\d+/);
      expect(await visit.connect.count()).toBe(0);
      accounts.add(/account-\d+/.exec((await visit.answerTexts()).join())?.[0]);
    }
    expect(accounts.size).toBe(1);
    expect(JSON.stringify((await api("GET", "/connections?server=service")).body)).not.toMatch(/token"|secret|verifier/i);

    expect((await api("DELETE", `/connections/${String(body["connectionId"])}`)).status).toBe(204);
    const after = await arrive("service");
    await after.ask(WHO);
    await after.answered("It says:");
    expect((await after.answerTexts()).join()).not.toMatch(/account-/);
  });
});
