/** The question whether a program may use a published server: what it says, and how it is answered. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Desk, PASSWORD, startDesk } from "./stage/desk.ts";
import { axeFaults, faded, tooWide } from "./stage/sound.ts";
import { openConsole, openTab, signIn } from "./stage/tab.ts";

interface Asked {
  readonly desk: Desk;
  /** Where the program sends the browser. */
  readonly address: string;
  /** What came back to the program. */
  readonly heard: URLSearchParams[];
}

const TOOL = {
  name: "refund_order",
  title: "Refund an order",
  description: "Pays an order back to whoever bought it, up to its whole amount.",
  method: "POST",
  url: "https://shop.example/refund",
  parameters: { type: "object", properties: { order: { type: "integer" } }, required: ["order"] },
};

/** A program on this machine that waits for its answer. */
async function program(): Promise<{ readonly redirect: string; readonly heard: URLSearchParams[] }> {
  const heard: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (url.pathname === "/callback") heard.push(url.searchParams);
    response.setHeader("Content-Type", "text/html");
    response.end('<!doctype html><link rel="icon" href="data:,"><title>Program</title><h1>Signed in</h1>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { redirect: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`, heard };
}

async function askedBy(name: string, tools = 1): Promise<Asked> {
  const desk = await startDesk();
  for (let at = 1; at <= tools; at += 1)
    await desk.admin.api("POST", "/http-tools", {
      ...TOOL,
      name: at === 1 ? TOOL.name : `${TOOL.name}_${at}`,
      title: at === 1 ? TOOL.title : `${TOOL.title} ${at}`,
    });
  const names = Array.from({ length: tools }, (_, at) => (at === 0 ? TOOL.name : `${TOOL.name}_${at + 1}`));
  const published = await desk.admin.api<{ id: string }>("POST", "/published-servers", {
    name: "Shop tools",
    tools: names.map((one, at) => ({ source: "http", name: one, permission: at === 0 ? "needs_approval" : "always_allow" })),
  });
  const { redirect, heard } = await program();
  const registered = await fetch(`${desk.url}/oauth2/register`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ client_name: name, redirect_uris: [redirect] }),
  });
  const { client_id } = (await registered.json()) as { client_id: string };
  const query = new URLSearchParams({
    response_type: "code",
    client_id,
    redirect_uri: redirect,
    scope: "tools:list tools:call offline_access",
    state: "a-state",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    resource: `${desk.url}/mcp/${published.id}`,
  });
  return { desk, address: `${desk.url}/oauth2/authorize?${query.toString()}`, heard };
}

const pictures = process.env["PICTURES"];
const picture = async (page: Page, name: string): Promise<void> => {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/allow-${name}.png`, fullPage: true, animations: "disabled" });
};

test("whoever is not signed in signs in first, comes back to the question, allows it, and is sent to the program", async () => {
  const { desk, address, heard } = await askedBy("Claude Code");
  const page = await openTab(address);
  await page.getByText("A program wants to use tools of yours").waitFor();
  await picture(page, "sign-in");
  await signIn(page, desk.admin.email, PASSWORD);
  await page.getByRole("heading", { name: "Let “Claude Code” use “Shop tools”?" }).waitFor();
  // The question stands alone, and nothing is chosen.
  expect(await page.getByRole("navigation").count()).toBe(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  await page.getByText("Unverified").waitFor();
  await page.getByText("Your answer goes to a program on this computer (127.0.0.1:").waitFor();
  await page.getByText("use the tools as you").waitFor();
  await page.getByText("Refund an order", { exact: true }).waitFor();
  await page.getByText("a person is asked before each call").waitFor();
  await picture(page, "question");
  await page.keyboard.press("Enter");
  expect(heard).toEqual([]);
  await page.keyboard.press("Tab");
  while ((await page.evaluate(() => document.activeElement?.textContent?.trim())) !== "Allow") await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Signed in" }).waitFor();
  expect(Object.fromEntries(heard[0] ?? [])).toMatchObject({ state: "a-state", iss: desk.url, code: expect.any(String) as string });
});

test("who denies is sent back with that", async () => {
  const { desk, address, heard } = await askedBy("Claude Code");
  const page = await openConsole(desk, "/account");
  await page.goto(address);
  await page.getByRole("button", { name: "Deny" }).click();
  await page.getByRole("heading", { name: "Signed in" }).waitFor();
  expect(heard.map((one) => one.get("error"))).toEqual(["access_denied"]);
});

test("support reads that they may not, and can only go back", async () => {
  const { desk, address, heard } = await askedBy("Claude Code");
  const sam = await desk.person("Sam", ["support"]);
  const page = await openConsole(desk, "/account", { who: sam });
  await page.goto(address);
  await page.getByRole("heading", { name: "You may not use “Shop tools”" }).waitFor();
  expect(await page.getByRole("button", { name: "Allow" }).count()).toBe(0);
  await picture(page, "not-admitted");
  await page.getByRole("button", { name: "Back to the program" }).click();
  await page.getByRole("heading", { name: "Signed in" }).waitFor();
  expect(heard.map((one) => one.get("error"))).toEqual(["access_denied"]);
});

test("what cannot be asked is said, to whoever comes, and nobody is sent anywhere", async () => {
  const { desk, address, heard } = await askedBy("Claude Code");
  const wrong = new URL(address);
  wrong.searchParams.set("redirect_uri", "https://evil.example/callback");
  const page = await openTab(wrong.href);
  await page.getByText("The program wants the answer at an address that it did not register.").waitFor();
  await picture(page, "wrong-redirect");
  const signedIn = await openConsole(desk, "/allow?client_id=x&redirect_uri=https%3A%2F%2Fevil.example&sig=x");
  await signedIn.getByText("It was begun too long ago, or has ended.").waitFor();
  expect(heard).toEqual([]);
});

describe.each(["en-GB", "de-DE"])("in %s", (locale) => {
  test.each([
    { width: 1440, colorScheme: "light" },
    { width: 1440, colorScheme: "dark" },
    { width: 375, colorScheme: "light" },
    { width: 375, colorScheme: "dark" },
  ] as const)("everybody can use it at $width, $colorScheme, whatever the program calls itself", async (look) => {
    const { desk, address } = await askedBy(`${"Longest".repeat(8)} <b>name</b>\u202E of all`, 12);
    const page = await openConsole(desk, "/account", { ...look, locale });
    await page.goto(address);
    await page.getByRole("button").first().waitFor();
    await faded(page);
    await picture(page, `${locale}-${look.width}-${look.colorScheme}`);
    expect([...(await tooWide(page)), ...(await axeFaults(page))]).toEqual([]);
    await page.locator("summary").click();
    expect([...(await tooWide(page)), ...(await axeFaults(page))]).toEqual([]);
    await picture(page, `${locale}-${look.width}-${look.colorScheme}-open`);
  });
});

test("no other page can put it into a frame", async () => {
  const { desk } = await askedBy("Claude Code");
  const { headers } = await fetch(`${desk.url}/console/allow`);
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("x-frame-options")).toBe("DENY");
});
