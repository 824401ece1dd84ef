/** The composition root: the one file that knows every maker. It makes the ports, joins them, and takes them apart again. */
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { DestinationStream } from "pino";
import { systemClock } from "./system-clock.ts";
import type { Settings } from "./settings.ts";
import { type Configuration, emptyConfiguration, readConfiguration } from "../configuration/read-configuration.ts";
import { apiPart } from "./api.ts";
import { lateMetrics } from "./late-metrics.ts";
import { lazyModels, lazyTools } from "./lazy-ports.ts";
import { openOwners, type Owners } from "./owners.ts";
import { repeatedly } from "../foundation/repeatedly.ts";
import { lazyConnections, lazyProber } from "./sign-ins.ts";
import type { Assistants } from "../conversation/ports/assistants.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import type { Models } from "../conversation/ports/model.ts";
import type { Tools } from "../conversation/ports/tools.ts";
import { Desk } from "../conversation/desk.ts";
import { openEncryptionKeys } from "../guard/secrets/encryption-keys.ts";
import { Limits } from "../guard/limits/limits.ts";
import { createMemoryLimiters } from "../guard/limits/memory-limiters.ts";
import { createRedaction } from "../guard/secrets/redaction.ts";
import { createSecretBox } from "../guard/secrets/secret-box.ts";
import { createApplication } from "../http/application.ts";
import { healthRoutes } from "../http/health.ts";
import { linkPages } from "../http/pages/link-pages.ts";
import { startPage } from "../http/pages/start-page.ts";
import { WidgetArchive } from "../http/widget/widget-archive.ts";
import { readWidgetFiles } from "../http/widget/widget-files.ts";
import { widgetRoutes } from "../http/widget/widget-routes.ts";
import { createCustomerTokens } from "../identity/customers/customer-token.ts";
import { createCustomers } from "../identity/customers/customers.ts";
import { derive, openSecret } from "../guard/secrets/server-secret.ts";
import { createStillMay } from "../identity/staff/still-may.ts";
import { CustomerGateway } from "../live/line/customer-gateway.ts";
import { openLineServer } from "../live/line/line-server.ts";
import { customerListener } from "../live/line/customer-listener.ts";
import { createRoom } from "../live/room.ts";
import { Upgrades } from "../live/upgrades.ts";
import { lazily } from "../foundation/lazily.ts";
import { createLog } from "./log.ts";
import { findPackage } from "./package-root.ts";
import { listen } from "./start-error.ts";
import { ServerChecks } from "../setup/mcp-servers/server-checks.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { McpToolsOptions } from "../tools/mcp/mcp-tools.ts";
import { wrapModels, type WrapPort, wrapTools } from "./wrap-ports.ts";

export interface StartOptions {
  /** Every port passes through it before anybody uses it. */
  readonly wrapPort?: WrapPort;
  /** Where log lines go instead of standard output. */
  readonly logDestination?: DestinationStream;
  /** Where the built widget lies instead of `dist/widget` of this package. */
  readonly widgetFolder?: string;
  readonly clock?: Clock;
}

export interface RunningServer {
  /** How browsers reach it. */
  readonly url: string;
  readonly port: number;
  /** The link that makes the first admin, while nobody of the staff exists: a secret, for whoever starts the server to see and for no log. */
  readonly setupUrl?: string;
  /**
   * Takes nothing new (`/readyz` says 503, requests are answered `stopping`), gives running turns back to the journal, closes everything. Within 10 s;
   * harmless when repeated.
   */
  close(): Promise<void>;
}

/** Not imported: an `import` reads every export, which loads Node's whole fetch, 14 MB that a server at rest has no use for. */
const { createServer } = process.getBuiltinModule("node:http");

/** How long running turns may take to come to a good place. */
const DRAIN_MS = 5000;
/** How long each thing after that may take to close. */
const CLOSE_MS = 1000;
const LEASE_MS = 30_000;
const POLL_MS = 1000;
const PAGE_EVENTS = 100;
/** How often what has expired is deleted. */
const PURGE_MS = 60 * 60_000;

/**
 * Starts a server and resolves once it listens. Throws `ConfigurationError`, `SecretError`, `StoreOpenError` or `StartError`, each with a message for the
 * operator; nothing is left open then.
 */
export async function startServer(settings: Settings, options: StartOptions = {}): Promise<RunningServer> {
  const serverLog = createLog({
    level: settings.logLevel,
    ...(options.logDestination === undefined ? {} : { destination: options.logDestination }),
  });
  const { log } = serverLog;
  const configuration =
    settings.configPath === undefined ? emptyConfiguration() : await readConfiguration(settings.configPath, settings.environment);
  const given = [settings.secret, settings.adminKey, settings.encryptionKey, ...(settings.previousEncryptionKeys ?? [])].filter(
    (one) => one !== undefined,
  );
  serverLog.redactFromNowOn(createRedaction([...configuration.secrets, ...given]));
  for (const warning of configuration.warnings) log.warn({}, warning);

  const wrap: WrapPort = options.wrapPort ?? ((_name, port) => port);
  const clock = wrap("clock", options.clock ?? systemClock);
  const { folder, version } = findPackage();
  const keys = await openEncryptionKeys({
    dataDir: settings.dataDir,
    given: settings.encryptionKey,
    previous: settings.previousEncryptionKeys ?? [],
    log,
  });
  const box = createSecretBox({ keys });
  const secret = await openSecret({ dataDir: settings.dataDir, given: settings.secret, log });
  const widgetFolder = options.widgetFolder ?? join(folder, "dist", "widget");
  const widget = await readWidgetFiles(widgetFolder);
  if (widget === undefined) log.warn({ path: widgetFolder }, "The widget is not built, so pages cannot load it. Run `npm run build`.");

  const opened = await openSqliteStore({ path: join(settings.dataDir, "frontdesk.sqlite"), log });
  const archive =
    widget &&
    (await openArchive({ current: widget, source: widgetFolder, folder: join(settings.dataDir, "widget"), now: clock.now() }, log));
  const store = wrap("store", opened);
  const guarded = lazily(() => loadFetch(configuration));
  const guardedFetch: typeof fetch = async (...request) => (await guarded())(...request);
  const owners = await openOwners({
    configuration,
    documents: opened.documents,
    calls: opened.calls,
    box,
    clock,
    log,
    fetch: guardedFetch,
  });
  const stillMay = createStillMay({ documents: owners.documents, clock, adminKey: settings.adminKey });
  let publicUrl = settings.publicUrl ?? "";
  const connections = lazyConnections({
    documents: owners.documents,
    box,
    fetch: guardedFetch,
    clock,
    log,
    publicUrl: () => publicUrl,
    servers: owners.oauthServer,
    onConnected: (connected) => desk.connected(connected),
    onShared: (server, by) => checks.soon(server, by.name),
    mayConnect: (by) => stillMay(by, "connections.write"),
  });
  const host = { fetch: guardedFetch, clock, log, authorizations: connections.authorizations, clientVersion: version };
  const prober = lazyProber(async () => (await import("../tools/probe/probe-server.ts")).createProber(host));
  const isUsed = (server: string): boolean =>
    owners.live.all().some(({ connectors }) => connectors.some((connector) => connector.server === server));
  const { servers: directory, pins, statuses } = owners;
  const checks = new ServerChecks({ directory, prober, pins, statuses, isUsed, clock, log });
  const models = lazyModels(() => loadModels(configuration, clock, log));
  const tools = lazyTools(() => loadTools(host, owners));
  const assistants: Assistants = wrap("assistants", owners.live);
  const limiters = createMemoryLimiters();
  const limits = new Limits({ limiters, limits: configuration.limits });

  let stopping = false;
  const isStopping = (): boolean => stopping;
  const ownOrigins: string[] = settings.publicUrl === undefined ? [] : [settings.publicUrl];
  const { trustedProxies } = settings;

  const isHttps = settings.publicUrl?.startsWith("https:") ?? false;
  const metrics = lateMetrics(() => io.engine.clientsCount);
  const api = apiPart({
    configuration,
    owners,
    connections,
    prober,
    limiters,
    journal: opened,
    desk: {
      decideApproval: (...decision) => desk.staff.decideApproval(...decision),
      settleCall: (...settled) => desk.staff.settleCall(...settled),
    },
    box,
    clock,
    log,
    fetch: guardedFetch,
    sessionSecret: derive(secret, "staff-sessions").toString("base64url"),
    adminKey: settings.adminKey,
    publicUrl: () => publicUrl,
    ownOrigins: () => ownOrigins,
    isHttps,
    trustedProxies,
    version,
  });
  const application = createApplication({
    routers: [
      widgetRoutes(widget, archive),
      healthRoutes({ isStopping, store: async () => void (await store.listDue(0, 1)) }),
      startPage({ publicUrl: () => publicUrl, version, hasAssistant: () => owners.live.all().length > 0 }),
      linkPages(),
    ],
    mounts: [...api.mounts, metrics.mount],
    isHttps,
    log,
  });
  // Nothing that a browser asks for has a body or takes long to say.
  const httpServer = createServer({ headersTimeout: 15_000, requestTimeout: 30_000 }, application);
  const origins = (): string[] => [...owners.live.origins(), ...ownOrigins];
  const upgrades = new Upgrades({ limits, trustedProxies, isStopping, clock, log });
  upgrades.attach(httpServer);
  const io = openLineServer({ upgrades, origins, limits, trustedProxies });
  const desk = new Desk(
    {
      store,
      assistants,
      models: options.wrapPort === undefined ? models : wrapModels(models, wrap),
      tools: options.wrapPort === undefined ? tools : wrapTools(tools, wrap),
      signIns: wrap("signIns", connections.signIns),
      clock,
      log,
      meter: wrap("meter", metrics.meter),
      room: wrap("room", createRoom([customerListener(io)], log)),
    },
    { holder: clock.id(), leaseMs: LEASE_MS, pollMs: POLL_MS, pageEvents: PAGE_EVENTS },
  );
  const tokens = createCustomerTokens({ key: derive(secret, "customer-token"), now: () => clock.now(), id: () => clock.id() });
  const customers = createCustomers({ assistants, tokens, ownOrigins: () => ownOrigins, trustedProxies });
  new CustomerGateway({ io, desk: desk.customers, customers, assistants, limits, clock, isStopping, log });

  let endPurging = (): void => {};
  const close = once(async () => {
    stopping = true;
    endPurging();
    log.info({}, "Stopping: nothing new is taken, running answers go back to the journal.");
    await within(DRAIN_MS + CLOSE_MS, desk.drain(DRAIN_MS));
    await within(CLOSE_MS, io.close());
    await within(CLOSE_MS, new Promise((resolve) => httpServer.close(resolve)));
    httpServer.closeAllConnections();
    await within(CLOSE_MS, Promise.all([tools.close(), models.close(), checks.close()]));
    await within(CLOSE_MS, opened.close());
    log.info({}, "Stopped.");
  });

  try {
    await listen(httpServer, settings);
  } catch (error) {
    await opened.close();
    throw error;
  }
  const { port } = httpServer.address() as AddressInfo;
  if (settings.publicUrl === undefined) {
    publicUrl = `http://localhost:${port}`;
    ownOrigins.push(publicUrl, `http://127.0.0.1:${port}`);
  }
  desk.start();
  checks.start();
  endPurging = repeatedly(clock, log, PURGE_MS, async () => void (await owners.documents.purge(clock.now())));
  const link = await (settings.adminKey === undefined ? api.firstAdmin.renewLink() : api.firstAdmin.endLinks());
  if (link !== undefined)
    log.info({}, "There is nobody of the staff yet. Standard output names a link, good for a day, under which the first admin is made.");
  log.info({ url: publicUrl, port, assistants: owners.live.all().map(({ key }) => key), version }, "Frontdesk listens.");
  return { url: publicUrl, port, ...(link === undefined ? {} : { setupUrl: `${publicUrl}/setup#${link}` }), close };
}

/** A disk that is full must not keep the server from starting: only pages that still have an older script miss something. */
async function openArchive(options: Parameters<typeof WidgetArchive.open>[0], log: Log): Promise<WidgetArchive | undefined> {
  try {
    return await WidgetArchive.open(options);
  } catch (error) {
    log.warn(
      { error: String(error), path: options.folder },
      "The widget's files could not be put by for pages that load them after an upgrade.",
    );
    return undefined;
  }
}

async function loadModels(configuration: Configuration, clock: Clock, log: Log): Promise<Models & { close(): Promise<void> }> {
  const { createModels } = await import("../model/models.ts");
  const sockets = async () => (await import("../guard/network/guarded-fetch.ts")).openGuardedConnections(configuration.network);
  return createModels({ clock, log, sockets });
}

async function loadTools(
  host: Omit<McpToolsOptions, "directory" | "fetch"> & { readonly fetch: typeof fetch },
  { servers, httpTools }: Owners,
): Promise<Tools> {
  const [{ createMcpTools }, { createHttpTools }, { joinTools }] = await Promise.all([
    import("../tools/mcp/mcp-tools.ts"),
    import("../tools/http/http-tools.ts"),
    import("../tools/join-tools.ts"),
  ]);
  return joinTools(createMcpTools({ ...host, directory: servers }), createHttpTools({ ...host, definitions: httpTools }));
}

async function loadFetch(configuration: Configuration): Promise<typeof fetch> {
  const { createGuardedFetch } = await import("../guard/network/guarded-fetch.ts");
  return createGuardedFetch({ allowPrivate: configuration.network.allowPrivate });
}

/** Waits for it, but not for ever. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
