import { connectWords } from "./connect-words.ts";

/** What a client is connected with. */
export interface Connecting {
  /** What the server is called here. */
  readonly name: string;
  readonly url: string;
  /** Or what stands in its place. */
  readonly key: string;
}

export interface McpClient {
  readonly id: string;
  readonly name: string;
  readonly steps: readonly string[];
  /** What is to be copied, with the words that stand above it. Absent: the address alone. */
  readonly text?: { readonly above: string; readonly make: (connecting: Connecting) => string };
  /** Whether it can sign in as well, without the key. */
  readonly maySignIn: boolean;
}

const { steps, command, file } = connectWords;

/** How clients are given an MCP server, each as its own documentation says. */
export const MCP_CLIENTS: readonly McpClient[] = [
  { id: "chatgpt", name: "ChatGPT", steps: steps.chatgpt, maySignIn: false },
  {
    id: "claude",
    name: "Claude",
    steps: steps.claude,
    text: { above: file("claude_desktop_config.json"), make: claudeDesktop },
    maySignIn: true,
  },
  { id: "claude-code", name: "Claude Code", steps: steps.claudeCode, text: { above: command, make: claudeCode }, maySignIn: true },
  { id: "vscode", name: "VS Code", steps: steps.vscode, text: { above: file("mcp.json"), make: vsCode }, maySignIn: true },
  // Its answer would go to `cursor:`, which any program could claim.
  { id: "cursor", name: "Cursor", steps: steps.cursor, text: { above: file("mcp.json"), make: cursor }, maySignIn: false },
  { id: "gemini", name: "Gemini CLI", steps: steps.gemini, text: { above: command, make: geminiCli }, maySignIn: true },
  { id: "inspector", name: "Inspector", steps: steps.inspector, text: { above: command, make: inspector }, maySignIn: true },
  {
    id: "another",
    name: connectWords.another,
    steps: steps.another,
    text: { above: connectWords.headers, make: another },
    maySignIn: true,
  },
];

/** What a client calls it: such as every one of them takes, and no shell reads anything into. */
export function programName(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 32)
    .replace(/^-+|-+$/g, "");
  return plain === "" ? "frontdesk" : plain;
}

function bearer(key: string): string {
  return `Bearer ${key}`;
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Its file names programs only: this one speaks to a server elsewhere. A blank in an argument is lost on Windows. */
function claudeDesktop({ name, url, key }: Connecting): string {
  const isPlain = url.startsWith("http:") && !isLocal(url);
  const args = ["-y", "mcp-remote", url, ...(isPlain ? ["--allow-http"] : []), "--header", "Authorization:${AUTH_HEADER}"];
  return json({ mcpServers: { [programName(name)]: { command: "npx", args, env: { AUTH_HEADER: bearer(key) } } } });
}

/** Its option takes every word that follows, so it comes last. */
function claudeCode({ name, url, key }: Connecting): string {
  return `claude mcp add --transport http ${programName(name)} ${url} --header "Authorization: ${bearer(key)}"`;
}

function vsCode({ name, url, key }: Connecting): string {
  return json({ servers: { [programName(name)]: { type: "http", url, headers: { Authorization: bearer(key) } } } });
}

function cursor({ name, url, key }: Connecting): string {
  return json({ mcpServers: { [programName(name)]: { url, headers: { Authorization: bearer(key) } } } });
}

function geminiCli({ name, url, key }: Connecting): string {
  return `gemini mcp add --scope user --transport http ${programName(name)} ${url} --header "Authorization: ${bearer(key)}"`;
}

/** Below version 2 it sends no headers, and an older Node.js is given that one unless it is asked for this. */
function inspector({ url, key }: Connecting): string {
  return `npx @modelcontextprotocol/inspector@2 --cli ${url} --transport http --header "Authorization: ${bearer(key)}" --method tools/list`;
}

function another({ url, key }: Connecting): string {
  return `${url}\n\nAuthorization: ${bearer(key)}\nX-API-Key: ${key}`;
}

/** Whether programs of this machine alone can reach an address. */
export function isLocal(url: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);
}
