import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { MOST_FRAME_BYTES, VOICE_PATH } from "../../../protocol/voice-frames.ts";
import type { Clock } from "../../foundation/clock.ts";
import { lazily } from "../../foundation/lazily.ts";
import type { Log } from "../../foundation/log.ts";
import type { VoiceCalls } from "../../voice/voice-calls.ts";
import { type DevicesPorts, deviceTicket, isDevice } from "./devices.ts";
import { RequestError } from "../../../protocol/errors.ts";
import { refuseUpgrade } from "../refuse.ts";
import type { Upgrades } from "../upgrades.ts";
import { VoiceSocket } from "./voice-socket.ts";

export interface VoiceGatewayPorts extends DevicesPorts {
  readonly upgrades: Pick<Upgrades, "add">;
  /** Origins whose pages may call. Which assistant is judged with the token. */
  readonly origins: () => readonly string[];
  readonly calls: VoiceCalls;
  readonly clock: Clock;
  readonly log: Log;
}

/** The voice line at `/voice`: a WebSocket for each call. Loaded with the first one. */
export function openVoiceLine(ports: VoiceGatewayPorts): void {
  const { upgrades, origins, calls, clock, log } = ports;
  const load = lazily(async () => {
    const { WebSocketServer } = await import("ws");
    return new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MOST_FRAME_BYTES, clientTracking: false });
  });
  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const device = isDevice(request) ? await deviceTicket(request, ports) : undefined;
    const server = await load();
    server.handleUpgrade(request, socket, head, (webSocket) => {
      new VoiceSocket(webSocket, {
        open: ({ token, activity }, line) =>
          device === undefined ? calls.open(token, line, activity) : calls.begin(device, line, activity),
        clock,
        log,
      });
    });
  };
  upgrades.add(VOICE_PATH, {
    origins,
    // A device has none.
    needsOrigin: false,
    upgrade: (request, socket, head) => {
      upgrade(request, socket, head).catch((error: unknown) => {
        if (!(error instanceof RequestError)) log.error({ error }, "A voice line could not be opened.");
        refuseUpgrade(socket, error instanceof RequestError ? error : new RequestError("internal"));
      });
    },
  });
}
