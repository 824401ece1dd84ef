import { join } from "node:path";
import type { Store } from "../conversation/ports/store.ts";
import type { Log } from "../foundation/log.ts";
import { createApplication, type Mount } from "../http/application.ts";
import { deviceHealthRoutes } from "../http/device-health.ts";
import { healthRoutes } from "../http/health.ts";
import { linkPages } from "../http/pages/link-pages.ts";
import { startPage } from "../http/pages/start-page.ts";
import { WidgetArchive } from "../http/widget/widget-archive.ts";
import { readWidgetFiles } from "../http/widget/widget-files.ts";
import { widgetRoutes } from "../http/widget/widget-routes.ts";
import type { Base } from "./open-base.ts";
import type { Line, Web } from "./open-line.ts";
import type { Setup } from "./open-setup.ts";
import type { Storage } from "./open-storage.ts";
import type { Published } from "./open-published.ts";
import { noteVisits } from "./note-visits.ts";
import type { StaffApi } from "./staff-api.ts";

/** Answers every HTTP request: the widget's files, health, pages, and what `api` has. */
export async function openPages(
  parts: Base &
    Storage &
    Setup &
    Web &
    Line & { readonly api: StaffApi; readonly published: Published; readonly programs: readonly Mount[] },
): Promise<void> {
  const { store, setup, address, version, isStopping, clock, log, api, published, programs, metrics } = parts;
  const application = createApplication({
    routers: [
      await widgetPart(parts),
      healthRoutes({ isStopping, clock, store: () => answersAndWrites(store) }),
      deviceHealthRoutes({ isStopping }),
      startPage({ publicUrl: address.url, version, hasAssistant: () => setup.live.all().length > 0 }),
      linkPages(address.basePath),
    ],
    mounts: [...api.mounts, published.mount, ...programs, metrics],
    isHttpsOnly: address.isHttps && address.basePath === "",
    log,
  });
  parts.upgrades.serve(application);
}

async function answersAndWrites(store: Store): Promise<void> {
  await store.listDue(0, 1);
  await store.tryWrite();
}

async function widgetPart(parts: Base & Setup): Promise<ReturnType<typeof widgetRoutes>> {
  const { widgetFolder, folder, settings, address, sandbox, clock, log } = parts;
  const source = widgetFolder ?? join(folder, "dist", "widget");
  const current = await readWidgetFiles(source);
  if (current === undefined) {
    log.warn({ path: source }, "The widget is not built, so pages cannot load it. Run `npm run build`.");
    return widgetRoutes(undefined);
  }
  const archive = await openArchive({ current, source, folder: join(settings.dataDir, "widget"), now: clock.now() }, log);
  return widgetRoutes(current, { archive, basePath: address.basePath, sandbox: sandbox.url, scriptLoaded: noteVisits(parts).scriptLoaded });
}

/** A full disk must not keep the server from starting: only pages that still have an older script miss something. */
async function openArchive(options: Parameters<typeof WidgetArchive.open>[0], log: Log): Promise<WidgetArchive | undefined> {
  try {
    return await WidgetArchive.open(options);
  } catch (error) {
    log.warn(
      { error: String(error), path: options.folder },
      "The widget's files could not be kept for pages that load them after an upgrade.",
    );
    return undefined;
  }
}
