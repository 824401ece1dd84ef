import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** A port that nobody listens on now. Somebody else may still take it before it is used. */
export function freePort(): Promise<number> {
  return tryPort(0);
}

/** Passes if the port is free; otherwise rejects, saying what to do. `name` is what wants the port. */
export async function ensurePortIsFree(port: number, name: string): Promise<void> {
  try {
    await tryPort(port);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    const cause = error.code === "EADDRINUSE" ? "is in use by another program" : `cannot be used (${String(error.code)})`;
    throw new Error(`Port ${port}, wanted for ${name}, ${cause}. Stop what uses it, or choose another: PORT=5400 npm run demo.`, {
      cause: error,
    });
  }
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const { port: actual } = server.address() as AddressInfo;
      server.close(() => resolve(actual));
    });
  });
}
