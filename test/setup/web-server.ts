import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { SELF_SIGNED } from "./self-signed.ts";

export interface WebServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** A server that is just a web server; `tls`: with a certificate that nobody trusts. */
export async function webServer(listener: RequestListener, { tls = false } = {}): Promise<WebServer> {
  const server = tls ? createSecureServer(SELF_SIGNED, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
