/** The programs that people signed in to a published server, on its screen. */
import { expect, test } from "vitest";
import { wire } from "../publish/sign-in-harness.ts";
import { startDesk } from "./stage/desk.ts";
import { axeFaults, settled, tooWide } from "./stage/sound.ts";
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

test("whoever let a program in signs it out at their own account, where nothing stands of programs before", async () => {
  const desk = await startDesk();
  const { id } = await desk.admin.api<{ id: string }>("POST", "/published-servers", { name: "Shop tools", tools: [] });
  const page = await openConsole(desk, "/account");
  await page.getByRole("heading", { name: "Sessions" }).waitFor();
  const programs = page.getByRole("region", { name: "Programs you signed in" });
  expect(await programs.count()).toBe(0);
  const program = await wire(desk, { url: `${desk.url}/mcp/${id}` }, { client_name: "Claude Code" });
  const { access } = await program.signIn({ id: desk.admin.id, cookie: desk.admin.cookie, name: "Ada" });
  await page.reload();
  await programs.getByText("unverified").waitFor();
  await settled(page);
  expect([...(await tooWide(page)), ...(await axeFaults(page))]).toEqual([]);
  await programs.getByRole("button", { name: "Sign out: Claude Code" }).press("Enter");
  await page.getByText("Claude Code is signed out.").waitFor();
  await programs.waitFor({ state: "detached" });
  const refused = await fetch(`${desk.url}/mcp/${id}`, { method: "POST", headers: { Authorization: `Bearer ${access}` } });
  expect(refused.status).toBe(401);
});
