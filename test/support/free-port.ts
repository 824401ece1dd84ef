import { freePortPair } from "../../demo/start/ports.ts";

/** A port of the loopback address that nobody listens on, and that no system gives to whoever asks for any. */
export function freePort(): Promise<number> {
  return freePortPair();
}
