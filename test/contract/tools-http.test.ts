import { httpService, httpTool, httpToolsHost, json } from "../tools/http/http-service.ts";
import { toolsContract } from "./tools.ts";

toolsContract("HTTP tools", async () => {
  let runs = 0;
  const service = await httpService((response, { url }) => {
    runs += 1;
    if (url === "/works") json(response, { done: true });
  });
  const host = httpToolsHost([
    httpTool("works", `${service.url}/works`, { method: "POST" }),
    httpTool("waits", `${service.url}/waits`, { method: "POST" }),
    { name: "sealed", unusable: "Its headers cannot be opened." },
  ]);
  return {
    tools: host.tools,
    open: () => host.open(),
    runs: () => runs,
    cutOff: () => service.close(),
    dispose: async () => {
      await host.tools.close();
      await service.close().catch(() => undefined);
    },
  };
});
