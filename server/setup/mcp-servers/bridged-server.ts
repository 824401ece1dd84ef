/** A remote server behind a program that only passes on, as products without remote servers write it. */
export interface BridgedServer {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly transport?: string;
}

const BRIDGES = /^(?:@[\w.-]+\/)?(?:mcp-remote|mcp-proxy|supergateway)(?:@[\w.-]+)?$/;

/** `npx -y mcp-remote https://… --header "Authorization: Bearer ${TOKEN}"`. Undefined: it is a program of its own. */
export function bridgedServer(entry: Readonly<Record<string, unknown>>): BridgedServer | undefined {
  const { command, args, env } = entry;
  const words = [command, ...(Array.isArray(args) ? (args as unknown[]) : [])].filter((word) => typeof word === "string");
  if (!words.some((word) => BRIDGES.test(word.split(/[/\\]/).at(-1) ?? ""))) return undefined;
  const url = words.find((word) => /^https?:\/\//.test(word));
  if (url === undefined) return undefined;
  const variables = typeof env === "object" && env !== null ? (env as Readonly<Record<string, unknown>>) : {};
  const headers = words.flatMap((word, index) =>
    words[index - 1] === "--header" || words[index - 1] === "-H" ? [headerOf(word, variables)] : [],
  );
  const said = words[words.indexOf("--transport") + 1];
  const transport = words.includes("--transport") ? /^(http|sse)/.exec(said ?? "")?.[1] : undefined;
  return { url, headers: Object.fromEntries(headers), ...(transport === undefined ? {} : { transport }) };
}

/** The bridge takes values from the entry's own `env`. */
function headerOf(text: string, variables: Readonly<Record<string, unknown>>): readonly [string, string] {
  const [, name = "", value = ""] = /^([^:]*):\s*([\s\S]*)$/.exec(text) ?? [];
  const filled = value.replace(/\$\{(\w+)\}/g, (whole, variable: string) => {
    const known = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
    return typeof known === "string" ? known : whole;
  });
  return [name.trim(), filled];
}
