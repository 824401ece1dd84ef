import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * A port that nobody listens on, whose next one is free too. Both are below the range from which systems hand out ports
 * to whoever asks for any, so that nobody gets one of them by chance before it is used.
 */
export async function freePortPair(): Promise<number> {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    const tried = await Promise.allSettled([tryPort(port), tryPort(port + 1)]);
    if (tried.every(({ status }) => status === "fulfilled")) return port;
  }
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

export async function isPortFree(port: number): Promise<boolean> {
  return tryPort(port).then(
    () => true,
    () => false,
  );
}

function tryPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
  });
}
