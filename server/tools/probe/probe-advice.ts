/** What to do about a server that cannot be used, in one or two sentences for whoever set it up. The codes are on the wire. */
export const PROBE_ADVICE = {
  "wrong-path": "Check the path of the address: the host answers, but there is no MCP server at this path. It often ends in /mcp or /sse.",
  "not-started": "Start the server, or check the port of the address.",
  "no-command": "Check the spelling of the command, and that it is installed for the user that runs Frontdesk.",
  "unknown-host": "Check the spelling of the host's name.",
  "too-slow": "Check that the server is up and can be reached from here. If it is slow to start, raise its connect timeout.",
  "not-allowed":
    "To allow this server, the operator names it under network.allowPrivate in the configuration file. On the public Internet, use an https:// address.",
  "wants-oauth":
    "The server wants a sign-in with OAuth 2.0. Choose OAuth as its authentication, then connect a shared account or let each customer sign in.",
  "wants-bearer": "The server asks for a token. Set the header Authorization with “Bearer” and a valid key of the service.",
  "wants-basic": "The server asks for a user name and password (Basic). Set the header Authorization with “Basic” and both in base64.",
  "wants-credentials":
    "The server asks for credentials and does not say which. Set the headers that its documentation names, such as an API key, and check that the key is still valid.",
  "credentials-or-host":
    "The server asks for credentials and does not say which. Set the headers that its documentation names, such as an API key, and check that the key is still valid. If it wants none, it may refuse the name in the address (Host, Origin): enter the one that its documentation names.",
  /** OAuth is chosen already: only the sign-in itself is missing. */
  "connect-account":
    'Connect its shared account: POST /api/v1/mcp-servers/{key}/connections. If each customer signs in themselves (connection "personal"), nothing is missing.',
  "not-mcp":
    "Check the address: what answers there is something else, such as a web page. The documentation of the service names the address for MCP.",
  "other-transport": 'Set its transport to "{transport}".',
  "in-trouble": "The server itself is in trouble. Read its log, or try again later.",
  refuses: "The server refuses the request and says why. If it misses a header, set it. Otherwise ask whoever runs it.",
  "breaks-protocol": "The server breaks the protocol. Send the text of this error to whoever runs it.",
  "program-ended": "Its last words say why, if it had any. Run the same command by hand to see more. The next call starts it again.",
  "wrong-host":
    "It asked for no credentials. Some servers answer only to the host name that they expect (Host, Origin): enter the address that its text or documentation names (localhost is another name than 127.0.0.1), or allow this one in the server's settings. If it wants an API key, set its header.",
  redirects:
    "Enter the address that it redirects to. Frontdesk does not follow redirects, because credentials would go to an address that nobody entered.",
  certificate: "Give the server a certificate that is valid for this name and signed by a known authority.",
  "plain-http": "If it speaks plain http, enter the address with http://. Otherwise check the port of the address.",
  "another-service": "Check the port of the address: what answers there is another service.",
  "bad-port": "Have the server listen on another port, and enter that one.",
  "ends-connection": "Check that the server speaks https at this address, and that it does not end the connection.",
  "no-tools": "The connection works. Check that these credentials may see tools, and that the server has some.",
  "program-without-tools": "Check its arguments and variables: many programs offer tools only once they have what they need for them.",
} as const satisfies Readonly<Record<string, string>>;

export type ProbeAdvice = keyof typeof PROBE_ADVICE;

export const PROBE_ADVICE_CODES = Object.keys(PROBE_ADVICE) as [ProbeAdvice, ...ProbeAdvice[]];

/** The sentence beside its code. `names`: what stands in its braces. */
export function advised(
  code: ProbeAdvice,
  names: Readonly<Record<string, string>> = {},
): { readonly advice: string; readonly adviceCode: ProbeAdvice } {
  const advice = PROBE_ADVICE[code].replaceAll(/\{(\w+)\}/g, (braced, name: string) => names[name] ?? braced);
  return { advice, adviceCode: code };
}
