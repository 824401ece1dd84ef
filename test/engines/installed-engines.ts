import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "../support/browser.ts";
import type { EngineName } from "./engine.ts";

/** What Debian calls an engine's packages. */
export const PACKAGES: Readonly<Record<Exclude<EngineName, "chromium">, readonly string[]>> = {
  firefox: ["firefox-esr"],
  webkit: ["webkit2gtk-driver", "libwebkit2gtk-4.1-0", "xvfb"],
};

export interface Installed {
  readonly executable: string;
  /** What drives it, and the screen that it is drawn on. WebKit only. */
  readonly driver?: string;
  readonly display?: string;
}

const first = (...paths: readonly (string | undefined)[]): string | undefined =>
  paths.find((path) => path !== undefined && existsSync(path));

/** WebKitGTK's own browser, of whichever processor and interface the package is for. */
function miniBrowser(): string | undefined {
  const folders = ["/usr/lib", "/usr/libexec"].filter((folder) => existsSync(folder));
  const libraries = folders.flatMap((folder) => [
    folder,
    ...readdirSync(folder)
      .filter((name) => name.includes("linux-gnu"))
      .map((name) => join(folder, name)),
  ]);
  return first(
    ...libraries.flatMap((folder) =>
      ["4.1", "6.0"].map((version) => join(folder, `webkit${version === "6.0" ? "gtk" : "2gtk"}-${version}`, "MiniBrowser")),
    ),
  );
}

/**
 * Where an engine is on this machine.
 *
 * @throws where it is not; the message says what to install
 */
export function installedEngine(name: EngineName): Installed {
  if (name === "chromium") return { executable: findBrowser() };
  const executable = name === "firefox" ? first(process.env["FIREFOX_PATH"], "/usr/bin/firefox-esr", "/usr/bin/firefox") : miniBrowser();
  if (name === "firefox" && executable) return { executable };
  const driver = first("/usr/bin/WebKitWebDriver");
  const display = first("/usr/bin/Xvfb");
  if (name === "webkit" && executable && driver && display) return { executable, driver, display };
  throw new Error(`There is no ${name} here. On Debian: apt-get install ${PACKAGES[name].join(" ")}`);
}

/** Why an engine cannot be tested on this machine; `undefined` if it can. On CI it has to be there. */
export function whyNotInstalled(name: EngineName): string | undefined {
  try {
    installedEngine(name);
    return undefined;
  } catch (error) {
    if (process.env["CI"] !== undefined) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}
