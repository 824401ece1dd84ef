/** Webhooks in the console: made with a secret that is shown once, tried, looked at, and sent again. */
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { startReceiver } from "../notices/notices-harness.ts";
import { startDesk } from "./stage/desk.ts";
import { makePots } from "./stage/peers.ts";
import { picture } from "./stage/picture.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

test("an admin makes a webhook, tries it, sees what its receiver answered, and sends it again", async () => {
  const desk = await startDesk();
  await makePots(desk);
  const receiver = await startReceiver((response) => response.writeHead(500).end("<b>not</b> now"));
  const page = await openConsole(desk, "/webhooks");
  await page.getByRole("button", { name: "New webhook" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: "Name" }).fill("Pager");
  await form.getByRole("group", { name: "Only of these assistants" }).getByRole("checkbox", { name: "Pots" }).check();
  await form.getByRole("textbox", { name: "Address" }).fill("http://10.0.0.1/hook");
  await form.getByRole("button", { name: "Make the webhook" }).click();
  await form.getByText("10.0.0.1 is in a private network").waitFor();
  await form.getByRole("textbox", { name: "Address" }).fill(receiver.url);
  await form.getByRole("button", { name: "Make the webhook" }).click();
  const secret = await page.getByRole("textbox", { name: "Secret" }).innerText();
  expect(secret).toMatch(/^whsec_/);
  await expectSound(page);

  // Nobody can see it again, so it is asked for.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Close without it" }).click();
  await page.getByRole("heading", { name: "Pager", level: 1 }).waitFor();
  expect(await page.content()).not.toContain(secret);
  expect(await page.getByRole("group", { name: "Only of these assistants" }).getByRole("checkbox", { name: "Pots" }).isChecked()).toBe(
    true,
  );
  await picture(page, "webhook-1440");

  await page.getByRole("button", { name: "Send a test" }).click();
  const sent = page.getByRole("region", { name: "What was sent" }).getByRole("listitem");
  await sent.getByText("1 attempt · 500").waitFor();
  await sent.getByText("What was sent, and what came back").click();
  await sent.getByText("<b>not</b> now").waitFor();
  const [{ body, headers }] = receiver.received as [(typeof receiver.received)[0]];
  expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: "test" });
  await expectSound(page);

  receiver.answer((response) => response.writeHead(410).end());
  await sent.getByText("2 attempts · 410").waitFor();
  await page.getByText("The receiver answered 410").waitFor();
  receiver.answer((response) => response.end("thanks"));
  await sent.getByRole("button", { name: "Send again: A test" }).click();
  await sent.getByText("Delivered").waitFor();
});

test("who may not read webhooks does not find them", async () => {
  const desk = await startDesk();
  const margaret = await desk.person("Margaret", ["support"]);
  const page = await openConsole(desk, "/", { who: margaret });
  await page.getByRole("link", { name: "Home" }).waitFor();
  expect(await page.getByRole("link", { name: "Webhooks" }).count()).toBe(0);
  await page.goto(`${desk.url}/console/webhooks`);
  await page.getByRole("heading", { name: "You may not see this" }).waitFor();
});
