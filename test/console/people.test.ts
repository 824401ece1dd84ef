/** The console's pages of people, groups, API keys and changes. */
import { expect, test } from "vitest";
import { startDesk } from "./stage/desk.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

test("an admin invites somebody, with a link that is shown once", async () => {
  const desk = await startDesk();
  const page = await openConsole(desk, "/people");
  await page.getByRole("button", { name: "Invite" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByLabel("Name").fill("Grace");
  await dialog.getByLabel("Email").fill("not an address");
  await dialog.getByRole("button", { name: "Invite" }).click();
  await expect.poll(() => dialog.getByLabel("Email").getAttribute("aria-invalid")).toBe("true");
  await expect.poll(() => dialog.getByLabel("Email").evaluate((field) => field === document.activeElement)).toBe(true);
  await dialog.getByLabel("Email").fill("grace@desk.example");
  await dialog.getByRole("button", { name: "Invite" }).click();
  const link = dialog.getByRole("textbox", { name: "Give this link to Grace" });
  await link.waitFor();
  expect(await link.textContent()).toMatch(/\/invitation#[\w-]{43}$/);
  await expectSound(page);
  await dialog.getByRole("button", { name: "Invite somebody else" }).click();
  await expect.poll(() => dialog.getByLabel("Name").evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await dialog.getByLabel("Name").inputValue()).toBe("");
  expect(await link.count()).toBe(0);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Grace" }).waitFor();
});

test("two who change the same person see it, and choose field by field", async () => {
  const desk = await startDesk();
  const grace = await desk.person("Grace", ["owner"]);
  const page = await openConsole(desk, `/people/${grace.id}`);
  await page.getByLabel("Name").fill("Grace H.");
  await page.getByRole("checkbox", { name: "Support" }).check();
  const path = `/people/${grace.id}`;
  await desk.admin.api("PATCH", path, { name: "Grace Hopper" }, await desk.admin.versionOf(path));
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Now saved: Grace Hopper").waitFor();
  expect(await page.getByLabel("Name").inputValue()).toBe("Grace H.");
  expect(await page.getByRole("button", { name: "Save", exact: true }).isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Take what is saved" }).click();
  expect(await page.getByLabel("Name").inputValue()).toBe("Grace Hopper");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Grace Hopper is saved.").waitFor();
  expect(await desk.admin.api("GET", path)).toMatchObject({ name: "Grace Hopper", roles: ["owner", "support"] });
});

test("what is typed is not lost by a link, the step back or the palette, unless the person wants it", async () => {
  const desk = await startDesk();
  const grace = await desk.person("Grace", ["owner"]);
  const page = await openConsole(desk, "/people");
  await page.getByRole("link", { name: "Grace" }).click();
  await page.getByRole("heading", { name: "Grace" }).waitFor();
  await page.getByLabel("Name").fill("half-typ");
  for (const leave of [() => page.getByRole("link", { name: "API keys" }).click(), () => page.goBack()]) {
    await leave();
    await page.getByRole("dialog", { name: "Leave without saving?" }).waitFor();
    await page.getByRole("button", { name: "Keep editing" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect([new URL(page.url()).pathname, await page.getByLabel("Name").inputValue()]).toEqual([`/console/people/${grace.id}`, "half-typ"]);
  }
  await page.goBack();
  await page.getByRole("dialog").getByRole("button", { name: "Discard changes" }).click();
  await page.getByRole("heading", { name: "People" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/console/people");
});

test("a person is taken out of a group, and back by Undo", async () => {
  const desk = await startDesk();
  const grace = await desk.person("Grace", ["owner"]);
  const page = await openConsole(desk, "/people/groups");
  await page.getByRole("button", { name: "New group" }).first().click();
  await page.getByRole("dialog").getByLabel("Name").fill("Order desk");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Order desk" }).waitFor();
  await page.getByLabel("Add a person").fill("gra");
  await page.getByRole("button", { name: "Add Grace" }).click();
  await page.getByRole("button", { name: "Take out: Grace" }).click();
  await page.getByText("Nobody is in it yet.").waitFor();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await page.getByRole("button", { name: "Take out: Grace" }).waitFor();
  expect((await desk.admin.api("GET", `/people/${grace.id}`))["groups"]).toHaveLength(1);
});

test("an admin ends another's session, which is refused from then on", async () => {
  const desk = await startDesk();
  const grace = await desk.person("Grace", ["owner"]);
  const page = await openConsole(desk, `/people/${grace.id}`);
  await page.getByRole("button", { name: /^End: / }).click();
  await page.getByText("Not signed in anywhere.").waitFor();
  await expect(grace.api("GET", "/me")).rejects.toThrow("401");
});

test("a key is made, shown once, and ended", async () => {
  const desk = await startDesk();
  const page = await openConsole(desk, "/");
  await page.getByRole("link", { name: "API keys" }).click();
  await page.getByRole("button", { name: "New API key" }).first().click();
  await page.getByRole("dialog").getByLabel("Name").fill("Order sync");
  await page.getByRole("button", { name: "Make the key" }).click();
  const key = (await page.getByRole("textbox", { name: "Key" }).textContent()) ?? "";
  const answered = async () => (await fetch(`${desk.url}/api/v1/me`, { headers: { Authorization: `Bearer ${key}` } })).status;
  expect(await answered()).toBe(200);
  // It cannot be shown again: neither Escape, however often, nor Back closes it unasked.
  const asked = page.getByRole("dialog", { name: "Close without copying the key?" });
  for (const leave of [() => page.keyboard.press("Escape"), () => page.keyboard.press("Escape"), () => page.goBack()]) {
    await leave();
    await asked.getByRole("button", { name: "Back to the key" }).click();
    await asked.waitFor({ state: "detached" });
    expect(await page.getByRole("textbox", { name: "Key" }).textContent()).toBe(key);
  }
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await asked.getByRole("button", { name: "Close without it" }).click();
  await page.getByRole("button", { name: "Revoke: Order sync" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("The key Order sync is revoked.").waitFor();
  expect(await answered()).toBe(401);
});

test("the audit log shows what changed, and is narrowed by words in its address", async () => {
  const desk = await startDesk();
  const grace = await desk.person("Grace", ["owner"]);
  const page = await openConsole(desk, "/audit-log");
  await page.getByRole("searchbox").fill("person.invite");
  await expect.poll(() => new URL(page.url()).search).toBe("?words=person.invite");
  const rows = page.getByRole("grid").getByRole("link");
  await expect.poll(() => rows.count()).toBe(1);
  await rows.first().click();
  const entry = page.getByRole("complementary", { name: "Ada invited Grace" });
  await entry.locator(".changed-fields").getByText("grace@desk.example").waitFor();
  await entry.getByText("As JSON").click();
  await entry.getByText(`person ${grace.id}`).waitFor();
  await page.reload();
  await entry.waitFor();
  await expectSound(page);
});

test("the audit log says in a sentence whom a server was shared with", async () => {
  const desk = await startDesk();
  const grace = await desk.person("Grace", ["owner"]);
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Lull orders", url: "http://127.0.0.1:9/mcp" });
  const shares = { shares: [{ grantee: { kind: "person", id: grace.id }, level: "manage" }] };
  const path = "/mcp-servers/orders/shares";
  await desk.admin.api("PUT", path, shares, await desk.admin.versionOf(path));
  const page = await openConsole(desk, "/audit-log", { width: 390 });
  await page.getByRole("link", { name: "Ada shared Lull orders with Grace" }).click();
  const entry = page.getByRole("complementary", { name: "Ada shared Lull orders with Grace" });
  await entry.locator(".changed-fields").getByText("Grace: may manage it").waitFor();
  await expectSound(page);
});

test("an address that leads nowhere says so, and leads on", async () => {
  const desk = await startDesk();
  const page = await openConsole(desk, "/nothing-here", { width: 390 });
  await page.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
  await page.getByRole("link", { name: "Go to Home" }).waitFor();
  await expectSound(page);
});

test("of 20,000 rows, those in view are drawn, and the keys reach the last", async () => {
  const desk = await startDesk();
  const page = await openConsole(desk, "/api-keys");
  await page.getByRole("heading", { name: "No API keys yet" }).waitFor();
  await page.goto(`${desk.url}/console/people`);
  await page.getByRole("link", { name: "Ada" }).waitFor();
  await page.evaluate(() => {
    const table = document.querySelector("desk-table") as unknown as { rows: object[] };
    const one = table.rows[0]!;
    table.rows = Array.from({ length: 20_000 }, (_, number) => ({ ...one, id: `id-${number}`, name: `Person ${number}` }));
  });
  await page.getByRole("link", { name: "Person 0", exact: true }).focus();
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain("Person 1");
  await page.keyboard.press("End");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain("Person 19999");
  expect(await page.locator(".table-row").count()).toBeLessThan(120);
  await expectSound(page);
});

test("whatever a name holds is text", async () => {
  const desk = await startDesk();
  const hostile = `<img src=x onerror="document.title='run'"><svg onload=document.title='run'>\${1}{{1}}`.slice(0, 100);
  await desk.admin.api("POST", "/groups", { name: hostile, description: `"><script>document.title='run'</script>` });
  const page = await openConsole(desk, "/people/groups");
  await page.getByText(hostile).waitFor();
  expect(await page.title()).toBe("Frontdesk");
});
