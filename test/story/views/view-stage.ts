import type { FrameLocator, Locator, Page } from "playwright-core";
import type { DemoConfiguration } from "../../../demo/start/configuration.ts";
import { freePort } from "../../support/free-port.ts";
import { type ScriptedModel, startScriptedModel } from "../scripted-model.ts";
import { openStage, type Stage } from "../stage.ts";
import type { Visit } from "../visit.ts";

export const ADMIN_KEY = "an-admin-key-for-this-story-alone-0123456789";

export interface ViewStage extends Stage {
  /** The origin of the sandbox. */
  readonly sandbox: string;
}

export interface ViewStageOptions {
  readonly servers: Readonly<Record<string, { readonly name: string; readonly url: string }>>;
  readonly permissions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Without it, there is no second origin. */
  readonly hasSandbox?: boolean;
}

/** The demo with servers whose tools have views. "use echo {…}" calls a tool; anything else is answered with "Fine." */
export async function openViewStage({ servers, permissions = {}, hasSandbox = true }: ViewStageOptions): Promise<ViewStage> {
  const model: ScriptedModel = await startScriptedModel((question, step, _last, { read }) => {
    const calls = [...question.matchAll(/use (\S+) (\{.*?\})(?= use |$)/g)].map(([, tool = "", input = "{}"]) => ({
      tool,
      arguments: JSON.parse(input) as Record<string, unknown>,
    }));
    if (question === "what do you know") return { pieces: [read.at(-1) ?? ""], calls: [] };
    return step === 0 && calls.length > 0 ? { pieces: [], calls } : { pieces: [calls.length > 0 ? "Here it is." : "Fine."], calls: [] };
  });
  const port = await freePort();
  const sandbox = `http://localhost:${port}`;
  const connectors = Object.fromEntries(
    Object.keys(servers).map((key) => [key, { permissions: permissions[key] ?? { "*": "always_allow" } }]),
  );
  const stage = await openStage({
    environment: {
      FRONTDESK_MODEL_URL: model.url,
      FRONTDESK_MODEL: "script",
      FRONTDESK_ADMIN_KEY: ADMIN_KEY,
      ...(hasSandbox ? { SANDBOX_URL: sandbox, SANDBOX_PORT: String(port) } : {}),
    },
    assistant: { connectors, trace: "full" },
    configure: (configuration: DemoConfiguration) => ({
      ...configuration,
      mcpServers: Object.fromEntries(Object.entries(servers).map(([key, server]) => [key, { ...server, connectTimeoutMs: 30_000 }])),
    }),
  });
  return {
    ...stage,
    sandbox,
    close: async () => {
      await stage.close();
      await model.close();
    },
  };
}

/** The newest view in the thread. */
export function viewIn({ log }: Visit): Locator {
  return log.locator("front-desk-view").last();
}

/** What is in the view's own frame, which is the inner one. */
export function insideOf(visit: Visit): FrameLocator {
  return viewIn(visit).locator("iframe").contentFrame().locator("iframe").contentFrame();
}

/** For whoever looks: with the variable PICTURES, the window as a file of that folder. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (process.env["PICTURES"] !== undefined) await page.screenshot({ path: `${process.env["PICTURES"]}/view-${name}.png` });
}
