#!/usr/bin/env node
/** The program `frontdesk`. It writes plain sentences to the terminal, and ends with exit code 1 after a failure. */
import { giveBackWhatStartingTook } from "./start/memory.ts";
import { isBuiltin } from "node:module";
import { resolve } from "node:path";
import { readSettings, SettingsError } from "./start/settings.ts";
import { findPackage } from "./start/package-root.ts";

const HELP = `Usage: frontdesk [command]

  start [file]   Start the server (the default). The configuration file is \`file\` or FRONTDESK_CONFIG; without one,
                 everything is set up in the console or over the API.
  check [file]   Report what is wrong in a configuration file, and start nothing. With --online, also ask the model of
                 each of its assistants for a word and for a call, and have its voice say a sentence and hear it: a few small
                 requests, which cost tokens.
  backup FILE    Write a consistent copy of the database into FILE, while the server runs or not. The keys are not in it.
  restore FILE   Put a backup in the place of the database. Stop the server first. With --replace, also where there is
                 a database; what was there is kept beside it.
  rotate-key     Seal every stored secret with a new key. Stop the server first.
  schema         Print the JSON Schema of the configuration file.
  version        Print the version.
  help           Print this.

Environment:
  FRONTDESK_CONFIG   the configuration file
  DATA_DIR           the folder of the database and the keys (.data)
  PORT, HOST         where to listen (4400, every address)
  PUBLIC_URL         how browsers reach this server, with the path that a proxy serves it under (http://localhost:PORT)
  PUBLIC_NAME        what people who sign in at another service read of this one (the host of PUBLIC_URL)
  PUBLIC_LOGO_URL    an image that they see beside it
  FRONTDESK_SECRET   replaces DATA_DIR/secret.key
  FRONTDESK_ADMIN_KEY  an API key with the role admin, for machines (32 characters or more)
  FRONTDESK_ENCRYPTION_KEY             replaces DATA_DIR/encryption.key
  FRONTDESK_PREVIOUS_ENCRYPTION_KEYS   earlier keys, separated by spaces, until rotate-key has run
  TRUST_PROXY        how many proxies in front write X-Forwarded-For (0)
  LOG_LEVEL          fatal, error, warn, info, debug or silent (info)

The first admin: while there is no staff, each start without FRONTDESK_ADMIN_KEY prints a link that makes the first admin.
The link is good once, within a day. Admins invite everybody else in the console, or over the API
(docs/api.md).
`;

const NO_FILE = `There is no configuration file to check. Set FRONTDESK_CONFIG, or give the file as an argument, for example:

  frontdesk check frontdesk.json

The README shows a small one to begin with. \`frontdesk schema\` prints every field that it may have.`;

/** Errors whose message is written for the operator. For any other, the stack helps more. */
const PLAIN_ERRORS = new Set([
  "BackupError",
  "ConfigurationError",
  "EncryptionKeyError",
  "RotationError",
  "SecretError",
  "SettingsError",
  "StartError",
  "StoreOpenError",
]);
/** The promise is 10 s. Whatever takes longer is cut off. */
const LONGEST_STOP_MS = 9500;
/** By then, everything that the start began has ended. */
const SETTLED_MS = 1000;

const [command = "start", ...rest] = process.argv.slice(2);
try {
  await run(command, rest);
} catch (error) {
  fail(error instanceof Error && PLAIN_ERRORS.has(error.name) ? error.message : error);
}

async function run(name: string, values: readonly string[]): Promise<void> {
  switch (name) {
    case "start":
      return start(values[0]);
    case "check":
      return check(values);
    case "rotate-key": {
      const { rotateKey } = await import("./start/rotate-key.ts");
      return print(await rotateKey(settingsWith(undefined)));
    }
    case "backup": {
      const { backupTo } = await import("./start/backup.ts");
      return print(await backupTo(settingsWith(undefined), fileIn(values, "backup")));
    }
    case "restore": {
      const { restoreFrom } = await import("./start/backup.ts");
      const [file, replaces] = [fileIn(values, "restore", ["--replace"]), values.includes("--replace")];
      return print(await restoreFrom(settingsWith(undefined), file, { replaces, now: Date.now() }));
    }
    case "schema": {
      const { configurationJsonSchema } = await import("./configuration/json-schema.ts");
      return print(JSON.stringify(configurationJsonSchema(), null, 2));
    }
    case "version":
    case "--version":
    case "-v":
      return print(findPackage().version);
    case "help":
    case "--help":
    case "-h":
      return print(HELP.trimEnd());
    default:
      fail(`There is no command "${name}".\n\n${HELP}`);
  }
}

async function start(file: string | undefined): Promise<void> {
  if (!isBuiltin("node:sqlite")) return fail(`Frontdesk needs Node 22.19 or newer; this is ${process.version}.`);
  const settings = settingsWith(file);
  const { startServer } = await import("./start/start-server.ts");
  const starting = startServer(settings);

  // From the first moment: a signal during the start ends the server as soon as it has started.
  let asked = false;
  const stop = (signal: string): void => {
    if (asked && signal === "SIGINT") process.exit(130);
    if (asked) return;
    asked = true;
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
    starting
      .then((server) => server.close())
      .then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  const { url, setupUrl } = await starting;
  setTimeout(giveBackWhatStartingTook, SETTLED_MS).unref();
  if (setupUrl !== undefined)
    print(
      `\n  Frontdesk     ${url}\n  First admin   ${setupUrl}\n\n  Open the second link within a day to become the first admin. It is good once.\n`,
    );
}

async function check(values: readonly string[]): Promise<void> {
  const unknown = values.find((value) => value.startsWith("-") && value !== "--online");
  if (unknown !== undefined) return fail(`frontdesk check does not know ${unknown}. It takes a file, and --online.`);
  const settings = settingsWith(values.find((value) => value !== "--online"));
  if (settings.configPath === undefined) return fail(NO_FILE);
  const { readConfiguration } = await import("./configuration/read-configuration.ts");
  const configuration = await readConfiguration(settings.configPath, settings.environment);
  const { assistants, mcpServers, warnings, suggestions } = configuration;
  print(`${settings.configPath} is fine: ${count(assistants.length, "assistant")}, ${count(mcpServers.length, "MCP server")}.`);
  for (const warning of warnings) print(`Warning: ${warning}`);
  for (const suggestion of suggestions) print(`Suggestion: ${suggestion}`);
  if (!values.includes("--online")) return;
  const [{ checkModels }, { checkVoices }] = await Promise.all([import("./start/check-models.ts"), import("./start/check-voices.ts")]);
  if (!(await checkModels(configuration, print))) process.exitCode = 1;
  if (!(await checkVoices(configuration, print))) process.exitCode = 1;
}

function fileIn(values: readonly string[], name: string, options: readonly string[] = []): string {
  const unknown = values.find((value) => value.startsWith("-") && !options.includes(value));
  if (unknown !== undefined) return fail(`frontdesk ${name} does not know ${unknown}.`);
  const files = values.filter((value) => !value.startsWith("-"));
  const [file] = files;
  if (file === undefined || files.length > 1)
    return fail(`frontdesk ${name} takes one file, for example: frontdesk ${name} frontdesk-backup.sqlite`);
  return file;
}

function settingsWith(file: string | undefined): ReturnType<typeof readSettings> {
  try {
    const settings = readSettings();
    return file === undefined ? settings : { ...settings, configPath: resolve(file) };
  } catch (error) {
    if (error instanceof SettingsError) return fail(`The environment has faults:\n${error.faults.map((line) => `  ${line}`).join("\n")}`);
    throw error;
  }
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(reason: unknown): never {
  const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
