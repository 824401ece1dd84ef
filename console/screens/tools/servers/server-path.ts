export function serverPath(key: string, rest = ""): string {
  return `/tools/mcp-servers/${encodeURIComponent(key)}${rest}`;
}
