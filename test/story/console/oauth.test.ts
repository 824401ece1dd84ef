/** Sign-ins with OAuth from the console, at oidc-provider with an MCP server behind it. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ProviderOptions, type ProviderPeer, startProvider } from "../../support/oauth-process.ts";
import { launchBrowser } from "../../support/browser.ts";
import { button, is, openStaffedDesk, picture, type StaffedDesk } from "./staffed-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const WHO = "use whoami {}";

async function provide(options: ProviderOptions = {}): Promise<ProviderPeer> {
  const provider = await startProvider(options);
  onTestFinished(() => provider.stop());
  return provider;
}

const card = (page: Page): Locator => page.getByRole("article", { name: "Accounts" });

/** The shared account is connected on the page "Share", in the window that opens. */
async function signIn(page: Page, name: "Connect shared account" | "Sign in again"): Promise<void> {
  const opened = page.waitForEvent("popup");
  await button(page, name).click();
  const popup = await opened;
  // Who was signed in before at the provider is asked no more than whether they allow it.
  await popup.getByRole("button", { name: "Allow" }).click();
  const allow = popup.getByRole("button", { name: "Allow" });
  await allow.or(popup.getByText("You are connected")).waitFor();
  if ((await allow.count()) > 0) await allow.click();
  await popup.getByText("You are connected").waitFor();
  await popup.close();
}

async function giveToAssistant(desk: StaffedDesk): Promise<void> {
  await desk.makeAssistant("Shop help");
  await desk.admin.api("POST", "/assistants/shop_help/connectors", { server: "accounts", permissions: { "*": "always_allow" } });
}

test("a client that was registered by hand: connected, ended, and signed in again", async () => {
  const desk = await openStaffedDesk(browser);
  const { page, go, faults } = desk.admin;
  await go("/tools/mcp-servers/new");
  await page.getByLabel("Display name").fill("Accounts");
  await page.getByLabel("Authentication").selectOption("OAuth 2.0");
  await page.getByText("Advanced OAuth credentials").click();
  // It can be copied before anything was tried, since the provider wants it first.
  const redirectUrl = (await page.getByRole("textbox", { name: "Redirect URL", exact: true }).textContent()) ?? "";
  expect(redirectUrl).toMatch(new RegExp(`^${desk.url}/`));
  await button(page, "Copy: Redirect URL").waitFor();
  const client = { client_id: "front-desk", client_secret: "a-secret-of-the-client", redirect_uris: [redirectUrl] };
  const grants = ["authorization_code", "refresh_token"];
  const provider = await provide({
    registration: false,
    clients: [{ ...client, token_endpoint_auth_method: "client_secret_basic", grant_types: grants }],
  });

  await page.getByLabel("Server URL").fill(provider.url);
  await page.getByLabel("Client ID").fill(client.client_id);
  await page.getByLabel("Client secret").fill(client.client_secret);
  await page.getByLabel("Scope").fill("orders:read offline_access");
  await button(page, "Test connection").click();
  await page.getByText("Sign-in needed").waitFor();
  await picture(page, "oauth-1-form");
  await button(page, "Save").click();
  await page.getByRole("heading", { name: "Accounts", exact: true }).waitFor();
  expect(JSON.stringify((await desk.admin.api("GET", "/mcp-servers/accounts")).body)).not.toContain(client.client_secret);
  await page.getByText("Advanced OAuth credentials").click();
  expect(await page.getByLabel("Client ID").inputValue()).toBe("front-desk");
  expect(await page.getByLabel("Client secret").inputValue()).toBe("");

  await button(page, "Share").click();
  await page.getByText("Not connected").waitFor();
  await signIn(page, "Connect shared account");
  await page.getByText("Connected by Ada Lovelace").waitFor();
  await picture(page, "oauth-2-connected");
  await page.getByRole("link", { name: "MCP servers" }).click();
  await is(card(page), "Connected").waitFor();
  await card(page).getByText("whoami").waitFor();

  await giveToAssistant(desk);
  const customer = await desk.customer("shop_help");
  await customer.ask(WHO);
  await customer.answered(/whoami: account-1/);

  // It ends at the provider. The next answer finds out, and the card says so by itself.
  await provider.revokeAll();
  await customer.ask(`${WHO}`);
  await is(card(page), "Sign-in needed").waitFor();
  await card(page).getByText("The sign-in of its shared account has ended.").waitFor();
  await picture(page, "oauth-3-ended");
  await page.reload();
  await is(card(page), "Sign-in needed").waitFor();
  await button(page, "Test connection").click();
  await page.locator("desk-toasts").getByText("Accounts: Sign-in needed").waitFor();

  await card(page).getByRole("link", { name: "Sign in again" }).click();
  await page.getByText("Somebody has to sign in again").waitFor();
  await signIn(page, "Sign in again");
  await page.getByText("Connected by Ada Lovelace").waitFor();
  await page.getByRole("link", { name: "MCP servers" }).click();
  await is(card(page), "Connected").waitFor();
  await customer.ask(WHO);
  await customer.answered(/whoami: account-2/);
  expect(faults).toEqual([]);
});

test("a server that lets anybody list its tools, and nobody call them", async () => {
  const desk = await openStaffedDesk(browser);
  const { page, go } = desk.admin;
  const provider = await provide({ openList: true });
  await go("/tools/mcp-servers/new");
  await page.getByLabel("Display name").fill("Accounts");
  await page.getByLabel("Server URL").fill(provider.url);
  await button(page, "Test connection").click();
  // Nobody has called anything so far.
  await page.getByText("Connected over Streamable HTTP").waitFor();
  await button(page, "Save").click();
  await page.getByRole("heading", { name: "Accounts is saved. 2 tools" }).waitFor();
  await giveToAssistant(desk);
  const customer = await desk.customer("shop_help");
  await customer.ask(WHO);
  await go("/tools");
  await is(card(page), "Sign-in needed").waitFor();
  await card(page).getByText("It lists its tools to anybody, and refused a call without a sign-in.").waitFor();
  await picture(page, "oauth-4-open-list");
  // That its list can be read proves nothing.
  await button(page, "Test connection").click();
  await page.locator("desk-toasts").getByText("Accounts: Sign-in needed").waitFor();

  await card(page).getByRole("link", { name: "Accounts" }).click();
  await page.getByLabel("Authentication").selectOption("OAuth 2.0");
  await button(page, "Test connection").click();
  await page.locator(".save-bar").getByText("Sign-in needed").waitFor();
  await button(page, "Save").click();
  await page.getByRole("heading", { name: "Accounts is saved." }).waitFor();
  await page.locator(".server-head").getByText("Sign-in needed").waitFor();
  await page.reload();
  await page.locator(".server-head").getByText("Sign-in needed").waitFor();
  await button(page, "Share").click();
  await signIn(page, "Connect shared account");
  await page.getByText("Connected by Ada Lovelace").waitFor();
  await page.getByRole("link", { name: "MCP servers" }).click();
  await is(card(page), "Connected").waitFor();
  await customer.ask(WHO);
  await customer.answered(/whoami: account-1/);
  expect(desk.admin.faults).toEqual([]);
});
