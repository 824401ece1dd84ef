import type { AddressInfo } from "node:net";
import { repeatedly } from "../foundation/repeatedly.ts";
import { listen } from "./listen.ts";
import { type Base, openBase, type StartSettings } from "./open-base.ts";
import { type CustomerData, openCustomerData } from "./open-customer-data.ts";
import { writeBackup } from "./backup.ts";
import { listenForControl } from "./control-socket.ts";
import { openDesk, type OpenedDesk } from "./open-desk.ts";
import { closingsOf, openLine, openWeb, type Web } from "./open-line.ts";
import { type Notices, openNotices } from "./open-notices.ts";
import { openPublished } from "./open-published.ts";
import { openPrograms } from "./open-programs.ts";
import { openPages } from "./open-pages.ts";
import { OpenParts } from "./open-parts.ts";
import { openSetup, type Setup } from "./open-setup.ts";
import { openSignIns } from "./open-sign-ins.ts";
import { openStorage, type Storage } from "./open-storage.ts";
import { type ModelsAndTools, openTools } from "./open-tools.ts";
import { openViews, type Views } from "./open-views.ts";
import { openVoice, type Voice } from "./open-voice.ts";
import type { Settings } from "./settings.ts";
import { serveCustomers } from "./serve-customers.ts";
import { serveStaff } from "./serve-staff.ts";
import { serveVoice } from "./serve-voice.ts";
import { openStaffApi, type StaffApi } from "./staff-api.ts";

export interface RunningServer {
  /** How browsers reach it. */
  readonly url: string;
  readonly port: number;
  /**
   * The link that makes the first admin, while there is no staff. It is a secret: show it to the operator, never log
   * it.
   */
  readonly setupUrl?: string;
  /**
   * Accepts nothing new (`/readyz` says 503, requests are answered `stopping`), returns running turns to the journal,
   * and closes everything within 10 s. Harmless when repeated.
   */
  close(): Promise<void>;
}

/**
 * Starts a server and resolves once it listens. Throws `ConfigurationError`, `SecretError`, `EncryptionKeyError`,
 * `StoreOpenError` or `StartError`, each with a message for the operator. Nothing is left open then.
 */
export async function startServer(settings: Settings, options: StartSettings = {}): Promise<RunningServer> {
  const base = await openBase(settings, options);
  const open = new OpenParts();
  try {
    const storage = open.add(await openStorage(base));
    const setup = await openSetup({ ...base, ...storage });
    // After the sockets, before the database.
    open.add({ close: () => setup.setup.sightings.flush(true) });
    const signIns = openSignIns({ ...base, ...storage, ...setup });
    const web = openWeb({ ...base, ...setup });
    const tools = open.add(openTools({ ...base, ...setup, ...signIns, ...web }));
    // After the tools, which requests and turns may still use while they end.
    for (const part of closingsOf(web)) open.add(part);
    const line = open.add(openLine({ ...base, ...storage, ...setup, ...web }));
    const notices = open.add(openNotices({ ...base, ...storage, ...setup, ...line }));
    const desk = open.add(openDesk({ ...base, ...storage, ...setup, ...signIns, ...tools, ...line, ...notices }));
    const views = open.add(openViews({ ...base, ...storage, ...web, ...desk }));
    const voice = open.add(openVoice({ ...base, ...storage, ...setup, ...tools, ...web, ...line, ...desk }));
    const customerData = open.add(openCustomerData({ ...base, ...storage, ...setup, ...signIns, ...line, ...desk, ...voice }));
    const published = open.add(
      openPublished({ ...base, ...storage, ...setup, ...tools, ...line, ...desk, api: { operations: () => api.operations() } }),
    );
    const api = openStaffApi({
      ...base,
      ...storage,
      ...setup,
      ...signIns,
      ...tools,
      ...line,
      ...desk,
      ...notices,
      published,
      customerData,
    });
    const programs = openPrograms({ ...base, ...storage, ...setup, api, published });
    await openPages({ ...base, ...storage, ...setup, ...web, ...line, api, published, programs });
    serveCustomers({ ...base, ...setup, ...storage, ...web, ...line, ...desk, ...voice, ...views });
    serveVoice({ ...base, ...setup, ...web, ...voice, api });
    open.add(serveStaff({ ...base, ...storage, ...web, ...line, ...desk, api }));
    return await goLive({ ...base, ...storage, ...setup, ...tools, ...web, ...desk, ...notices, ...views, voice, api, customerData, open });
  } catch (error) {
    await open.close(base.log);
    throw error;
  }
}

/** How often what has expired is deleted. */
const PURGE_MS = 60 * 60_000;

/** How long calls of published servers stay in their log. */
const LOGGED_MS = 90 * 24 * 60 * 60_000;

/** How often it is written which pages came. */
const SIGHTINGS_MS = 60_000;

/** Listens, and begins what goes on by itself: waiting answers, checks of servers, learning tools, purging. */
async function goLive(
  parts: Base &
    Storage &
    Setup &
    ModelsAndTools &
    Web &
    OpenedDesk &
    Views &
    Notices & { readonly voice: Voice; readonly api: StaffApi; readonly customerData: CustomerData; readonly open: OpenParts },
): Promise<RunningServer> {
  const { httpServer, settings, address, desk, reminding, checks, learnAhead, search, setup, clock, log, open } = parts;
  const before = clock.now();
  await parts.listenForViews();
  await listen(httpServer, settings);
  const { port } = httpServer.address() as AddressInfo;
  address.listensOn(port);
  const leftEnded = parts.voice.voiceCalls
    .endLeft(before)
    .catch((error: unknown) => log.error({ error: String(error) }, "Voice calls that were left could not be ended."));
  open.add({ close: () => leftEnded });
  const leftViewCalls = parts
    .endLeftViewCalls(before)
    .catch((error: unknown) => log.error({ error: String(error) }, "Calls of views that were left could not be ended."));
  open.add({ close: () => leftViewCalls });
  desk.start();
  reminding.start();
  parts.startNotices();
  parts.customerData.begin();
  checks.start();
  learnAhead();
  search.start();
  open.add({ close: repeatedly(clock, log, PURGE_MS, () => purge(parts)) });
  open.add({ close: repeatedly(clock, log, SIGHTINGS_MS, () => setup.sightings.flush()) });
  open.add({ close: await listenForControl({ dataDir: settings.dataDir, log }, (path) => writeBackup(parts.journal.customerData, path)) });
  const setupUrl = await setupUrlOf(parts);
  log.info({ url: address.url(), port, assistants: setup.live.all().map(({ key }) => key), version: parts.version }, "Frontdesk listens.");
  return { url: address.url(), port, ...(setupUrl === undefined ? {} : { setupUrl }), close: () => stop(parts) };
}

/** Undefined: there is staff, or a key in the environment that can make some. */
async function setupUrlOf({ settings, address, api, log }: Base & { readonly api: StaffApi }): Promise<string | undefined> {
  const link = await (settings.adminKey === undefined ? api.firstAdmin.renewLink() : api.firstAdmin.endLinks());
  if (link === undefined) return undefined;
  log.info({}, "There is no staff yet. Standard output shows a link, good for a day, that makes the first admin.");
  return `${address.url()}/setup#${link}`;
}

async function stop({ beginStopping, isStopping, open, log }: Base & { readonly open: OpenParts }): Promise<void> {
  if (isStopping()) return open.close();
  beginStopping();
  log.info({}, "Stopping: nothing new is taken, running answers go back to the journal.");
  await open.close(log);
  log.info({}, "Stopped.");
}

/** What has expired, and what the log of published servers keeps no longer. */
async function purge({ documents, journal, clock }: Pick<Base & Storage, "documents" | "journal" | "clock">): Promise<void> {
  await documents.purge(clock.now());
  await journal.publishedCalls.forget(clock.now() - LOGGED_MS);
}
