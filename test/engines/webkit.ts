import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../support/wait-for.ts";
import { type Child, startChild } from "./child.ts";
import type { Customer, Engine, EngineOptions } from "./engine.ts";
import { installedEngine } from "./installed-engines.ts";
import { openSession } from "./webdriver.ts";
import { webKitCustomer } from "./webkit-customer.ts";
import { freePort } from "../support/free-port.ts";

/**
 * Starts a screen for WebKitGTK's own browser, which is driven over WebDriver. Each customer is a browser with a driver of
 * its own, since a driver has one session at a time, and keeps nothing.
 */
export async function startWebKit({ scheme = "light" }: EngineOptions = {}): Promise<Engine> {
  const { executable, driver = "", display = "" } = installedEngine("webkit");
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-webkit-"));
  await mkdir(join(folder, "gtk-3.0"));
  await writeFile(join(folder, "gtk-3.0/settings.ini"), "[Settings]\ngtk-enable-animations=0\n");
  const screen = startChild(display, ["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]);
  const environment = {
    ...process.env,
    GDK_BACKEND: "x11",
    GTK_THEME: scheme === "dark" ? "Adwaita:dark" : "Adwaita",
    // The one locale that every machine has. Pages read "C" as `navigator.language`, which is no language tag.
    LC_ALL: "C.UTF-8",
    XDG_CONFIG_HOME: folder,
    HOME: folder,
  };
  const drivers = new Set<Child>();
  const close = async (): Promise<void> => {
    await Promise.all(Array.from(drivers, (child) => child.end()));
    await screen.end();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const number = await screen.said(/^(\d+)$/);
    const newCustomer = async (): Promise<Customer> => {
      const port = await freePort();
      const child = startChild(driver, [`--port=${port}`], { env: { ...environment, DISPLAY: `:${number}` } });
      drivers.add(child);
      const url = `http://127.0.0.1:${port}`;
      await waitFor(() =>
        fetch(`${url}/status`).then(
          ({ ok }) => ok,
          () => false,
        ),
      );
      const session = await openSession(url, { "webkitgtk:browserOptions": { binary: executable, args: ["--automation"] } });
      return webKitCustomer(session, async () => {
        drivers.delete(child);
        await child.end();
      });
    };
    return { name: "webkit", newCustomer, close };
  } catch (error) {
    await close();
    throw error;
  }
}
