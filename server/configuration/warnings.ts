import { ENDING_MODELS } from "../conversation/ports/speech-models.ts";
import { showPath } from "./describe-value.ts";
import { unreachableAddresses } from "./unreachable-addresses.ts";
import type { ConfigurationFile } from "./schema.ts";
import { namesSecret } from "./secrets-of.ts";
import { speechEngines } from "./speech-engines.ts";
import type { Path } from "./substitute.ts";

interface Places {
  readonly fromEnvironment: (path: Path) => boolean;
  /** Where people find a place in their file: names may have changed. */
  readonly writtenAt: (path: Path) => Path;
}

/**
 * What is allowed but should be changed: secrets in the file itself, assistants that any website may use, models that
 * end, and addresses that the server will not go to.
 */
export function warningsOf(file: ConfigurationFile, { fromEnvironment, writtenAt }: Places): string[] {
  return [
    ...secretPlaces(file)
      .filter((path) => !fromEnvironment(path))
      .map(
        (path) => `${showPath(writtenAt(path))} is a secret in the file itself. Write "\${NAME}" there and set NAME in the environment.`,
      ),
    ...Object.entries(file.assistants)
      .filter(([, { allowedOrigins }]) => allowedOrigins.includes("*"))
      .map(([key]) => {
        const path = showPath(["assistants", key, "allowedOrigins"]);
        return `${path} has "*": any website may put this assistant on its pages, and you pay for its conversations. Name your websites.`;
      }),
    ...speechEngines(file).flatMap(({ path, engine: { model = "" } }) => {
      const end = ENDING_MODELS[model];
      return end === undefined ? [] : [`${showPath([...path, "model"])} is ${model}, which its provider ends on ${end}. Take another one.`];
    }),
    ...Object.entries(file.assistants).flatMap(([key, assistant]) => ofRealtime(["assistants", key], assistant)),
    ...unreachableAddresses(file).map(({ path, reason }) => `${showPath(writtenAt(path))} is not reached: ${reason}`),
  ];
}

/** What a model that hears and speaks itself leaves open. */
function ofRealtime(path: Path, { voice, budget }: ConfigurationFile["assistants"][string]): string[] {
  if (voice?.realtime === undefined) return [];
  const place = showPath([...path, "voice", "realtime"]);
  const isInMoney = budget?.costPerDay !== undefined || budget?.costPerMonth !== undefined;
  return [
    ...(voice.speaking.length > 0
      ? []
      : [
          `${place} has no engine beside it in voice.speaking: nothing is said while a tool runs, and approvals are asked for in the chat alone.`,
        ]),
    ...(voice.realtime.prices !== undefined || !isInMoney
      ? []
      : [`${place} has no prices: what calls cost does not count towards ${showPath([...path, "budget"])}.`]),
  ];
}

function secretPlaces(file: ConfigurationFile): Path[] {
  const places: Path[] = [];
  for (const [key, { model }] of Object.entries(file.assistants))
    if (model.apiKey !== undefined) places.push(["assistants", key, "model", "apiKey"]);
  for (const { path, engine } of speechEngines(file)) if (engine.apiKey !== undefined) places.push([...path, "apiKey"]);
  for (const [key, server] of Object.entries(file.mcpServers)) {
    const [parent, named] = "url" in server ? (["headers", server.headers] as const) : (["env", server.env] as const);
    for (const name of Object.keys(named)) if (namesSecret(name)) places.push(["mcpServers", key, parent, name]);
    if ("url" in server && server.auth?.oauth?.clientSecret !== undefined)
      places.push(["mcpServers", key, "auth", "oauth", "clientSecret"]);
  }
  if (file.staff.oidc?.clientSecret !== undefined) places.push(["staff", "oidc", "clientSecret"]);
  return places;
}
