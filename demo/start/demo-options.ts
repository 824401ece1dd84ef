import type { DemoConfiguration } from "./configuration.ts";

export type PartName = "orders" | "club" | "model" | "server" | "shop";

/** How to start the demo. Everything but the data folder has a default that suits a test. */
export interface DemoOptions {
  /** Conversations, orders and the configuration of this start are kept here. */
  readonly dataDirectory: string;
  /** Port of the Frontdesk server; the shop takes the next one. 0, the default: free ones. */
  readonly port?: number;
  /**
   * More environment for the Frontdesk server. Its keys also choose the model; empty, the default: the scripted one.
   */
  readonly environment?: Readonly<NodeJS.ProcessEnv>;
  /** Where customers' browsers reach the Frontdesk server, under a path or not. Default: its loopback address. */
  readonly publicUrl?: string;
  /** Whether views of tools are shown, on a port of their own. Default: no. */
  readonly views?: boolean;
  /** How long `track_parcel` takes. Default 4000. */
  readonly trackDurationMs?: number;
  /** How long the club's access tokens are good. Default 3600. */
  readonly clubTokenSeconds?: number;
  /** Pace of the scripted model. Default 60; 0 is without pause. */
  readonly tokensPerSecond?: number;
  /** How long the scripted model thinks. Default 350. */
  readonly firstTokenMs?: number;
  /** Changes the configuration file before it is applied. */
  readonly configure?: (configuration: DemoConfiguration) => DemoConfiguration;
  /** Every line that a part writes. */
  readonly onLine?: (part: PartName, line: string) => void;
  /** A part ended by itself; the others still run. */
  readonly onDeath?: (part: PartName, how: string) => void;
}
