/** One tool call over plain HTTP, as an MCP client of revision 2025-11-25 that keeps no session makes it. */
export async function callTool(
  url: string,
  token: string,
  name: string,
  input: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly status: number; readonly challenge: string | undefined; readonly text: string | undefined }> {
  const send = (body: unknown, session?: string): Promise<Response> =>
    fetch(url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...(session === undefined ? {} : { "mcp-session-id": session }),
      },
      body: JSON.stringify(body),
    });
  const clientInfo = { name: "test", version: "1" };
  const opened = await send({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
  });
  await opened.text();
  const session = opened.headers.get("mcp-session-id") ?? undefined;
  const response = opened.ok
    ? await send({ jsonrpc: "2.0", id: 2, method: "tools/call", params: { name, arguments: input } }, session)
    : opened;
  const body = opened.ok ? await response.text() : "";
  return {
    status: response.status,
    challenge: response.headers.get("www-authenticate") ?? undefined,
    text: /"text":"([^"]*)"/.exec(body)?.[1],
  };
}
