import type { LineServer } from "./line-server.ts";

/** Sends a customer away, from every page that they have open. A page that comes back begins with nothing. */
export function closeCustomer(io: LineServer, customerId: string): void {
  for (const socket of io.of("/").sockets.values()) if (socket.data.customer.id === customerId) socket.disconnect(true);
}
