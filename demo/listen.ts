import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that listens. `close` ends open requests too and waits until the port is free. */
export interface Listening {
  /** Its origin, without a slash at the end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves on 127.0.0.1; port 0 takes a free one. Rejects if the port is taken. */
export function listenOnLoopback(listener: RequestListener, port: number): Promise<Listening> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const { port: actual } = server.address() as AddressInfo;
      resolve({
        url: `http://127.0.0.1:${actual}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
