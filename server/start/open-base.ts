import type { DestinationStream } from "pino";
import type { Clock } from "../foundation/clock.ts";
import { createLocalLock } from "../foundation/local-lock.ts";
import type { Lock } from "../foundation/lock.ts";
import type { Log } from "../foundation/log.ts";
import type { Limiters } from "../guard/limits/limiters.ts";
import { createMemoryLimiters } from "../guard/limits/memory-limiters.ts";
import { type Configuration, emptyConfiguration, readConfiguration } from "../configuration/read-configuration.ts";
import { createRedaction } from "../guard/secrets/redaction.ts";
import { createLog } from "./log.ts";
import { OwnAddress } from "./own-address.ts";
import { findPackage } from "./package-root.ts";
import { SandboxAddress } from "./sandbox-address.ts";
import { secretsOf, type Settings } from "./settings.ts";
import { systemClock } from "./system-clock.ts";
import { NO_WRAP, type WrapPort } from "./wrap-ports.ts";

/** What a test replaces when it starts a server. */
export interface StartSettings {
  /** Every port passes through it before anybody uses it. */
  readonly wrapPort?: WrapPort;
  /** Where log lines go instead of standard output. */
  readonly logDestination?: DestinationStream;
  /** The folder of the built widget, instead of `dist/widget` of this package. */
  readonly widgetFolder?: string;
  readonly clock?: Clock;
}

/** What every part may use. */
export interface Base {
  readonly settings: Settings;
  readonly configuration: Configuration;
  readonly log: Log;
  readonly clock: Clock;
  readonly wrap: WrapPort;
  readonly address: OwnAddress;
  readonly sandbox: SandboxAddress;
  /** For rules over several documents. */
  readonly lock: Lock;
  readonly limiters: Limiters;
  /** Of this package. */
  readonly folder: string;
  readonly version: string;
  readonly widgetFolder: string | undefined;
  readonly isStopping: () => boolean;
  /** From now on nothing new is taken. */
  readonly beginStopping: () => void;
}

/** Reads the configuration, and opens the log with every secret of it redacted. Throws `ConfigurationError`. */
export async function openBase(settings: Settings, options: StartSettings): Promise<Base> {
  const { wrapPort: wrap = NO_WRAP, logDestination, clock = systemClock, widgetFolder } = options;
  const serverLog = createLog({
    level: settings.logLevel,
    ...(logDestination === undefined ? {} : { destination: logDestination }),
  });
  const { log } = serverLog;
  const configuration =
    settings.configPath === undefined ? emptyConfiguration() : await readConfiguration(settings.configPath, settings.environment);
  serverLog.redactFromNowOn(createRedaction([...configuration.secrets, ...secretsOf(settings)]));
  for (const warning of configuration.warnings) log.warn({}, warning);

  let stopping = false;
  return {
    settings,
    configuration,
    log,
    clock: wrap("clock", clock),
    wrap,
    address: new OwnAddress(settings.publicUrl),
    sandbox: new SandboxAddress(settings),
    lock: createLocalLock(),
    limiters: createMemoryLimiters(),
    ...findPackage(),
    widgetFolder,
    isStopping: () => stopping,
    beginStopping: () => {
      stopping = true;
    },
  };
}
