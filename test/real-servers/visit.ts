import { openDesk } from "./desk.ts";
import { lookAt, makeCall, type Look, type ToldCall } from "./look.ts";
import { makeReachable } from "./reachable.ts";
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
  const { server } = reach;
  const reachable = await makeReachable(reach);
  if (reachable === undefined) return undefined;
  let left = 0;
  const seen = await (async () => {
    try {
      const desk = await openDesk({ mcpServers: { [server.key]: reachable.entry }, network: { allowPrivate: ["127.0.0.1", "localhost"] } });
      try {
        const look = await lookAt(reach, desk);
        const call = look.connected && server.call !== undefined ? await makeCall(server.key, server.call, desk) : undefined;
        return { look, call };
      } finally {
        await desk.close();
      }
    } finally {
      left = await reachable.close();
    }
  })();
  const faults = [...seen.look.faults, ...(seen.call?.faults ?? []), ...(left > 0 ? [`${left} of its processes were not ended`] : [])];
  return { ...seen.look, reach, version: reachable.version, call: seen.call, faults };
}
