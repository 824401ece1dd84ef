import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A wire between a browser and a server that a test can cut, as a lost network would. */
export interface CutWire {
  /** Where the browser reaches the server, `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** To whom the wire leads; may be set once it is known. */
  lead(port: number): void;
  /** Ends every connection and takes no new one. */
  cut(): void;
  mend(): void;
  readonly close: () => Promise<void>;
}

/** Opens a wire on a free port of the loopback address. */
export async function openWire(): Promise<CutWire> {
  const sockets = new Set<Socket>();
  let port = 0;
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead: (to) => void (port = to),
    cut: () => {
      isCut = true;
      endAll();
    },
    mend: () => void (isCut = false),
    close: async () => {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
