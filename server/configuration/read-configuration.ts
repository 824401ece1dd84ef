import { readFile } from "node:fs/promises";
import type { Assistant } from "../conversation/ports/assistant.ts";
import type { LineLimits } from "../guard/limits/limits.ts";
import type { McpServerSettings } from "../tools/mcp/servers/settings.ts";
import { assistantOf } from "./assistant-of.ts";
import { crossCheck } from "./cross-checks.ts";
import { type Fault, fault, faultsOf } from "./faults.ts";
import { showPath } from "./describe-value.ts";
import { jsonFault } from "./json-fault.ts";
import { renamed } from "./old-names.ts";
import { type ConfigurationFile, configurationSchema } from "./schema.ts";
import { secretsOf } from "./secrets-of.ts";
import { serverOf } from "./server-of.ts";
import { type Path, substitute } from "./substitute.ts";
import { suggestionsOf } from "./suggestions.ts";
import { warningsOf } from "./warnings.ts";

/** A configuration file that has been read and holds together. */
export interface Configuration {
  readonly assistants: readonly Assistant[];
  readonly mcpServers: readonly McpServerSettings[];
  readonly staff: ConfigurationFile["staff"];
  /** Undefined: no letters leave. */
  readonly smtp: ConfigurationFile["smtp"];
  readonly network: ConfigurationFile["network"];
  readonly limits: LineLimits;
  readonly retention: ConfigurationFile["retention"];
  readonly ownServer: ConfigurationFile["ownServer"];
  /** Values that must never be logged or shown. */
  readonly secrets: readonly string[];
  /** What is allowed but should be changed: one sentence each, for the log at start. */
  readonly warnings: readonly string[];
  /** What may be better otherwise: one sentence each, for whoever checks the file. */
  readonly suggestions: readonly string[];
}

/** The file cannot be used. `faults` has one line each: `path: found …, expected …`. Secrets are not in them. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly faults: readonly string[];

  constructor(where: string, faults: readonly string[]) {
    super(`${where} has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n${faults.map((line) => `  ${line}`).join("\n")}`);
    this.faults = faults;
  }
}

/** For a server without a file, where everything is set up over the API. */
export function emptyConfiguration(): Configuration {
  return parseConfiguration("{}", {});
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the file at `path`, with `${NAME}` from `environment`. Throws a `ConfigurationError` with all faults at once.
 */
export async function readConfiguration(path: string, environment: Environment): Promise<Configuration> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const found = code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : `a file that cannot be read (${String(code)})`;
    throw new ConfigurationError(path, [`the file: found ${found}, expected a JSON file; FRONTDESK_CONFIG names it`]);
  }
  return parseConfiguration(text, environment, path);
}

/** The same for the file's text; `where` names it in the error. */
export function parseConfiguration(text: string, environment: Environment, where = "The configuration"): Configuration {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new ConfigurationError(where, [jsonFault(text, error)]);
  }

  const names = renamed(json);
  const { value, taken, missing } = substitute(names.file, environment);
  const isMissing = startsAnyOf(missing.map((reference) => reference.path));
  const fromEnvironment = startsAnyOf(taken.map((reference) => reference.path));
  const parsed = configurationSchema.safeParse(value);
  const faults: Fault[] = missing.map(({ path, name }) =>
    fault(path, `\${${name}}, which the environment does not have`, `the environment variable ${name} to be set`),
  );
  if (!parsed.success) faults.push(...faultsOf(parsed.error.issues, { file: value, schema: configurationSchema, fromEnvironment }));
  faults.push(...crossCheck(value));
  const kept = faults.filter((found, index) => index < missing.length || !isMissing(found.path));
  const all = [...names.faults, ...kept].map(({ path, message }) => `${showPath(names.writtenAt(path))}: ${message}`);
  if (!parsed.success || all.length > 0) throw new ConfigurationError(where, [...new Set(all)]);
  return built(parsed.data, {
    secrets: secretsOf(parsed.data, taken),
    warnings: [...names.warnings, ...warningsOf(parsed.data, { fromEnvironment, writtenAt: names.writtenAt })],
    suggestions: suggestionsOf(value),
  });
}

function startsAnyOf(paths: readonly Path[]): (path: Path) => boolean {
  const known = new Set(paths.map((path) => JSON.stringify(path)));
  return (path) => known.has(JSON.stringify(path));
}

function built(file: ConfigurationFile, more: Pick<Configuration, "secrets" | "warnings" | "suggestions">): Configuration {
  return {
    assistants: Object.entries(file.assistants).map(([key, section]) => assistantOf(key, section)),
    mcpServers: Object.entries(file.mcpServers).map(([key, server]) => serverOf(key, server)),
    staff: file.staff,
    smtp: file.smtp,
    network: file.network,
    limits: file.limits,
    retention: file.retention,
    ownServer: file.ownServer,
    ...more,
  };
}
