import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findBrowser, findSoundBrowser } from "../support/browser.ts";
import { ENGINES } from "./engine.ts";
import { installedEngine, PACKAGES } from "./installed-engines.ts";

const isDebianRoot = existsSync("/usr/bin/apt-get") && process.getuid?.() === 0;
let isUpToDate = false;

/** Installs Debian packages without what they only recommend; whether that went well. */
function install(...names: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...parameters: readonly string[]): boolean => spawnSync("apt-get", parameters, { stdio: "inherit", env }).status === 0;
  isUpToDate ||= apt("update");
  return apt("install", "-y", "--no-install-recommends", ...names);
}

/** Finds the Chromium of all tests or installs it; throws where neither can be done. */
export function ensureChromium(): void {
  try {
    findBrowser();
    return;
  } catch {
    console.log("No browser found; installing Chromium.");
  }
  if (isDebianRoot) {
    // Older systems have no package of the headless one alone.
    if (!install("chromium-headless-shell")) install("chromium");
  } else {
    spawnSync("npx", ["playwright-core", "install", "chromium"], { stdio: "inherit", cwd: join(import.meta.dirname, "../..") });
  }
  findBrowser();
}

/** Finds a Chromium with sound or installs it; where that cannot be done, the stories in a room are skipped. */
export function ensureSoundBrowser(): void {
  if (findSoundBrowser() === undefined && isDebianRoot) install("chromium");
}

/**
 * Finds the other engines or installs them from Debian's packages. Where that cannot be done it says what to install,
 * and their tests are skipped; on CI they fail.
 */
export function ensureOtherEngines(): void {
  for (const name of ENGINES) {
    if (name === "chromium") continue;
    try {
      installedEngine(name);
    } catch (error) {
      console.log(error instanceof Error ? error.message : error);
      if (isDebianRoot) install(...PACKAGES[name]);
      else console.log("Its tests are skipped.");
    }
  }
}
