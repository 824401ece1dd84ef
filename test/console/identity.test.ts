/** Signed customers in the console: how a website says who they are, what of it goes where, and how the staff sees it. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { sampleOf, type SampleLanguage } from "../../console/screens/assistants/identity/identity-samples.ts";
import { verifyIdentity } from "../../server/identity/customers/identity-token.ts";
import type { EventDraft } from "../../protocol/events.ts";
import { databasePath } from "../../server/start/open-store.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { approvalRequested, proposed } from "../contract/store-drafts.ts";
import { claims, hs256, keyPair, pem } from "../identity/identity-tokens.ts";
import { writeConversations } from "../support/many-conversations.ts";
import { writeMany } from "../support/many-documents.ts";
import { type Desk, restart, startDesk } from "./stage/desk.ts";
import { makePots, startOrders } from "./stage/peers.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

const PICTURES = process.env["PICTURES"];

/** At both widths, by day and by night. */
async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  for (const [width, colorScheme] of [
    [1440, "light"],
    [390, "dark"],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${PICTURES}/${name}-${width}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1440, height: 900 });
}

const OF_ANNA = { assistant: "pots", customerId: "customer-of-anna" };
const ANNA = {
  do: "create",
  kind: "customer",
  id: OF_ANNA.customerId,
  parent: OF_ANNA.assistant,
  body: { subject: "customer-42", name: "Anna Kessel", email: "anna@customers.example", attributes: {} },
} as const;
const BOUND = { customer_id: "customer-42", order: "1042" };
const ANNAS_FIELDS = [
  { name: "customer_id", title: "Customer", value: "customer-42", filled: true as const },
  { name: "order", title: "Order", value: "1042" },
];
const BOUND_CALL = [
  { type: "message-received", messageId: "message-of-anna", text: "Cancel my order.", by: { kind: "customer", id: OF_ANNA.customerId } },
  proposed("call-of-anna", { arguments: BOUND, filled: ["customer_id"] }),
  approvalRequested("approval-of-anna", "call-of-anna", {
    approver: "staff",
    expiresAt: Date.now() + 3_600_000,
    arguments: BOUND,
    fields: ANNAS_FIELDS,
  }),
] satisfies readonly EventDraft[];

const identityOf = (desk: Desk) => desk.admin.api<Record<string, unknown>>("GET", "/assistants/pots/identity");
const save = (page: Page) => page.getByRole("button", { name: "Save", exact: true }).click();
/** Chromium never shows what is typed into a field as part of the page's text. */
const everything = (page: Page) =>
  page.evaluate(
    () =>
      document.documentElement.outerHTML +
      [...document.querySelectorAll("input, textarea")].map((box) => (box as HTMLInputElement).value).join("\n"),
  );

describe("how a website says who its customers are", () => {
  test("a key is made, copied and saved, and nobody sees its secret again", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const page = await openConsole(desk, "/assistants/pots");
    await page.getByRole("tab", { name: "Identity" }).click();
    await page.getByLabel("Signed-in customers").selectOption("optional");
    await save(page);
    await page.getByText("expected a key or a jwksUrl").waitFor();
    await page.getByRole("button", { name: "Add a key" }).click();
    await page.getByRole("textbox", { name: "Key ID (kid)" }).fill("summer");
    await page.getByRole("textbox", { name: "Secret" }).fill("short");
    await save(page);
    await page.getByText("expected 32 bytes or more").waitFor();
    await page.getByRole("button", { name: "Make a secret" }).click();
    const secret = await page.getByRole("textbox", { name: "Secret" }).innerText();
    expect(Buffer.from(secret, "base64")).toHaveLength(32);
    await page.getByRole("textbox", { name: "What the model may read of it" }).fill("name\nattributes.plan");
    await picture(page, "identity-made");
    await expectSound(page);
    await save(page);
    await page.getByText("Saved. It holds from now on.").waitFor();
    expect(await everything(page)).not.toContain(secret);
    expect(await identityOf(desk)).toEqual({
      mode: "optional",
      keys: [{ kid: "summer", algorithm: "HS256", secretSet: true }],
      prompt: ["name", "attributes.plan"],
      source: "api",
    });
    // What was copied is what is checked with.
    const settings = { mode: "optional", keys: [{ kid: "summer", algorithm: "HS256", secret }], prompt: [] } as const;
    const now = (): number => Date.now();
    const token = hs256(claims({ aud: "pots" }, now()), { header: { kid: "summer" }, secret });
    await verifyIdentity(token, { assistant: "pots", settings }, { publishedKeys: { find: () => Promise.reject(new Error("none")) }, now });

    await page.reload();
    await page.getByPlaceholder("Set; stays unless you type another").waitFor();
    expect(await everything(page)).not.toContain(secret);
    expect(await page.getByRole("textbox", { name: "The tag" }).innerText()).toContain('data-identity-url="/chat-token"');
    expect(await page.getByRole("textbox", { name: "Code in Node" }).innerText()).toContain('kid: "summer"');
    await picture(page, "identity-saved");
    await expectSound(page);
  });

  test("a public key is added beside it, a change of somebody else stays, and strangers are turned away only after a question", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const put = async (body: object): Promise<unknown> =>
      desk.admin.api("PUT", "/assistants/pots/identity", body, await desk.admin.versionOf("/assistants/pots/identity"));
    const keys = [{ kid: "summer", algorithm: "HS256", secret: "a secret of the shop that nobody can guess" }];
    const jwksUrl = "https://shop.example/jwks.json";
    await put({ mode: "optional", keys, jwksUrl });
    const page = await openConsole(desk, "/assistants/pots/identity", { locale: "de-DE" });
    await page.getByRole("button", { name: "Schlüssel hinzufügen" }).click();
    await page.getByRole("textbox", { name: "Kennung des Schlüssels (kid)" }).last().fill("pair");
    await page.getByLabel("Algorithmus").last().selectOption("EdDSA");
    await page.getByRole("textbox", { name: "Öffentlicher Schlüssel" }).fill(pem(keyPair("EdDSA")));
    await put({ mode: "optional", keys: [{ kid: "summer", algorithm: "HS256" }], prompt: ["name"], jwksUrl });
    await page.getByRole("textbox", { name: "Adresse Ihrer öffentlichen Schlüssel (JWKS)" }).fill("");
    await page.getByLabel("Angemeldete Kunden").selectOption("enforced");
    const press = async (): Promise<void> => {
      await page.getByRole("button", { name: "Speichern" }).click();
      await page.getByRole("dialog", { name: "Anonyme Kunden abweisen?" }).getByRole("button", { name: "Abweisen" }).click();
    };
    await press();
    // It was refused, for it is of an earlier version; what the other one saved is in the form now.
    await expect.poll(() => page.getByRole("textbox", { name: "Was das Modell davon lesen darf" }).inputValue()).toBe("name");
    await press();
    await page.getByText("Gespeichert. Es gilt ab jetzt.").waitFor();
    const now = await identityOf(desk);
    expect(now).toMatchObject({ mode: "enforced", keys: [{ kid: "summer" }, { kid: "pair", algorithm: "EdDSA" }], prompt: ["name"] });
    expect(now).not.toHaveProperty("jwksUrl");
    await expectSound(page);
  });

  test.each(["node", "python", "php"] satisfies SampleLanguage[])("its sample in %s is that of the documentation", (language) => {
    const documentation = readFileSync(new URL("../../docs/identity.md", import.meta.url), "utf8");
    expect(documentation).toContain(`\n${sampleOf(language, { assistant: "shop", kid: "2026" })}\n\`\`\``);
  });
});

describe("what of the customer goes where", () => {
  test("an argument is bound, a fault stands at its row, and it is taken away again", async () => {
    const desk = await startDesk();
    await makePots(desk);
    await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
    await desk.admin.api("POST", "/mcp-servers/orders/test", {});
    await desk.admin.api("POST", "/assistants/pots/connectors", { server: "orders" });
    const bind = async () => (await desk.admin.api<{ bind?: object }>("GET", "/assistants/pots/connectors/orders")).bind ?? {};
    const page = await openConsole(desk, "/assistants/pots/tools/orders");
    const form = page.getByRole("group", { name: "Arguments that your website fills in" });
    await form.getByRole("button", { name: "Add" }).click();
    await form.getByRole("textbox", { name: "Argument" }).fill("customer_id");
    await form.getByRole("combobox", { name: "What your website says" }).fill("password");
    await save(page);
    await form.getByText("expected").waitFor();
    await form.getByRole("combobox", { name: "What your website says" }).fill("sub");
    await save(page);
    await expect.poll(bind).toEqual({ customer_id: "sub" });
    await page.getByText("It holds from the next call on.").waitFor();
    await picture(page, "identity-bind");
    await expectSound(page);
    await form.getByRole("button", { name: "Remove customer_id" }).click();
    await save(page);
    await expect.poll(bind).toEqual({});
  });

  test("a server and an HTTP tool are told of the customer, and no more after it was taken away", async () => {
    const desk = await startDesk();
    await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
    const page = await openConsole(desk, "/tools/mcp-servers/orders");
    await page.getByText("More settings").click();
    const headers = page.getByRole("group", { name: "Headers about the customer" });
    await headers.getByRole("button", { name: "Add" }).click();
    await headers.getByRole("textbox", { name: "Header" }).fill("X-Plan");
    await headers.getByRole("combobox", { name: "What your website says" }).fill("attributes.plan");
    const meta = page.getByRole("group", { name: "_meta about the customer" });
    await meta.getByRole("button", { name: "Add" }).click();
    await meta.getByRole("textbox", { name: "Key of _meta" }).fill("mcp/customer");
    await save(page);
    await meta.getByText("MCP keeps this one for itself").waitFor();
    await meta.getByRole("textbox", { name: "Key of _meta" }).fill("shop.example/customer");
    await save(page);
    const server = () => desk.admin.api<Record<string, unknown>>("GET", "/mcp-servers/orders");
    await expect.poll(server).toMatchObject({
      customerHeaders: { "X-Plan": "attributes.plan" },
      customerMeta: { "shop.example/customer": "sub" },
    });
    await picture(page, "identity-server");
    await expectSound(page);
    await headers.getByRole("button", { name: "Remove X-Plan" }).click();
    await save(page);
    await expect.poll(async () => (await server())["customerHeaders"]).toBeUndefined();

    await page.goto(`${desk.url}/console/tools/http-tools/new`);
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("status");
    await page.getByRole("textbox", { name: "Description" }).fill("Says where an order is.");
    await page.getByRole("textbox", { name: "Address", exact: true }).fill("https://shop.example/status");
    await page.getByText("More settings").click();
    await headers.getByRole("button", { name: "Add" }).click();
    await headers.getByRole("textbox", { name: "Header" }).fill("X-Customer");
    await save(page);
    const tool = () => desk.admin.api<Record<string, unknown>>("GET", "/http-tools/status");
    await page.getByRole("heading", { name: "status", level: 1 }).waitFor();
    expect(await tool()).toMatchObject({ customerHeaders: { "X-Customer": "sub" } });
  });
});

describe("what the staff sees of a customer", () => {
  test("name, email and a mark, in the list, at the conversation, at the customer and at what waits", async () => {
    const first = await startDesk();
    await makePots(first);
    const desk = await restart(first, async (settings) => {
      await writeConversations(settings, 5, Date.now());
      await writeMany(settings, () => [ANNA], 0);
      const store = await openSqliteStore({ path: databasePath(settings) });
      await store.append({ conversationId: "conversation-of-anna", at: Date.now(), events: BOUND_CALL, create: OF_ANNA });
      await store.close();
    });
    const page = await openConsole(desk, "/inbox");
    const row = page.getByRole("list", { name: "Conversations" }).getByRole("listitem").filter({ hasText: "Anna Kessel" }).first();
    await row.getByText("anna@customers.example").waitFor();
    await row.getByText("Verified: your website says who this is.").waitFor();
    // Whoever no website knows has no mark.
    expect(await page.getByText("Verified: your website says who this is.").count()).toBe(1);
    await picture(page, "identity-inbox");
    await expectSound(page);

    await page.goto(`${desk.url}/console/inbox/conversation-of-anna`);
    const who = page.getByRole("heading", { level: 1 }).getByRole("link", { name: /Anna Kessel/ });
    await who.waitFor();
    await page.getByRole("region", { name: "Conversation", exact: true }).getByText("anna@customers.example").waitFor();
    await picture(page, "identity-conversation");
    await expectSound(page);
    await who.click();
    await page.getByRole("heading", { name: "Anna Kessel", level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/console/customers/customer-of-anna");
    await page.locator("desk-customer").getByText("anna@customers.example").waitFor();
    await picture(page, "identity-customer");
    await expectSound(page);

    // What is typed before erasing is what the page calls them, however they are known.
    const erasing = page.getByRole("dialog");
    await page.getByRole("button", { name: "Erase …" }).click();
    await erasing.getByLabel("Type Anna Kessel to go on").fill("Anna Kessel");
    await expect.poll(() => erasing.getByRole("button", { name: "Erase" }).isEnabled()).toBe(true);
    await picture(page, "identity-erase");
    await page.keyboard.press("Escape");
    await page.goto(`${desk.url}/console/customers/customer-of-nobody`);
    await page.getByRole("button", { name: "Erase …" }).click();
    await erasing.getByLabel("Type nobody to go on").fill("customer-of-nobody");
    expect(await erasing.getByRole("button", { name: "Erase" }).isEnabled()).toBe(false);
    await page.keyboard.press("Escape");

    await page.goto(`${desk.url}/console/approvals?approval=approval-of-anna`);
    await page.getByRole("link", { name: /Anna Kessel/ }).waitFor();
    await page.getByText("filled in by your website").waitFor();
    await picture(page, "identity-approval");
    await expectSound(page);
    await page.goto(`${desk.url}/console/`);
    await page.getByText("filled in by your website").first().waitFor();
    await expectSound(page);
  }, 120_000);
});
