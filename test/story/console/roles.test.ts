/** What each role sees, by navigation, palette and address; what its session is refused; and what is somebody else's. */
import { io as connect, type Socket } from "socket.io-client";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { SCREENS } from "../../../console/shell/screens.ts";
import { LINE_PATH, type WelcomeFrame } from "../../../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../../protocol/version.ts";
import { collectRoutes } from "../../../scripts/collect-routes.ts";
import { ACTIONS, type Role } from "../../../server/identity/staff/actions.ts";
import { launchBrowser } from "../../support/browser.ts";
import { NAVIGATION, NOT_MADE, SEEN_BY } from "./seen-by.ts";
import { button, type Member, openStaffedDesk, picture, type StaffedDesk } from "./staffed-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test("every screen is in the table", () => {
  expect(SCREENS.map(({ path }) => path).toSorted()).toEqual(Object.keys(SEEN_BY).toSorted());
});

/** One of everything: the assistant is the owner's, and what the admin made is shared with them. */
async function openWorkplace() {
  const desk = await openStaffedDesk(browser);
  const { admin } = desk;
  const [owner, support] = [await desk.member("Grace Hopper", ["owner"]), await desk.member("Sam Sample", ["support"])];
  const group = (await admin.api<{ id: string }>("POST", "/groups", { name: "Order people" })).body;
  await admin.api("POST", "/mcp-servers", { key: "orders", name: "Order desk", url: desk.ordersUrl, access: "everyone" });
  const made = await admin.api("POST", "/http-tools", {
    name: "ping",
    description: "Asks.",
    method: "GET",
    url: "https://shop.example/ping",
    parameters: { type: "object" },
  });
  expect(made.status).toBe(201);
  const shares = await admin.api("GET", "/mcp-servers/http/shares");
  const opened = await admin.api(
    "PUT",
    "/mcp-servers/http/shares",
    { shares: [{ grantee: { kind: "person", id: owner.id }, level: "use" }] },
    shares.tag,
  );
  expect(opened.status).toBe(200);
  await desk.makeAssistant("Grace help", owner);
  await owner.api("POST", "/assistants/grace_help/connectors", { server: "orders" });
  const addressOf = (path: string): string =>
    path
      .replace("/people/groups/:id", `/people/groups/${group.id}`)
      .replace("/people/:id", `/people/${owner.id}`)
      .replace("/assistants/:key", "/assistants/grace_help")
      .replace(":tab", path.includes(":server") ? "tools" : "versions")
      .replace(":server", "orders")
      .replace("/mcp-servers/:key", "/mcp-servers/orders")
      .replace(":tool", "lookup_order")
      .replace(":name", "ping");
  return { desk, members: { admin, owner, support } as const, addressOf };
}

/** What stands in the middle once it is there: the refusal in words, or the screen's heading. */
async function readAt(member: Member, address: string): Promise<string> {
  await member.go(address);
  const main = member.page.getByRole("main");
  const heading = main.getByRole("heading", { level: 1 });
  await heading.waitFor();
  await expect.poll(() => main.locator(".skeleton, .skeleton-cards").count()).toBe(0);
  const said = (await heading.textContent())?.trim() ?? "";
  if (said !== "You may not see this") return said;
  const whole = (await main.innerText()).replaceAll(/\s+/g, " ").trim();
  expect(whole).toBe("You may not see this Your role does not include this page. An admin can change that. Go to Home");
  return said;
}

async function listed(page: Page, words: string): Promise<readonly string[]> {
  await page.keyboard.press("Control+k");
  const search = page.getByRole("combobox", { name: "Search pages, assistants, tools and people" });
  await search.fill(words);
  const options = page.getByRole("option");
  await expect.poll(() => page.getByText("Searching …").count()).toBe(0);
  await options.first().or(page.getByText("Nothing found.")).waitFor();
  const found = await options.allInnerTexts();
  await page.keyboard.press("Escape");
  return found.map((text) => text.replaceAll(/\s+/g, " ").trim());
}

test("each role sees its screens, and reads that the others are not for it", async () => {
  const { members, addressOf } = await openWorkplace();
  await Promise.all(
    Object.entries(members).map(async ([name, member]) => {
      const role = name as Role;
      const refused: string[] = [];
      // An admin's screens are opened by every other test of the console.
      for (const path of role === "admin" ? [] : Object.keys(SEEN_BY)) {
        const said = await readAt(member, addressOf(path));
        if (said === "You may not see this") refused.push(path);
        else if (!NOT_MADE.includes(path)) expect(`${path}: ${said}`).not.toMatch(/nothing at this address|could not be loaded/);
        if (said === "You may not see this" && path === "/tools") await picture(member.page, `roles-${role}-refused`);
      }
      expect(refused).toEqual(Object.keys(SEEN_BY).filter((path) => !(SEEN_BY[path] ?? []).includes(role)));
      await member.go("/");
      const links = member.page.getByRole("navigation", { name: "Navigation" }).getByRole("link");
      await links.first().waitFor();
      expect((await links.allInnerTexts()).map((text) => text.trim())).toEqual(NAVIGATION[role]);
      expect(await listed(member.page, "")).toEqual(NAVIGATION[role].map((label) => `${label} Page`));
      const orders = await listed(member.page, "Order");
      expect(orders.filter((found) => /MCP server|Tool/.test(found)).length > 0).toBe(role !== "support");
      if (role !== "support") expect(orders).toContain("Order desk MCP server");
      const people = role === "admin" ? ["Grace Hopper Person"] : [];
      const graces = await listed(member.page, "Grace");
      expect(graces.filter((found) => !found.startsWith("Search conversations"))).toEqual(["Grace help Assistant", ...people]);
      expect(graces.some((found) => found.startsWith("Search conversations"))).toBe(role !== "owner");
      await picture(member.page, `roles-${role}-home`);
      expect(member.faults).toEqual([]);
    }),
  );
});

test("the API refuses each role's session what is not in the role", async () => {
  const { members } = await openWorkplace();
  const routes = (await collectRoutes()).filter(({ action }) => action !== "public");
  for (const [name, member] of Object.entries(members)) {
    const notTheirs = routes.filter(({ action }) => action !== "public" && !ACTIONS[action].some((role) => role === name));
    const answers = await Promise.all(
      notTheirs.map(async ({ method, path, operationId }) => {
        const given = method === "GET" || method === "DELETE" ? undefined : {};
        const { status, body } = await member.api(method, path.replaceAll(/\{[^}]+\}/g, "x"), given, '"1"');
        return `${operationId} ${status} ${String(body["code"])}`;
      }),
    );
    expect(answers).toEqual(notTheirs.map(({ operationId }) => `${operationId} 403 forbidden`));
    if (name !== "admin") expect(answers.length).toBeGreaterThan(20);
  }
});

test("whoever owns nothing sees nothing of another owner's, by address, API or search", async () => {
  const { desk } = await openWorkplace();
  await desk.admin.api("POST", "/mcp-servers", { key: "secret", name: "Secret desk", url: desk.ordersUrl });
  const linus = await desk.member("Linus Pauling", ["owner"]);
  const { page, api } = linus;
  for (const [address, name] of [
    ["/assistants/grace_help", "Grace help"],
    ["/assistants/grace_help/tools/orders", "Grace help"],
    ["/assistants/grace_help/versions", "Grace help"],
    ["/tools/mcp-servers/secret", "Secret desk"],
    ["/tools/mcp-servers/secret/tools", "Secret desk"],
    ["/tools/mcp-servers/secret/share", "Secret desk"],
    ["/tools/mcp-servers/secret/tools/lookup_order", "Secret desk"],
  ] as const) {
    await linus.go(address);
    const main = page.getByRole("main");
    await main.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
    expect(await page.locator("body").innerText()).not.toContain(name);
  }
  await picture(page, "roles-not-mine");
  expect(await listed(page, "Grace")).toEqual([]);
  expect(await listed(page, "Secret")).toEqual([]);
  await linus.go("/assistants");
  await page.getByText("No assistant").first().waitFor();
  expect((await api<{ items: unknown[] }>("GET", "/assistants?q=grace")).body.items).toEqual([]);
  expect((await api<{ items: unknown[] }>("GET", "/mcp-servers?q=secret")).body.items).toEqual([]);
  expect((await api<{ items: unknown[] }>("GET", "/mcp-tools?server=secret")).body.items ?? []).toEqual([]);

  const owned = (await collectRoutes()).filter(({ path, action }) => {
    if (action === "public" || !ACTIONS[action].some((role) => role === "owner")) return false;
    return path.startsWith("/assistants/{") || path.startsWith("/mcp-servers/{");
  });
  expect(owned.length).toBeGreaterThan(30);
  for (const { method, path, operationId } of owned) {
    const [assistant, server] = [path.startsWith("/assistants"), path.startsWith("/mcp-servers")];
    const address = path
      .replace("{key}", assistant ? "grace_help" : server ? "secret" : "x")
      .replace("{server}", "orders")
      .replace("{tool}", "lookup_order")
      .replace("{version}", "1");
    const { status } = await api(method, address, method === "GET" || method === "DELETE" ? undefined : {}, '"1"');
    if (method === "GET") expect(`${operationId} ${status}`).toBe(`${operationId} 404`);
    else expect(`${operationId} ${status}`).toMatch(/ 4\d\d$/);
  }
  expect(linus.faults).toEqual([]);
});

/** A socket of the chat, as a page at `origin` opens it, with what else the browser sends along. */
function line(desk: StaffedDesk, assistant: string, { origin = desk.siteUrl, cookie = "" } = {}): Socket {
  const socket = connect(desk.url, {
    path: LINE_PATH,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    auth: { version: PROTOCOL_VERSION, assistant, sessionId: `session-${origin.length}-${cookie.length}` },
    extraHeaders: { Origin: origin, Cookie: cookie },
  });
  onTestFinished(() => void socket.disconnect());
  return socket;
}

const welcomed = (socket: Socket): Promise<WelcomeFrame> =>
  new Promise((resolve, reject) => socket.once("welcome", resolve).once("connect_error", reject));

test("the live socket opens to nobody what is not theirs", async () => {
  const { desk, members } = await openWorkplace();
  const { admin, owner, support } = members;
  const mine = line(desk, "grace_help");
  await welcomed(mine);
  const sent = { conversationId: "conversation-of-one", messageId: "message-one", text: "My secret is 1042" };
  expect(await mine.timeout(10_000).emitWithAck("message-send", sent)).toMatchObject({ ok: true });

  // Neither another customer, nor staff with their session: the staff's side is the API.
  for (const cookie of ["", support.cookie, admin.cookie]) {
    const other = line(desk, "grace_help", { cookie });
    await welcomed(other);
    const opened = (await other.timeout(10_000).emitWithAck("conversation-open", { conversationId: sent.conversationId })) as object;
    expect(opened).toMatchObject({ ok: false });
    expect(JSON.stringify(opened)).not.toContain("1042");
  }

  // A preview stands as long as whoever opened it may change the assistant.
  const { assistant } = (await owner.api<{ assistant: string }>("POST", "/assistants/grace_help/preview")).body;
  await welcomed(line(desk, assistant, { origin: desk.url }));
  await expect(welcomed(line(desk, assistant))).rejects.toThrow();
  const { tag } = await admin.api("GET", `/people/${owner.id}`);
  expect((await admin.api("PATCH", `/people/${owner.id}`, { roles: ["support"] }, tag)).status).toBe(200);
  await expect
    .poll(() =>
      welcomed(line(desk, assistant, { origin: desk.url })).then(
        () => "open",
        () => "closed",
      ),
    )
    .toBe("closed");

  // What ends is gone from an open window at the next step, too.
  await owner.go("/assistants/grace_help");
  await owner.page.getByText("You can look at it. Its owner and admins change it.").or(owner.page.getByText("In Home")).first().waitFor();
  expect(await button(owner.page, "Save").count()).toBe(0);
});
