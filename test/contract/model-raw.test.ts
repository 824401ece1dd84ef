import { modelAt } from "../model/provider-harness.ts";
import { RawServer } from "../model/raw-server.ts";
import { WIRE_FORMATS } from "../model/wire-formats.ts";
import { waitFor } from "../support/wait-for.ts";
import { modelContract } from "./model.ts";

for (const format of WIRE_FORMATS) {
  modelContract(`${format.name} as it is documented`, async () => {
    const server = await RawServer.open();
    const { model, close } = await modelAt(format, server.port);
    return {
      model,
      answer: (answer) => server.stream(format.events(answer)),
      stall: (answer) =>
        server.answer((response) => {
          response.writeHead(200, { "content-type": "text/event-stream" });
          response.write(format.unfinished(answer).slice(0, 5).join(""));
        }),
      refuse: (status, code, message) => server.refuse(status, format.refusal(status, code, message)),
      told: () => JSON.stringify(server.requests.at(-1)?.body),
      hungUp: async () => void (await waitFor(() => server.deserted > 0)),
      close: async () => {
        await close();
        await server.close();
      },
    };
  });
}
