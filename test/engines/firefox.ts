import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bidi } from "./bidi.ts";
import { startChild } from "./child.ts";
import { type Customer, type Engine, type EngineOptions, type Tab, USUAL_SIZE } from "./engine.ts";
import { installedEngine } from "./installed-engines.ts";
import { clickActions, keyActions } from "./input-actions.ts";

/** No first steps, no requests of its own, and pop-up windows for whoever presses a button. */
const PREFERENCES: Readonly<Record<string, boolean | number | string>> = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.aboutwelcome.enabled": false,
  "browser.chrome.site_icons": false,
  "browser.contentblocking.introCount": 99,
  "browser.newtabpage.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.getAddons.cache.enabled": false,
  "intl.accept_languages": "en-GB, en",
  "media.gmp-manager.updateEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.reportingpolicy.firstRun": false,
  "ui.prefersReducedMotion": 1,
};

/** Starts Firefox and drives it over WebDriver BiDi. */
export async function startFirefox({ scheme = "light", preferences: asked = {}, environment = {} }: EngineOptions = {}): Promise<Engine> {
  const profile = await mkdtemp(join(tmpdir(), "frontdesk-firefox-"));
  const preferences = { ...PREFERENCES, ...asked, "layout.css.prefers-color-scheme.content-override": scheme === "dark" ? 0 : 1 };
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  await writeFile(join(profile, "user.js"), lines.join("\n"));
  const { executable } = installedEngine("firefox");
  const child = startChild(executable, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], {
    // What a desktop would tell it is no business of a test's.
    env: { ...process.env, ...environment, MOZ_CRASHREPORTER_DISABLE: "1", HOME: profile },
  });
  const close = async (): Promise<void> => {
    await child.end();
    await rm(profile, { recursive: true, force: true });
  };
  try {
    const bidi = await Bidi.connect(`${await child.said(/WebDriver BiDi listening on (ws:\S+)/)}/session`);
    await bidi.send("session.new", { capabilities: {} });
    await bidi.send("session.subscribe", { events: ["browsingContext.contextCreated", "log.entryAdded"] });
    return { name: "firefox", newCustomer: () => newCustomer(bidi), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Tree {
  readonly contexts: readonly { readonly context: string; readonly userContext: string }[];
}

async function newCustomer(bidi: Bidi): Promise<Customer> {
  const { userContext } = await bidi.send<{ userContext: string }>("browser.createUserContext");
  const troubles: string[] = [];
  const windows = async (): Promise<readonly string[]> => {
    const { contexts } = await bidi.send<Tree>("browsingContext.getTree", { maxDepth: 0 });
    return contexts.filter((one) => one.userContext === userContext).map(({ context }) => context);
  };
  const own = new Set<unknown>();
  bidi.listen((method, { context, userContext: whose, level, text, source }) => {
    if (method === "browsingContext.contextCreated" && whose === userContext) own.add(context);
    const { context: from } = (source ?? {}) as { readonly context?: string };
    if (method === "log.entryAdded" && level === "error" && own.has(from)) troubles.push(String(text));
  });
  return {
    async open(url, size = USUAL_SIZE) {
      const { context } = await bidi.send<{ context: string }>("browsingContext.create", { type: "window", userContext });
      const tab = tabOf(bidi, context, windows);
      await tab.resize(size);
      await tab.go(url);
      return tab;
    },
    setOffline: async (isOffline) => {
      await bidi.send("emulation.setNetworkConditions", {
        networkConditions: isOffline ? { type: "offline" } : null,
        userContexts: [userContext],
      });
    },
    troubles: () => Promise.resolve(troubles),
    close: async () => void (await bidi.send("browser.removeUserContext", { userContext })),
  };
}

interface Called {
  readonly type: "success" | "exception";
  readonly result?: { readonly value?: string };
  readonly exceptionDetails?: { readonly text: string };
}

function tabOf(bidi: Bidi, context: string, windows: () => Promise<readonly string[]>): Tab {
  const perform = async (actions: readonly object[]): Promise<void> => {
    await bidi.send("input.performActions", { context, actions });
  };
  const tab: Tab = {
    go: async (url) => void (await bidi.send("browsingContext.navigate", { context, url, wait: "complete" })),
    reload: async () => void (await bidi.send("browsingContext.reload", { context, wait: "complete" })),
    async call(run, ...given) {
      const { type, result, exceptionDetails } = await bidi.send<Called>("script.callFunction", {
        functionDeclaration: `async (given) => JSON.stringify(await (${run.toString()})(...JSON.parse(given)))`,
        arguments: [{ type: "string", value: JSON.stringify(given) }],
        target: { context },
        awaitPromise: true,
        userActivation: false,
      });
      if (type === "exception") throw new Error(exceptionDetails?.text);
      return (result?.value === undefined ? undefined : JSON.parse(result.value)) as never;
    },
    clickAt: (x, y) => perform(clickActions(x, y)),
    press: (keys) => perform(keyActions(keys)),
    async resize(viewport) {
      await bidi.send("browsingContext.setViewport", { context, viewport });
      return viewport;
    },
    async picture() {
      const { data } = await bidi.send<{ data: string }>("browsingContext.captureScreenshot", { context, origin: "viewport" });
      return Buffer.from(data, "base64");
    },
    others: async () => (await windows()).filter((one) => one !== context).map((one) => tabOf(bidi, one, windows)),
    isOpen: async () => (await windows()).includes(context),
    close: async () => void (await bidi.send("browsingContext.close", { context })),
  };
  return tab;
}
