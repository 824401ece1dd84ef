import { expect, test } from "vitest";
import type { LineSightings } from "../../server/live/line/customer-gateway.ts";
import { waitFor } from "../support/wait-for.ts";
import { HELLO, openLine, OTHER_ORIGIN, SHOP_ORIGIN } from "./line-harness.ts";

async function watched() {
  const noted: string[] = [];
  const sightings: LineSightings = {
    seen: (assistant, { headers }) => void noted.push(`seen ${assistant} ${headers.origin}`),
    refused: ({ reason, asked }, { headers }) => void noted.push(`${reason} ${asked} ${headers.origin}`),
  };
  const line = await openLine({ sightings, pageRefused: ({ headers }) => void noted.push(`nobody allows ${headers.origin}`) });
  return { line, noted };
}

test("a page that opens a line is seen, once for the line, however much is said on it", async () => {
  const { line, noted } = await watched();
  const socket = line.client();
  await waitFor(() => socket.connected);
  for (let index = 0; index < 20; index += 1)
    await socket.emitWithAck("message-send", { conversationId: "c".repeat(12), messageId: `message-${index}-x`, text: "Hello" });
  expect(noted).toEqual([`seen shop ${SHOP_ORIGIN}`]);
});

test.each(["websocket", "polling"] as const)("a page that is turned away is noted with the reason (%s)", async (transport) => {
  const { line, noted } = await watched();
  const tries = [
    { origin: OTHER_ORIGIN },
    { hello: { ...HELLO, assistant: "shpo" } },
    { hello: { ...HELLO, assistant: "My Shop" } },
    { origin: "https://evil.example" },
    // Nobody's page is wrong here.
    { hello: { ...HELLO, sessionId: 5 } },
    { hello: { ...HELLO, version: "0" } },
  ];
  for (const one of tries) {
    let failed = false;
    line.client({ ...one, transport }).on("connect_error", () => (failed = true));
    await waitFor(() => failed);
  }
  expect(noted).toEqual([
    `origin-refused shop ${OTHER_ORIGIN}`,
    `unknown-assistant shpo ${SHOP_ORIGIN}`,
    `unknown-assistant My Shop ${SHOP_ORIGIN}`,
    "nobody allows https://evil.example",
  ]);
});
