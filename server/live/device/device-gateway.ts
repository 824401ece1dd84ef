import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { RequestError } from "../../../protocol/errors.ts";
import type { Clock } from "../../foundation/clock.ts";
import { lazily } from "../../foundation/lazily.ts";
import type { Log } from "../../foundation/log.ts";
import { addressOf } from "../../guard/network/address.ts";
import type { DeviceSocket } from "../../tools/devices/ports.ts";
import type { Entrance } from "../entrance.ts";
import { refuseUpgrade } from "../refuse.ts";
import { DeviceWebSocket } from "./device-web-socket.ts";

export interface DeviceGatewayPorts {
  /** Takes the socket in, or closes it with the reason. */
  readonly enter: (socket: DeviceSocket, by: { readonly token: string; readonly address: string }) => Promise<void>;
  readonly trustedProxies: number;
  readonly clock: Pick<Clock, "after">;
  readonly log: Log;
}

/** As well-known clients write it, and as people do. */
export const DEVICE_PATHS = ["/mcp_endpoint/mcp/", "/mcp_endpoint/mcp"] as const;
/** Clients send no more either. */
const MOST_FRAME_BYTES = 4 * 1024 * 1024;

export interface DeviceEntrance extends Entrance {
  readonly paths: readonly string[];
}

/**
 * The endpoint of devices. Whoever has no good token is let in and told why with the close: a client shows that, and of
 * a refused handshake only its number. Loaded with the first device.
 */
export function deviceEntrance({ enter, trustedProxies, clock, log }: DeviceGatewayPorts): DeviceEntrance {
  const load = lazily(async () => {
    const { WebSocketServer } = await import("ws");
    // Compression would cost each socket some hundred kilobytes.
    return new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MOST_FRAME_BYTES, clientTracking: false });
  });
  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const server = await load();
    const url = request.url ?? "";
    const query = new URLSearchParams(url.includes("?") ? url.slice(url.indexOf("?")) : "");
    const by = { token: query.get("token") ?? "", address: addressOf(request, trustedProxies) };
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const device = new DeviceWebSocket(webSocket, clock);
      enter(device, by).catch((error: unknown) => {
        log.error({ error: String(error) }, "A device could not be taken in.");
        device.close(1011, "Something went wrong on the server. Its log says more.");
      });
    });
  };
  return {
    paths: DEVICE_PATHS,
    // Programs have no page; a page has no business here.
    origins: () => [],
    needsOrigin: false,
    upgrade: (request, socket, head) => {
      upgrade(request, socket, head).catch((error: unknown) => {
        log.error({ error: String(error) }, "A device's socket could not be opened.");
        refuseUpgrade(socket, new RequestError("internal"));
      });
    },
  };
}
