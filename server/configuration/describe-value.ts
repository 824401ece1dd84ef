import { createRedaction } from "../guard/secrets/redaction.ts";
import type { Path } from "./substitute.ts";

const SECRET_PARENTS = new Set<string | number>(["headers", "env"]);
const LONGEST_SHOWN = 60;

/** Whether values at this place are secret because of their purpose, wherever they come from. */
export function isSecretPlace(path: Path): boolean {
  const name = path.at(-1);
  if (name === "apiKey" || name === "clientSecret" || name === "secret") return true;
  const parent = path.at(-2);
  return path[0] === "mcpServers" && parent !== undefined && SECRET_PARENTS.has(parent);
}

/** `assistants.shop.connectors.orders`, with quotes where a key is not a plain word. */
export function showPath(path: Path): string {
  if (path.length === 0) return "the file";
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (/^[A-Za-z0-9_$-]+$/.test(step)) return index === 0 ? step : `.${step}`;
      return `[${JSON.stringify(step)}]`;
    })
    .join("");
}

/** What was found, in words that fit into a sentence. A secret is called one, never shown. */
export function showValue(value: unknown, path: Path, fromEnvironment: boolean): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return Object.keys(value).length === 0 ? "an empty object" : "an object";
  if (value === "") return "an empty text";
  if (fromEnvironment) return "a value from the environment (not shown)";
  if (isSecretPlace(path)) return "a secret (not shown)";
  if (typeof value !== "string") return JSON.stringify(value);
  const shown = maskUrl(createRedaction().text(value));
  return JSON.stringify(shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}…` : shown);
}

/** Some URLs have tokens in their path or query; the host says enough. */
function maskUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.host === "" || (url.pathname.length <= 24 && url.search === "" && url.hash === "")) return text;
  return `${url.protocol}//${url.host}/…`;
}
