import type { ThreadState } from "../../thread/state.ts";

const said = new Set<string>();

/** Says on the console, once, what the website's owner can change. It comes late: most pages are set up well. */
export function advise({ refusal }: ThreadState, server: string, assistant: string): void {
  const text = refusal
    ? `${server} refuses the assistant "${assistant}" here: ${refusal.message} ${refusal.detail ?? ""}`
    : unreachedText(server);
  if (said.has(text)) return;
  said.add(text);
  console.error(`Frontdesk: ${text}`);
}

function unreachedText(server: string): string {
  const line = `${server.replace(/\/$/, "")}/line/`;
  const { host, protocol } = new URL(line, location.href);
  const secure = protocol === "https:" ? "s" : "";
  return `nothing answers as a Frontdesk server at ${line}. Messages are kept, and it goes on trying. Look whether
- the address is right: it is data-server (or "server" of <front-desk>), otherwise the folder that frontdesk.js came from. ${line.replace(/line\/$/, "healthz")} shows whether the server is there;
- the page's Content-Security-Policy allows it: connect-src http${secure}://${host} ws${secure}://${host};
- a proxy in front of it passes everything below /line/ on, WebSockets too;
- a page with https has a server with https.`;
}
