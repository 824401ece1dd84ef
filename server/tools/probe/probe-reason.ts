import type { Fault, FaultKind } from "../mcp/servers/fault.ts";
import type { AskedCredentials, ProbeReason } from "./prober.ts";

const REASONS = {
  "not-found": "server-not-found",
  "connection-failed": "connection-failed",
  timeout: "connection-failed",
  blocked: "connection-failed",
  authentication: "authentication-failed",
  "not-mcp": "not-an-mcp-server",
  "protocol-error": "protocol-error",
  ended: "program-ended",
} as const satisfies Record<FaultKind, ProbeReason>;

export function probeReason(fault: Fault): ProbeReason {
  return REASONS[fault.kind];
}

/** What to do about a fault, in one or two sentences for whoever set the server up. */
export function probeAdvice(fault: Fault, asks?: AskedCredentials): string {
  switch (fault.kind) {
    case "not-found":
      if (fault.status !== undefined)
        return "Check the path of the address: the host answers, but there is no MCP server at this path. It often ends in /mcp or /sse.";
      if (fault.code === "ECONNREFUSED") return "Start the server, or check the port of the address.";
      if (fault.code === "ENOENT") return "Check the spelling of the command, and that it is installed for the user that runs Frontdesk.";
      return "Check the spelling of the host's name.";
    case "timeout":
      return "Check that the server is up and can be reached from here. If it is slow to start, raise its connect timeout.";
    case "blocked":
      return "To allow this server, the operator names it under network.allowPrivate in the configuration file. On the public Internet, use an https:// address.";
    case "connection-failed":
      return connectionAdvice(fault);
    case "authentication":
      if (fault.status === 403 && (asks ?? "other") === "other") return `${CREDENTIALS.other} ${OTHER_HOST}`;
      return CREDENTIALS[asks ?? "other"];
    case "not-mcp":
      return "Check the address: what answers there is something else, such as a web page. The documentation of the service names the address for MCP.";
    case "protocol-error":
      if (fault.status !== undefined && fault.status >= 500) return "The server itself is in trouble. Read its log, or try again later.";
      if (fault.said !== undefined)
        return "The server refuses the request and says why. If it misses a header, set it. Otherwise ask whoever runs it.";
      return "The server breaks the protocol. Send the text of this error to whoever runs it.";
    case "ended":
      return "Its last words say why, if it had any. Run the same command by hand to see more. The next call starts it again.";
  }
}

function connectionAdvice({ status, code }: Fault): string {
  if (status === 403 || status === 421)
    return "It asked for no credentials. Some servers answer only to the host name that they expect (Host, Origin): enter the address that its text or documentation names (localhost is another name than 127.0.0.1), or allow this one in the server's settings. If it wants an API key, set its header.";
  if (status !== undefined && status >= 300 && status < 400)
    return "Enter the address that it redirects to. Frontdesk does not follow redirects, because credentials would go to an address that nobody entered.";
  if (code !== undefined && /CERT|SELF_SIGNED|TLS|VERIFY/.test(code))
    return "Give the server a certificate that is valid for this name and signed by a known authority.";
  if (code === "NOT_HTTPS") return "If it speaks plain http, enter the address with http://. Otherwise check the port of the address.";
  if (code === "NOT_HTTP") return "Check the port of the address: what answers there is another service.";
  if (code === "BAD_PORT") return "Have the server listen on another port, and enter that one.";
  return "Check that the server speaks https at this address, and that it does not end the connection.";
}

/** The same where OAuth is already chosen, so that only the sign-in itself is missing. */
export function signInAdvice(key: string): string {
  return `Connect its shared account: POST /api/v1/mcp-servers/${key}/connections. If each customer signs in themselves (connection "personal"), nothing is missing.`;
}

const OTHER_HOST = "If it wants none, it may refuse the name in the address (Host, Origin): enter the one that its documentation names.";

const CREDENTIALS = {
  oauth:
    "The server wants a sign-in with OAuth 2.0. Choose OAuth as its authentication, then connect a shared account or let each customer sign in.",
  bearer: "The server asks for a token. Set the header Authorization with “Bearer” and a valid key of the service.",
  basic: "The server asks for a user name and password (Basic). Set the header Authorization with “Basic” and both in base64.",
  other:
    "The server asks for credentials and does not say which. Set the headers that its documentation names, such as an API key, and check that the key is still valid.",
} as const satisfies Record<AskedCredentials, string>;
