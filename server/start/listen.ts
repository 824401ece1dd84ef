import type { Server } from "node:http";
import type { Settings } from "./settings.ts";

/** The server cannot start. The message says why and what to do, in words for the operator. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** Resolves once the server listens. Throws `StartError` when it cannot. */
export async function listen(server: Server, { port, host }: Pick<Settings, "port" | "host">, variable = "PORT"): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, { port, host, variable })));
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

function listenError(
  error: NodeJS.ErrnoException,
  { port, host, variable }: Pick<Settings, "port" | "host"> & { readonly variable: string },
): StartError {
  const cause = { cause: error };
  if (error.code === "EADDRINUSE")
    return new StartError(`Port ${port} is already used by another program. Stop that program, or set ${variable} to another port.`, cause);
  if (error.code === "EACCES")
    return new StartError(`This user may not listen on port ${port}. Set ${variable} to a port above 1023.`, cause);
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return new StartError(`HOST ${host ?? ""} is not an address of this machine. Leave it out to listen on every address.`, cause);
  return new StartError(`The server cannot listen on port ${port}: ${error.message}`, cause);
}
