/** An installation with people who work in it, each at a window of their own, and a model that tells what it was offered. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { startScriptedModel } from "../scripted-model.ts";
import { openNewDesk, type NewDesk } from "./new-desk.ts";

const PASSWORD = "a long enough password";

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  readonly tag: string;
}

/** Somebody who is signed in. */
export interface Member {
  readonly id: string;
  readonly cookie: string;
  readonly email: string;
  /** A window of theirs; `faults` is what its pages complain about, refusals of the API apart. */
  readonly page: Page;
  readonly faults: readonly string[];
  /** Types an address below `/console` into the window. */
  go(path: string): Promise<void>;
  /** A request as their browser makes it. */
  api<Body = Record<string, unknown>>(method: string, path: string, body?: unknown, tag?: string): Promise<Answer<Body>>;
}

export interface StaffedDesk extends NewDesk {
  readonly admin: Member;
  /** The tools that the model was offered with the last question, by their own names. */
  readonly offered: () => readonly string[];
  /** What the model read with the last question, each message with its role. */
  readonly read: () => readonly string[];
  member(name: string, roles: readonly string[]): Promise<Member>;
  /** An assistant that does what it is told: `use tool {"argument": 1}` calls the tool, `quietly use …` says nothing of its result, anything else is repeated. */
  makeAssistant(name: string, by?: Member): Promise<string>;
  /** A new customer with the chat open, on the page of one's own. */
  customer(assistant: string): Promise<Customer>;
}

export interface Customer {
  readonly page: Page;
  ask(question: string): Promise<void>;
  answered(text: string | RegExp): Promise<void>;
}

export async function openStaffedDesk(browser: Browser): Promise<StaffedDesk> {
  const desk = await openNewDesk(browser);
  let offered: readonly string[] = [];
  let read: readonly string[] = [];
  const model = await startScriptedModel((question, step, lastResult, { offered: tools, read: said }) => {
    read = said;
    offered = tools.map((name) => name.split("__").at(-1) ?? name);
    const [, quietly, tool, input = "{}"] = /^(quietly )?use (\S+) (\{.*\})$/.exec(question) ?? [];
    if (quietly !== undefined && step > 0) return { pieces: ["That is done."], calls: [] };
    if (tool === undefined || step > 0) return { pieces: [`It says: ${step > 0 ? lastResult : question}`], calls: [] };
    return { pieces: [], calls: [{ tool, arguments: JSON.parse(input) as Record<string, unknown> }] };
  });
  onTestFinished(() => model.close());
  const token = new URL(desk.setupUrl).hash.slice(1);
  await ask(desk.url, "POST /api/v1/setup", { body: { token, name: "Ada Lovelace", email: "ada@desk.example", password: PASSWORD } });
  const admin = await memberAt(desk, "ada@desk.example");
  return {
    ...desk,
    admin,
    offered: () => offered,
    read: () => read,
    async member(name, roles) {
      const email = `${name.split(" ")[0]?.toLowerCase()}@desk.example`;
      const { body } = await admin.api<{ invitation: { url: string } }>("POST", "/people", { name, email, roles });
      await ask(desk.url, "POST /api/v1/invitations/accept", {
        body: { token: new URL(body.invitation.url).hash.slice(1), password: PASSWORD },
      });
      return memberAt(desk, email);
    },
    async makeAssistant(name, by = admin) {
      const key = name.toLowerCase().replaceAll(/\W+/g, "_");
      const settings = { provider: "openai-compatible", model: "scripted", baseUrl: model.url };
      const { status } = await by.api("POST", "/assistants", {
        key,
        name,
        prompt: "Do as you are told.",
        model: settings,
        allowedOrigins: [desk.siteUrl],
      });
      if (status !== 201) throw new Error(`The assistant was answered with ${status}.`);
      return key;
    },
    async customer(assistant) {
      desk.paste(`<script async src="${desk.url}/frontdesk.js" data-assistant="${assistant}"></script>`);
      const { page } = await desk.open();
      await page.goto(desk.siteUrl);
      await page.getByRole("button", { name: "Open chat" }).click();
      return customerAt(page);
    },
  };
}

/** The chat of a page, which is open. */
export function customerAt(page: Page): Customer {
  const message = page.getByRole("textbox", { name: "Message" });
  return {
    page,
    async ask(question) {
      await message.fill(question);
      await page.keyboard.press("Enter");
    },
    answered: (text) => page.getByRole("log").getByText(text).last().waitFor(),
  };
}

async function memberAt(desk: NewDesk, email: string): Promise<Member> {
  const { headers } = await ask(desk.url, "POST /api/auth/sign-in/email", { body: { email, password: PASSWORD } });
  const cookie = headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const api: Member["api"] = async (method, path, body, tag) => {
    const response = await ask(desk.url, `${method} /api/v1${path}`, { cookie, body, tag, isRefusable: true });
    const text = await response.text();
    return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as never, tag: response.headers.get("etag") ?? "" };
  };
  const { page, faults } = await desk.open();
  await page.context().addCookies(
    cookie.split("; ").map((pair) => {
      const at = pair.indexOf("=");
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: desk.url };
    }),
  );
  const { id } = (await api<{ id: string }>("GET", "/me")).body;
  return { id, cookie, email, page, faults, go: async (path) => void (await page.goto(`${desk.url}/console${path}`)), api };
}

interface Asked {
  readonly cookie?: string;
  readonly body?: unknown;
  readonly tag?: string | undefined;
  /** Whether a refusal is an answer, too. */
  readonly isRefusable?: boolean;
}

/** `what`: method and path. */
async function ask(url: string, what: string, { cookie = "", body, tag, isRefusable = false }: Asked): Promise<Response> {
  const [method = "", path = ""] = what.split(" ");
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      Origin: url,
      Cookie: cookie,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(tag === undefined ? {} : { "If-Match": tag }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok && !isRefusable) throw new Error(`${what} was answered with ${response.status}: ${await response.text()}`);
  return response;
}

/** Keeps what the page looks like now in the folder `PICTURES`, if there is one. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["PICTURES"];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))));
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

export const button = (page: Page | Locator, name: string): Locator => page.getByRole("button", { name, exact: true });
/** What was said in passing. */
export const said = (page: Page, text: string | RegExp): Locator => page.locator("desk-toasts").getByText(text).last();
/** The word of a state, which stands before since when it is so. */
export const is = (place: Locator, state: string): Locator => place.getByText(new RegExp(`^${state}\\b`));
