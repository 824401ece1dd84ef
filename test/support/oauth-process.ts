import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { peer } from "./peers.ts";
import { waitFor } from "./wait-for.ts";
import { freePort } from "./free-port.ts";

/** An MCP server that is signed in to, in a process of its own. */
export interface OAuthPeer {
  /** The MCP server's. */
  readonly url: string;
  readonly issuer: string;
  stop(): Promise<void>;
}

/**
 * The official v1 SDK's example with its own authorization server, which insists on `resource`. It has no refresh
 * tokens; everybody is let in.
 */
export async function startStrictOAuth(): Promise<OAuthPeer> {
  const script = join(import.meta.dirname, "../../node_modules/@modelcontextprotocol/sdk/dist/esm/examples/server/simpleStreamableHttp.js");
  const [port, authPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [script, "--oauth", "--oauth-strict"], {
    env: { PATH: process.env["PATH"], MCP_PORT: String(port), MCP_AUTH_PORT: String(authPort) },
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  const answers = (url: string) => async (): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error(`The v1 example ended with ${child.exitCode}.`);
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    return response !== undefined;
  };
  await waitFor(answers(`http://localhost:${authPort}/.well-known/oauth-authorization-server`));
  await waitFor(answers(`http://localhost:${port}/mcp`));
  return {
    url: `http://localhost:${port}/mcp`,
    issuer: `http://localhost:${authPort}/`,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

export interface ProviderOptions {
  /** How long access tokens live, in seconds. Default: an hour. */
  readonly accessTokenSeconds?: number;
  /** Let programs register themselves. Default: yes. */
  readonly registration?: boolean;
  /** Take Client ID Metadata Documents; their addresses' origins are reached at these others. Default: no. */
  readonly clientDocuments?: Readonly<Record<string, string>>;
  /** Let anybody connect and list the tools; only calls need a token. Default: no. */
  readonly openList?: boolean;
  /** Clients that were registered by hand, in the words of the metadata. */
  readonly clients?: readonly Readonly<Record<string, unknown>>[];
  /** How long a renewal takes after it has happened, in milliseconds, so that others can come meanwhile. */
  readonly tokenDelayMs?: number;
}

/** What happened at the provider. */
export interface ProviderCounts {
  /** Token requests that were answered with tokens, by grant. */
  readonly granted: Readonly<Record<string, number>>;
  /** And those that were refused, by error. */
  readonly refused: Readonly<Record<string, number>>;
  readonly revoked: number;
  readonly registered: number;
  /** Values of `resource` in token requests. */
  readonly resources: readonly string[];
}

export interface ProviderPeer extends OAuthPeer {
  counts(): Promise<ProviderCounts>;
  /** The provider forgets every grant and token: all sign-ins are over. */
  revokeAll(): Promise<void>;
}

/**
 * `oidc-provider` with an MCP server behind it, in a process of their own: refresh tokens that rotate with reuse
 * detection, revocation, client credentials, `iss`, and the tools `whoami` (scope `orders:read`) and `refund` (scope
 * `orders:refund`, asked for with 403).
 */
export async function startProvider(options: ProviderOptions = {}): Promise<ProviderPeer> {
  const provider = pathToFileURL(await peer("oidc-provider/lib/index.js")).href;
  const script = join(import.meta.dirname, "oauth-provider-process.ts");
  const child = spawn(process.execPath, [script, JSON.stringify({ ...options, provider })], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const origin = await waitFor(() => {
    if (child.exitCode !== null) throw new Error(`The provider ended with ${child.exitCode}.`);
    return /^ready (\S+)$/m.exec(said)?.[1];
  });
  return {
    url: `${origin}/mcp`,
    issuer: origin,
    counts: async () => (await (await fetch(`${origin}/test/counts`)).json()) as ProviderCounts,
    revokeAll: async () => void (await fetch(`${origin}/test/revoke-all`, { method: "POST" })),
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
