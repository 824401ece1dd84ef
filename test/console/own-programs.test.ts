/** The programs that somebody signed in to published servers, on their own account's screen. */
import { expect, test } from "vitest";
import { wire } from "../publish/sign-in-harness.ts";
import { startDesk } from "./stage/desk.ts";
import { picture } from "./stage/picture.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

test("people see which programs they signed in, theirs alone, and sign them out with the keyboard", async () => {
  const desk = await startDesk();
  const { id } = await desk.admin.api<{ id: string }>("POST", "/published-servers", { name: "Shop tools", tools: [] });
  const page = await openConsole(desk, "/account");
  const programs = page.getByRole("region", { name: "Signed-in programs" });
  await programs.getByText("You have not signed in any program to a published server.").waitFor();
  await expectSound(page);

  const olive = await desk.person("Olive", ["admin"]);
  const signIn = async (name: string, who: typeof olive, called: string) => {
    const program = await wire(desk, { url: `${desk.url}/mcp/${id}` }, { client_name: name });
    return program.signIn({ id: who.id, cookie: who.cookie, name: called });
  };
  const { access } = await signIn("Claude Code", desk.admin, "Ada");
  await signIn("Somebody else's", olive, "Olive");
  await page.reload();
  await programs.getByText("Claude Code at Shop tools").waitFor();
  await programs.getByText("nobody stands for it · last seen").waitFor();
  expect(await programs.getByRole("listitem").count()).toBe(1);
  await expectSound(page);
  await picture(page, "programs-1440");
  for (const [name, look] of [
    ["programs-390", { width: 390 }],
    ["programs-dark", { colorScheme: "dark", locale: "de-DE" }],
  ] as const) {
    const other = await openConsole(desk, "/account", look);
    await other.getByText(/Claude Code (at|an) Shop tools/).waitFor();
    await expectSound(other);
    await picture(other, name);
  }

  await programs.getByRole("button", { name: "Sign out: Claude Code at Shop tools" }).focus();
  await page.keyboard.press("Enter");
  await programs.getByText("You have not signed in any program to a published server.").waitFor();
  await page.getByText("Claude Code is signed out.").waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Signed-in programs");
  const refused = await fetch(`${desk.url}/mcp/${id}`, { method: "POST", headers: { Authorization: `Bearer ${access}` } });
  expect(refused.status).toBe(401);
  expect((await olive.api<{ items: unknown[] }>("GET", "/me/grants")).items).toHaveLength(1);
});
