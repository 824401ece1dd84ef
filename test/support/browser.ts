import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

/** The headless one first: the same engine without what draws windows takes half the processor's time. */
const INSTALLED = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The browser that tests drive: `CHROME_PATH`, else one that is installed, else the one playwright downloaded.
 *
 * @returns the path of its executable
 * @throws where there is none; the message says how to get one
 */
export function findBrowser(): string {
  const asked = process.env["CHROME_PATH"];
  const candidates = asked ? [asked] : [...INSTALLED, chromium.executablePath()];
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  throw new Error(
    `No browser at ${candidates.join(", ")}. Install Chromium (Debian: apt-get install chromium-headless-shell), ` +
      "run `npx playwright-core install chromium`, or set CHROME_PATH.",
  );
}

/** A Chromium with real microphones and loudspeakers: the headless one has none. Undefined: there is none. */
export function findSoundBrowser(): string | undefined {
  return INSTALLED.slice(1).find((path) => existsSync(path));
}

/** Starts it in a room: it hears what is said there, and itself. Whoever starts it closes it. */
export function launchInRoom(executablePath: string, { server }: { readonly server: string }): Promise<Browser> {
  const env = { ...process.env, PULSE_SERVER: server } as Record<string, string>;
  return chromium.launch({ executablePath, args: QUIET, ignoreDefaultArgs: ["--mute-audio"], env });
}

/** Starts a headless Chromium that makes no request of its own. Whoever starts it closes it. */
export function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: findBrowser(), args: [...QUIET, ...flags] });
}
