/** The programs that people signed in to a published server, on its screen. */
import { expect, test } from "vitest";
import { wire } from "../publish/sign-in-harness.ts";
import { startDesk } from "./stage/desk.ts";
import { picture } from "./stage/picture.ts";
import { axeFaults, expectSound, settled, tooWide } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

test("an admin sees who signed what in, and signs it out", async () => {
  const desk = await startDesk();
  const { id } = await desk.admin.api<{ id: string }>("POST", "/published-servers", { name: "Shop tools", tools: [] });
  const page = await openConsole(desk, `/published-servers/${id}/keys`);
  const programs = page.getByRole("region", { name: "Signed-in programs" });
  await programs.getByText("Nobody has signed a program in.").waitFor();
  const program = await wire(desk, { url: `${desk.url}/mcp/${id}` }, { client_name: "Claude Code" });
  const { access } = await program.signIn({ id: desk.admin.id, cookie: desk.admin.cookie, name: "Ada" });
  await page.reload();
  await programs.getByText("Claude Code").waitFor();
  await programs.getByText("Ada").waitFor();
  await programs.getByText("nobody").waitFor();
  await settled(page);
  expect([...(await tooWide(page)), ...(await axeFaults(page))]).toEqual([]);
  if (process.env["PICTURES"] !== undefined) await page.screenshot({ path: `${process.env["PICTURES"]}/grants.png`, fullPage: true });
  await page.setViewportSize({ width: 375, height: 900 });
  expect(await tooWide(page)).toEqual([]);
  await programs.getByRole("button", { name: "More for Claude Code" }).click();
  await page.getByRole("menuitem", { name: "Sign out …" }).click();
  await page.getByText("Sign Claude Code of Ada out?").waitFor();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await programs.getByText("Nobody has signed a program in.").waitFor();
  const refused = await fetch(`${desk.url}/mcp/${id}`, { method: "POST", headers: { Authorization: `Bearer ${access}` } });
  expect(refused.status).toBe(401);
});

test("whoever let a program in signs it out at their own account, which says of which server, and of others' programs nothing", async () => {
  const desk = await startDesk();
  const { id } = await desk.admin.api<{ id: string }>("POST", "/published-servers", { name: "Shop tools", tools: [] });
  const page = await openConsole(desk, "/account");
  const programs = page.getByRole("region", { name: "Programs you signed in" });
  const none = programs.getByText("You have not signed in a program to a published server.");
  await none.waitFor();
  await expectSound(page);
  const program = await wire(desk, { url: `${desk.url}/mcp/${id}` }, { client_name: "Claude Code" });
  const { access } = await program.signIn({ id: desk.admin.id, cookie: desk.admin.cookie, name: "Ada" });
  const olive = await desk.person("Olive", ["admin"]);
  const hers = await wire(desk, { url: `${desk.url}/mcp/${id}` }, { client_name: "Another" });
  await hers.signIn({ id: olive.id, cookie: olive.cookie, name: "Olive" });
  await page.reload();
  await programs.getByText("Claude Code at Shop tools · unverified").waitFor();
  expect(await programs.getByRole("listitem").count()).toBe(1);
  await expectSound(page);
  await picture(page, "own-grants-1440");
  for (const [name, look] of [
    ["own-grants-390", { width: 390 }],
    ["own-grants-dark", { colorScheme: "dark", locale: "de-DE" }],
  ] as const) {
    const other = await openConsole(desk, "/account", look);
    await other.getByText(/Claude Code (at|an) Shop tools/).waitFor();
    await expectSound(other);
    await picture(other, name);
  }
  await programs.getByRole("button", { name: "Sign out: Claude Code at Shop tools" }).press("Enter");
  await page.getByText("Claude Code is signed out.").waitFor();
  await none.waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Programs you signed in");
  const refused = await fetch(`${desk.url}/mcp/${id}`, { method: "POST", headers: { Authorization: `Bearer ${access}` } });
  expect(refused.status).toBe(401);
});
