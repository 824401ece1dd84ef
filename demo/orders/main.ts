/** The order server as a process. Environment: PORT (0: a free one), ORDERS_FILE, TRACK_DURATION_MS. */
import { resolve } from "node:path";
import { numberFrom } from "../environment.ts";
import { runUntilEnded } from "../process-life.ts";
import { startOrders } from "./server.ts";

const server = await startOrders({
  port: numberFrom(process.env, "PORT", 0),
  file: resolve(process.env["ORDERS_FILE"] ?? ".data/demo/orders.json"),
  trackDurationMs: numberFrom(process.env, "TRACK_DURATION_MS", 4000),
});
runUntilEnded("Orders", server);
