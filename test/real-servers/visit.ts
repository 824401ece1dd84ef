import { openDesk } from "./desk.ts";
import { lookAt, makeCall, type Look, type ToldCall } from "./look.ts";
import { makeReachable, type Reachable } from "./reachable.ts";
import type { Reach } from "./real-server.ts";

export interface Visit extends Look {
  readonly reach: Reach;
  readonly version: string;
  /** Undefined: none was made. */
  readonly call: ToldCall | undefined;
}

/**
 * Meets one server in one way as staff would: a Frontdesk with it in its configuration file, "Test connection", every
 * tool to every provider, a call. Nothing of it runs any more afterwards. Undefined: there is no build of it for this
 * machine.
 */
export async function visit(reach: Reach): Promise<Visit | undefined> {
  const reachable = await makeReachable(reach);
  if (reachable === undefined) return undefined;
  const met = await meet(reach, reachable).catch(async (error: unknown) => {
    await reachable.close();
    throw error;
  });
  const left = await reachable.close();
  const faults = [...met.look.faults, ...(met.call?.faults ?? []), ...(left > 0 ? [`${left} of its processes were not ended`] : [])];
  return { ...met.look, reach, version: reachable.version, call: met.call, faults };
}

async function meet(reach: Reach, { entry }: Reachable): Promise<{ look: Look; call: ToldCall | undefined }> {
  const { key, call } = reach.server;
  const desk = await openDesk({ mcpServers: { [key]: entry }, network: { allowPrivate: ["127.0.0.1", "localhost"] } });
  try {
    const look = await lookAt(reach, desk);
    return { look, call: look.connected && call !== undefined ? await makeCall(key, call, desk) : undefined };
  } finally {
    await desk.close();
  }
}
