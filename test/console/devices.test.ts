/** An assistant's devices in the console: the endpoint, its tokens, and what is connected. */
import { expect, test } from "vitest";
import { WireDevice } from "../tools/devices/wire-device.ts";
import { startDesk } from "./stage/desk.ts";
import { makePots } from "./stage/peers.ts";
import { picture } from "./stage/picture.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

const LAMP = { name: "switch_lamp", title: "Switch the lamp", inputSchema: { type: "object", properties: { on: {}, level: {} } } };

test("an owner switches the endpoint on, gives a device its address, sees it connected with its tools, and takes it away", async () => {
  const desk = await startDesk();
  await makePots(desk);
  const page = await openConsole(desk, "/assistants/pots");
  await page.getByRole("tab", { name: "Devices" }).click();
  await page.getByText("The endpoint is off").waitFor();
  const fetching = page.getByRole("button", { name: "Fetch tools" });
  await fetching.click();
  await page.getByText("Switch it on, and devices can connect").waitFor();
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByText("The endpoint is on").waitFor();
  await fetching.click();
  await page.getByText("Make a token, and put its address into the device").waitFor();
  await expectSound(page);

  await page.getByRole("button", { name: "New token" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("Shop window");
  await page.keyboard.press("Enter");
  const url = await page.getByRole("textbox", { name: "Endpoint URL" }).innerText();
  expect(url).toMatch(/^ws:\/\/localhost:\d+\/mcp_endpoint\/mcp\/\?token=[\w-]+$/);
  await expectSound(page);
  await picture(page, "device-url-1440");
  // Nobody can see it again, so it is asked for.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Back to the address" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Close without it" }).click();
  await page.getByText("Never connected").waitFor();
  expect(await page.content()).not.toContain(url);
  await fetching.click();
  await page.getByText("wait some minutes, or start it again").waitFor();

  const device = new WireDevice(url, { name: "lamp", tools: [] });
  await device.heard("tools/list");
  await page.getByText(/^\s*Connected/).waitFor();
  // Nobody has to ask for it.
  await page.getByText("What is connected offers no tools").waitFor();
  device.options.tools = [LAMP];
  await fetching.click();
  const tool = page.getByRole("listitem").filter({ hasText: "switch_lamp" });
  await tool.getByText("2 parameters").waitFor();
  device.options.tools = [{ ...LAMP, description: "Empties the till." }];
  await fetching.click();
  await tool.getByText("Changed, so it is hidden").waitFor();
  await tool.getByText("Empties the till.").waitFor();
  await expectSound(page);
  await picture(page, "devices-1440");
  await tool.getByRole("button", { name: "Accept switch_lamp" }).click();
  await tool.getByText("Changed, so it is hidden").waitFor({ state: "hidden" });

  await desk.admin.api("POST", "/assistants/pots/connectors", { server: "device", permissions: { "*": "disabled" } });
  await fetching.click();
  await page.getByText("the assistant may use none of them").waitFor();

  const more = page.getByRole("button", { name: "More for Shop window" });
  await more.click();
  await page.getByRole("menuitem", { name: "New address …" }).click();
  await page.getByRole("button", { name: "Make a new address" }).click();
  expect(await device.ended()).toMatchObject({ code: 4411 });
  const next = await page.getByRole("textbox", { name: "Endpoint URL" }).innerText();
  expect(next).not.toBe(url);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Close without it" }).click();
  const again = new WireDevice(next, { name: "lamp", tools: [LAMP] });
  await again.heard("tools/list");
  await more.click();
  await page.getByRole("menuitem", { name: "Revoke …" }).click();
  await page.getByRole("button", { name: "Revoke it" }).click();
  expect(await again.ended()).toMatchObject({ code: 4410 });
  await page.getByText("No device has an address yet").waitFor();
});

test("what is connected and does not answer is shown so; switching off with something connected asks first", async () => {
  const desk = await startDesk();
  await makePots(desk);
  await desk.admin.api("PUT", "/assistants/pots/endpoint", { enabled: true });
  const { url } = await desk.admin.api<{ url: string }>("POST", "/assistants/pots/endpoint/tokens", { name: "Till" });
  const device = new WireDevice(url, { answer: ({ method }) => (method === "initialize" ? "silent" : undefined) });
  await device.heard("initialize");
  for (const [name, options] of [
    ["devices-390", { width: 390 }],
    ["devices-dark", { colorScheme: "dark" }],
  ] as const) {
    const page = await openConsole(desk, "/assistants/pots/devices", options);
    await page.getByText(/^\s*Connected/).waitFor();
    await page.getByRole("button", { name: "Fetch tools" }).click();
    await page.getByText("What is connected does not answer").waitFor();
    await expectSound(page);
    await picture(page, name);
  }
  const page = await openConsole(desk, "/assistants/pots/devices");
  await page.getByRole("button", { name: "Switch off …" }).click();
  await page.getByRole("button", { name: "Switch it off" }).click();
  expect(await device.ended()).toMatchObject({ code: 4403 });
  await page.getByText("The endpoint is off").waitFor();
});

test("the page speaks German", async () => {
  const desk = await startDesk();
  await makePots(desk);
  const page = await openConsole(desk, "/assistants/pots/devices", { locale: "de-DE" });
  await page.getByText("Der Endpunkt ist ausgeschaltet").waitFor();
  await page.getByRole("button", { name: "Werkzeuge abrufen" }).click();
  await page.getByText("Schalten Sie ihn ein").waitFor();
  await expectSound(page);
});
