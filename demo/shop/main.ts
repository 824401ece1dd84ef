/** The shop as a process. Environment: PORT (0: a free one), FRONTDESK_URL, SANDBOX_URL, ORDERS_URL. */
import { numberFrom } from "../environment.ts";
import { runUntilEnded } from "../process-life.ts";
import { startShop } from "./server.ts";

const server = await startShop({
  port: numberFrom(process.env, "PORT", 4401),
  deskUrl: process.env["FRONTDESK_URL"] ?? "http://127.0.0.1:4400",
  sandboxUrl: process.env["SANDBOX_URL"] || undefined,
  ordersUrl: process.env["ORDERS_URL"] ?? "http://127.0.0.1:4402",
});
runUntilEnded("Shop", server);
