/** The shop as a process. Environment: PORT (0: a free one), FRONTDESK_URL, ORDERS_URL, SANDBOX_URL (may be missing). */
import { numberFrom } from "../environment.ts";
import { runUntilEnded } from "../process-life.ts";
import { startShop } from "./server.ts";

const server = await startShop({
  port: numberFrom(process.env, "PORT", 4401),
  deskUrl: process.env["FRONTDESK_URL"] ?? "http://127.0.0.1:4400",
  ordersUrl: process.env["ORDERS_URL"] ?? "http://127.0.0.1:4402",
  sandboxUrl: process.env["SANDBOX_URL"],
});
runUntilEnded("Shop", server);
