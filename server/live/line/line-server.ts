import type { DefaultEventsMap, Server } from "socket.io";
import { type ClientToServer, LINE_PATH, type ServerToClient } from "../../../protocol/frames.ts";
import { openLineAt, type LinePorts } from "./line-at.ts";
import type { SocketData } from "./socket-data.ts";

export type LineServer = Server<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;
export type LineSocket = Parameters<Parameters<LineServer["use"]>[0]>[0];

export interface LineServerPorts extends LinePorts {
  /** Origins that may use at least one assistant, and our own. Which assistant exactly is judged with the hello. */
  readonly origins: () => readonly string[];
}

/** The customers' line. Browsers alone come by it, and they say which page they are. */
export function openLineServer({ origins, ...ports }: LineServerPorts): LineServer {
  return openLineAt({ path: LINE_PATH, origins, needsOrigin: true }, ports);
}
