import { Router } from "express";

export interface DeviceHealthPorts {
  readonly isStopping: () => boolean;
}

/** `/mcp_endpoint/health`, and what a browser reads that opens an Endpoint URL. */
export function deviceHealthRoutes({ isStopping }: DeviceHealthPorts): Router {
  const router = Router();
  router.get("/mcp_endpoint/health", (_request, response) => {
    response
      .status(isStopping() ? 503 : 200)
      .set("Cache-Control", "no-store")
      .json({ status: isStopping() ? "stopping" : "ok" });
  });
  router.get("/mcp_endpoint/mcp", (_request, response) => {
    const message = "This address is for devices, which open a WebSocket here. Give it to the device, and keep it secret.";
    response
      .status(426)
      .set({ Upgrade: "websocket", "Cache-Control": "no-store" })
      .json({ error: { code: "upgrade-required", message } });
  });
  return router;
}
