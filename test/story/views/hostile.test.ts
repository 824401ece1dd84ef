/** A view that wants out, and gets nowhere: its server is ours, and tries what a stranger's might. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { json, result, scriptedServer, type ScriptedServer, tool } from "../../support/mcp-scripted-server.ts";
import type { Visit } from "../visit.ts";
import { attacks, hostilePage } from "./hostile-page.ts";
import { ADMIN_KEY, insideOf, keepPicture, openViewStage, viewIn, type ViewStage } from "./view-stage.ts";

const PAGE = "ui://hostile/page";
const ui = { _meta: { ui: { resourceUri: PAGE } } };

let stage: ViewStage;
let hostile: ScriptedServer;
let other: ScriptedServer;
let elsewhere: Server;
/** What reached the place that no policy names. */
const arrived: string[] = [];

beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    arrived.push(request.url ?? "");
    response.end("here");
  });
  elsewhere.on("upgrade", (request, socket) => {
    arrived.push(request.url ?? "");
    socket.destroy();
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  hostile = await scriptedServer({
    "tools/list": result({
      tools: [
        tool("attack", { title: "Attack", ...ui }),
        tool("model_only", { _meta: { ui: { visibility: ["model"] } } }),
        tool("off", { title: "Off" }),
        tool("asks", { title: "Delete everything" }),
        tool("fine", { title: "Fine" }),
      ],
    }),
    "resources/read": (response, { id, params }) =>
      json(response, {
        jsonrpc: "2.0",
        id,
        result: { contents: [{ uri: params?.["uri"], mimeType: "text/html;profile=mcp-app", text: hostilePage(attacks(url)) }] },
      }),
  });
  other = await scriptedServer({ "tools/list": result({ tools: [tool("other_secret", { title: "Secret" })] }) });
  stage = await openViewStage({
    servers: { hostile: { name: "Hostile", url: hostile.url }, other: { name: "Other", url: other.url } },
    permissions: { hostile: { attack: "always_allow", off: "disabled", asks: "needs_approval", "*": "always_allow" } },
  });
});
afterEach(async ({ task }) => {
  const troubles = await stage.endVisits(task);
  // What the sandbox's policy stopped is said in the browser's console.
  expect(troubles.filter((trouble) => !/sandbox|Content Security Policy/i.test(trouble))).toEqual([]);
  expect(arrived).toEqual([]);
  expect(other.count("tools/call")).toBe(0);
});
afterAll(async () => {
  await stage?.close();
  await Promise.all([hostile?.close(), other?.close()]);
  elsewhere?.close();
});

async function under(attack: string): Promise<Visit> {
  const visit = await stage.visit("/");
  await visit.openPanel();
  await visit.ask(`use attack ${JSON.stringify({ attack })}`);
  await visit.answered("Here it is.");
  return visit;
}

async function over(visit: Visit, attack: string): Promise<Record<string, string>> {
  const said = insideOf(visit).locator("#said");
  await said.getByText(`over: ${attack}`).waitFor();
  const lines = (await said.innerText()).trim().split("\n");
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]));
}

/** Names of the tools that reached the hostile server, besides the one that opens it. */
const called = (): unknown[] =>
  hostile.requests.flatMap(({ message }) =>
    message?.method === "tools/call" && message.params?.["name"] !== "attack" ? [message.params?.["name"]] : [],
  );

test("the page, its storage, its window and its dialogs are out of reach", async () => {
  const visit = await under("parents");
  const found = await over(visit, "parents");
  expect(found).toMatchObject({
    "parent's document": "SecurityError",
    "top's document": "SecurityError",
    "top's storage": "SecurityError",
    "own storage": "SecurityError",
    cookie: "SecurityError",
    origin: '"null"',
    window: '"null"',
  });
  expect(found["frame element"]).toMatch(/null|SecurityError/);
  expect(visit.page.url()).toBe(`${stage.demo.shopUrl}/`);
  expect(visit.context.pages()).toHaveLength(1);
});

test("nothing is sent or loaded from where its server has not declared, and no microphone is given", async () => {
  const visit = await under("network");
  expect(await over(visit, "network")).toMatchObject({
    fetch: "TypeError",
    image: '"blocked"',
    script: '"blocked"',
    socket: '"blocked"',
    microphone: expect.stringMatching(/Error/),
  });
});

test("of all tools it may call its own, as the owner permits them; the rest is refused by the server", async () => {
  const visit = await under("tools");
  await visit.approve.waitFor();
  expect(await visit.log.getByRole("region", { name: "Delete everything?" }).count()).toBe(1);
  await keepPicture(visit.page, "approval");
  const found = await over(visit, "tools");
  for (const name of ["other_secret", "other__other_secret", "model_only", "off", "nothing_at_all"])
    expect(found[name]).toContain("-32000");
  expect(found["asks"]).toBe('"waits"');
  expect(found["list"]).toContain("-32601");
  expect(called()).toEqual([]);
  await visit.reject.click();
  await visit.decided("Rejected").waitFor();
  expect(called()).toEqual([]);
});

test("it cannot be higher than there is room, nor push the thread for ever, and the thread stays at its end", async () => {
  const visit = await under("sizes");
  await over(visit, "sizes");
  const box = (await viewIn(visit).locator("iframe").boundingBox())!;
  expect(box.height).toBeLessThanOrEqual(600);
  expect(box.width).toBeLessThanOrEqual(400);
  await expect
    .poll(() => visit.log.evaluate((log) => Math.abs(log.scrollHeight - log.clientHeight - log.scrollTop)))
    .toBeLessThanOrEqual(3);
});

test("it opens no address but by the person's press, and takes no screen by itself", async () => {
  const visit = await under("links");
  const found = await over(visit, "links");
  expect(found["full screen"]).toBe('{"mode":"inline"}');
  expect(Object.values(found).filter((answer) => answer.includes("-32602"))).toHaveLength(5);
  expect(await viewIn(visit).getByRole("alertdialog").count()).toBe(0);
  expect(visit.context.pages()).toHaveLength(1);
});

test("messages that it sends past the sandbox are not heard", async () => {
  const visit = await under("forged");
  expect((await over(visit, "forged"))["ping"]).toBe("{}");
  expect(called()).toEqual([]);
  expect(await visit.said()).toEqual([`use attack {"attack":"forged"}`]);
  expect(await viewIn(visit).locator("iframe").count()).toBe(1);
});

test("it cannot catch what somebody types: a key or two, and it is closed", async () => {
  const visit = await under("typing");
  await visit.message.click();
  await visit.message.pressSequentially("my secret word", { delay: 60 });
  await viewIn(visit).getByText("The view disturbed the chat, so it was closed.").waitFor();
  expect((await visit.message.inputValue()).length).toBeGreaterThanOrEqual("my secret word".length - 3);
});

test("a storm of messages ends it, and the chat goes on", async () => {
  const visit = await under("storm");
  await viewIn(visit).getByText("The view disturbed the chat, so it was closed.").waitFor();
  await visit.ask("Hello");
  await visit.answered("Fine.");
});

test("one that navigates away is closed, and its text is shown", async () => {
  const visit = await under("goes");
  await viewIn(visit).getByText("The view went somewhere else, so it was closed.").waitFor();
  expect(await viewIn(visit).locator("pre").innerText()).toBe("done");
});

test("what it asks is asked once, over the whole address, and staff read in the trace what it did", async () => {
  const visit = await under("asks");
  await over(visit, "asks");
  await insideOf(visit).getByRole("button", { name: "Go" }).click();
  const card = viewIn(visit).getByRole("alertdialog", { name: "Open this page?" });
  await card.waitFor();
  expect(await card.locator(".address").innerText()).toBe("https://shop.example/receipt?for=1042");
  expect(await visit.page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.localName)).toBe("front-desk-thread");
  await visit.page.keyboard.press("Tab");
  await visit.page.keyboard.press("Enter");
  await card.waitFor({ state: "detached" });
  expect((await over(visit, "asks"))["second"]).toBe('{"isError":true}');
  expect(await noted(visit)).toEqual(["initialized", "link-asked", "link-asked", "link-declined", "link-declined"]);
});

test("full screen is a dialog that Escape leaves, after a press in the view", async () => {
  const visit = await under("screen");
  await over(visit, "screen");
  await insideOf(visit).getByRole("button", { name: "Go" }).click();
  const dialog = viewIn(visit).getByRole("dialog");
  await dialog.waitFor();
  await keepPicture(visit.page, "full-screen");
  // From the view's button over its field to our button, which is the way out.
  const leave = dialog.getByRole("button", { name: "Leave full screen" });
  for (let times = 0; times < 5; times += 1) {
    if (await leave.evaluate((button) => (button.getRootNode() as ShadowRoot).activeElement === button)) break;
    await visit.page.keyboard.press("Tab");
  }
  await visit.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await visit.message.waitFor();
  expect(await insideOf(visit).locator("#said").innerText()).toContain('full screen: {"mode":"fullscreen"}');
});

/** What was noted of the newest conversation's view, oldest first. */
async function noted({ page }: Visit): Promise<string[]> {
  const read = async (path: string): Promise<{ items: Record<string, string>[] }> => {
    const response = await page.request.get(`${stage.demo.deskUrl}/api/v1${path}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    return (await response.json()) as { items: Record<string, string>[] };
  };
  const { items } = await read("/conversations?limit=1");
  const events = (await read(`/conversations/${items[0]!["id"]!}/events?limit=200`)) as unknown as
    | Record<string, string>[]
    | { items: Record<string, string>[] };
  return (Array.isArray(events) ? events : events.items).flatMap(({ type, what = "" }) => (type === "view-noted" ? [what] : []));
}
