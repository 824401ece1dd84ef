import { describe, expect, it } from "vitest";
import type { InputRequest } from "../../../../server/conversation/ports/tools.ts";
import { answering, askingHost, saidIn } from "../../../support/mcp-asking-host.ts";
import { told } from "../../../support/mcp-asking-server.ts";
import { eventStream } from "../../../support/mcp-scripted-server.ts";

/** How long a call waits for the server's word that a page is done with. */
const DONE_MS = 5_000;

describe("pages that a server wants visited before a call", () => {
  const wants = (url: string): object => ({
    code: -32042,
    message: "Visit first",
    data: { elicitations: [{ mode: "url", message: "Link your account", url, elicitationId: "visit-1" }] },
  });

  it("are opened, the server's word is waited for, and the call is sent again", async () => {
    let visited = false;
    let calls = 0;
    const { act, server } = await askingHost(
      async (call) => {
        calls += 1;
        if (!visited) throw wants("https://shop.example/link");
        return told(call.arguments);
      },
      {
        script: {
          GET: (response) => {
            const push = eventStream(response);
            const wait = setInterval(() => {
              if (visited) push({ jsonrpc: "2.0", method: "notifications/elicitation/complete", params: { elicitationId: "visit-1" } });
            }, 10);
            response.on("close", () => clearInterval(wait));
          },
        },
      },
    );
    const asked: InputRequest[] = [];
    const done = await act(
      {
        ask: async (request) => {
          asked.push(request);
          visited = true;
          return { kind: "input", action: "accept" };
        },
      },
      { order: 1 },
    );
    expect(asked).toEqual([{ kind: "url", message: "Link your account", url: "https://shop.example/link" }]);
    expect(saidIn(done)).toEqual({ order: 1 });
    expect(calls).toBe(2);
    expect(server.count("tools/call")).toBe(2);
  });

  it("and are not opened: the call certainly was not carried out", async () => {
    const { act, server } = await askingHost(async () => {
      throw wants("https://shop.example/link");
    });
    expect(await act({ ask: answering("decline") })).toMatchObject({
      outcome: "failed",
      cause: expect.stringContaining("not opened") as string,
    });
    expect(server.count("tools/call")).toBe(1);
  });

  it("that cannot be shown end the call, and so do pages without an end", async () => {
    const bad = await askingHost(async () => {
      throw wants("javascript:alert(1)");
    });
    expect((await bad.act({ ask: () => Promise.reject(new Error("somebody was asked")) })).outcome).toBe("failed");
    const endless = await askingHost(async () => {
      throw wants("https://shop.example/link");
    });
    let asked = 0;
    endless.host.skip(DONE_MS);
    const done = await endless.act({
      ask: async () => {
        asked += 1;
        return { kind: "input", action: "accept" };
      },
    });
    expect(done.outcome).toBe("failed");
    expect(asked).toBeLessThanOrEqual(20);
  });
});
