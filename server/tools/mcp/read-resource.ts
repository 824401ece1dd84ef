import { type ResourceContents, ResourceError } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import { StoppedError } from "../calls/stopped-call.ts";
import { plainText } from "../definitions/plain-text.ts";
import type { CallLinks } from "./call-links.ts";
import type { McpServerSettings } from "./servers/settings.ts";
import { faultOf } from "./wire/failure.ts";
import { SessionLostError } from "./wire/lost-session.ts";
import { loadMcpSdk } from "./wire/mcp-sdk.ts";
import { NeedsSignInError } from "./wire/needs-sign-in-error.ts";
import { LinkError } from "./wire/open-link.ts";

export interface ResourceOrder {
  readonly links: CallLinks;
  readonly settings: McpServerSettings;
  readonly clock: Pick<Clock, "after">;
  readonly signal: AbortSignal;
}

const SAID_CHARACTERS = 500;

/** Reads one resource within the time of a call. Throws `ResourceError`. */
export async function readResource(uri: string, { links, settings, clock, signal }: ResourceOrder): Promise<readonly ResourceContents[]> {
  const late = new AbortController();
  const callOff = clock.after(settings.callTimeoutMs, () => late.abort());
  const limited = AbortSignal.any([signal, late.signal]);
  const read = async (): Promise<readonly ResourceContents[]> => (await links.take()).readResource(uri, limited);
  try {
    return await read().catch((error: unknown) => {
      // What it was asked in is gone: the next link has a session of its own.
      if (error instanceof SessionLostError) return read();
      throw error;
    });
  } catch (error) {
    throw await resourceError(error, settings, late.signal);
  } finally {
    callOff();
  }
}

async function resourceError(error: unknown, settings: McpServerSettings, late: AbortSignal): Promise<ResourceError> {
  const cause = { cause: error };
  const { name } = settings;
  if (error instanceof StoppedError) return new ResourceError("It was stopped.", "The reading was stopped.", cause);
  if (late.aborted) return new ResourceError("The server did not answer in time.", `${name} did not answer in time.`, cause);
  if (error instanceof NeedsSignInError)
    return new ResourceError("The server wants a sign-in first.", `${name} wants a sign-in before it gives the resource.`, cause);
  const sdk = await loadMcpSdk();
  if (error instanceof sdk.ProtocolError) {
    const said = plainText(error.message, SAID_CHARACTERS);
    return new ResourceError(`The server answered with an error: ${said}`, `${name} answered with error ${error.code}: ${said}`, cause);
  }
  const fault = error instanceof LinkError ? error.fault : faultOf(error, settings, sdk);
  return new ResourceError("The server cannot be reached right now.", fault.message, cause);
}
