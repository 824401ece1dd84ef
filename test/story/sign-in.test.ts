/**
 * A customer's own sign-in, at the demo's club: its authorization server is built on the official SDK, of the
 * protocol's first version.
 */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../support/wait-for.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());
afterEach(async ({ task }) => expect(await stage.endVisits(task)).toEqual([]));

const POINTS = "How many club points do I have?";

async function begin(path = "/"): Promise<Visit> {
  const visit = await stage.visit(path);
  await visit.openPanel();
  await visit.ask(POINTS);
  await visit.connect.waitFor();
  return visit;
}

/** Presses Connect; the window that opens has come to the club's own page. */
async function openSignIn(visit: Visit): Promise<Page> {
  const opened = visit.page.waitForEvent("popup");
  await visit.connect.click();
  const popup = await opened;
  await popup.getByRole("button", { name: "Continue as Ada Quill" }).waitFor();
  return popup;
}

async function signIn(visit: Visit, name = "Ada Quill"): Promise<void> {
  const popup = await openSignIn(visit);
  const closed = popup.waitForEvent("close");
  await popup.getByRole("button", { name: `Continue as ${name}` }).click();
  await closed;
}

async function clubState(): Promise<{ members: { id: string; points: number; gifts: unknown[] }[]; refreshes: number }> {
  return (await fetch(`${stage.demo.clubUrl}/state`)).json() as Promise<Awaited<ReturnType<typeof clubState>>>;
}

describe("each person their own connection", () => {
  test("Connect opens the sign-in, the window closes itself, and the answer comes by itself, in every tab", async () => {
    const visit = await begin();
    const other = await stage.secondTab(visit);
    await other.openPanel();
    await other.connect.waitFor();
    await expect(visit.log.getByText("Lull Club").first().isVisible()).resolves.toBe(true);
    await signIn(visit);
    await visit.answered("420 points");
    await other.answered("420 points");
    expect(await other.connect.count()).toBe(0);
    // The next question needs no sign-in, and the page may be another.
    await visit.page.reload();
    await visit.ask(POINTS);
    await waitFor(async () => (await visit.answerTexts()).filter((text) => text.includes("420 points")).length === 2);
    expect(await visit.connect.count()).toBe(0);
  });

  test("the card survives a reload and a restart of the server", async () => {
    const visit = await begin();
    await stage.demo.restartServer("SIGKILL");
    await visit.page.reload();
    await visit.connect.waitFor();
    await signIn(visit, "Ben Marsh");
    await visit.answered("90 points");
  });

  test("Skip for now tells the model, and the next question asks again", async () => {
    const visit = await begin();
    await visit.skip.click();
    await visit.answered("not signed in to the Lull Club");
    await visit.ask(POINTS);
    await visit.connect.waitFor();
  });

  test("a customer who says no at the club is asked again, and nothing was connected", async () => {
    const visit = await begin();
    const popup = await openSignIn(visit);
    await popup.getByRole("button", { name: "Cancel" }).click();
    await visit.log.getByText("You did not allow it, so nothing was connected. You can try again.").waitFor();
    // Of another window that is closed too early, that is not said.
    await (await openSignIn(visit)).close();
    await visit.log.getByText("The window was closed before you were connected.").waitFor();
    await visit.skip.click();
    await visit.answered("not signed in to the Lull Club");
  });

  test("a connection is its customer's own: the next customer is asked again", async () => {
    const ada = await begin();
    await signIn(ada);
    await ada.answered("420 points");
    const stranger = await stage.visit("/");
    await stranger.openPanel();
    await stranger.ask(POINTS);
    await stranger.connect.waitFor();
  });

  test("another browser cannot end a sign-in with its callback", async () => {
    const visit = await begin();
    const popup = await openSignIn(visit);
    // Where the club would send the browser back to, taken along to another one.
    const code = await popup.locator("input[name=code]").inputValue();
    const answer = await fetch(`${stage.demo.clubUrl}/sign-in`, {
      method: "POST",
      redirect: "manual",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ code, member: "ada" }),
    });
    const callback = answer.headers.get("location") ?? "";
    expect(callback).toContain("/oauth/callback");
    const thief = await stage.visit("/");
    await thief.page.goto(callback);
    await expect(thief.page.getByText("You are connected").count()).resolves.toBe(0);
    expect(await visit.answers.filter({ hasText: "points" }).count()).toBe(0);
    await visit.connections();
    await visit.scope.getByText("You have not connected any accounts").waitFor();
  });

  test("a link to another customer's sign-in leads nowhere", async () => {
    const visit = await begin();
    const address = new Promise<string>((resolve) =>
      visit.context.on("request", (request) => {
        if (request.url().includes("/connect/") && request.isNavigationRequest()) resolve(request.url());
      }),
    );
    // Stopped before the page could use the ticket up.
    await visit.context.route("**/connect/*", (route) => route.abort());
    await visit.connect.click();
    const link = await address;
    const victim = await stage.visit("/");
    await victim.page.goto(link);
    await victim.page.waitForLoadState();
    expect(new URL(victim.page.url()).origin).toBe(new URL(stage.demo.deskUrl).origin);
    await expect(victim.page.getByRole("button", { name: /Continue as/ }).count()).resolves.toBe(0);
  });

  test("a sign-in that the club ended shows the card again; disconnecting forgets it", async () => {
    const visit = await begin();
    await signIn(visit);
    await visit.answered("420 points");
    await fetch(`${stage.demo.clubUrl}/members/ada/sign-out`, { method: "POST" });
    await visit.ask(POINTS);
    await visit.connect.waitFor();
    await visit.log.getByText(/sign-in at Lull Club has expired/).waitFor();
    await signIn(visit);
    await waitFor(async () => (await visit.answerTexts()).filter((text) => text.includes("420 points")).length === 2);
    await visit.connections();
    await visit.scope.getByRole("button", { name: /^Disconnect/ }).click();
    await visit.scope
      .getByRole("button", { name: /^Disconnect/ })
      .last()
      .click();
    await visit.scope.getByText("You have not connected any accounts").waitFor();
  });
});

describe("a form of the club's", () => {
  test("is drawn from its schema, checked, and its answer goes on with the call", async () => {
    const visit = await begin();
    await signIn(visit);
    await visit.answered("420 points");
    await visit.ask("Redeem my points");
    await visit.log.getByText("Which gift would you like?").waitFor();
    await visit.log.getByRole("button", { name: "Submit" }).click();
    await visit.log.locator("form").getByText("Choose one").waitFor();
    await visit.log.getByRole("radio", { name: /Egg cup/ }).check();
    await visit.log.getByRole("textbox", { name: /Engraving/ }).fill("For Mum");
    await visit.log.getByRole("button", { name: "Submit" }).click();
    await visit.answered("engraved “For Mum”");
    const { members } = await clubState();
    expect(members.find(({ id }) => id === "ada")).toMatchObject({
      points: 240,
      gifts: [{ gift: "egg-cup", engraving: "For Mum", wrapped: true }],
    });
  });

  test("declined, nothing is redeemed", async () => {
    const before = await clubState();
    const visit = await begin();
    await signIn(visit);
    await visit.answered("points");
    await visit.ask("Redeem my points");
    await visit.log.getByRole("button", { name: "Decline" }).click();
    await visit.answered("nothing was redeemed");
    expect((await clubState()).members).toEqual(before.members);
  });
});
