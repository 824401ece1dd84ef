import { expect, test } from "vitest";
import { phaseOf } from "../../../server/voice/call-phase.ts";
import { startVoiceServer } from "./server-stage.ts";
import { openVoice } from "../../support/voice-client.ts";
import { waitFor } from "../../support/wait-for.ts";
import { CONVERSATION } from "./server-stage.ts";

const KEY = "k".repeat(32);
const quiet = { isSpeaking: false, isOut: false };
const out = { isSpeaking: false, isOut: true };
const nobody = { isOpen: false, isPending: false };

test("a call listens only once nothing more is to be said", () => {
  // The first sentence was heard while the second was written; now the turn is over, and the second waits for its sound.
  expect(phaseOf(out, nobody, "none", "thinking")).toBe("thinking");
  expect(phaseOf(out, nobody, "waiting", "thinking")).toBe("thinking");
  expect(phaseOf(out, nobody, "none", "speaking")).toBe("speaking");
  // A greeting, before its first sound.
  expect(phaseOf(out, nobody, "none", undefined)).toBe("thinking");
  expect(phaseOf(out, { isOpen: true, isPending: false }, "none", "thinking")).toBe("listening");
  expect(phaseOf(out, { isOpen: false, isPending: true }, "none", "thinking")).toBe("understanding");
  expect(phaseOf(quiet, nobody, "none", "speaking")).toBe("listening");
  expect(phaseOf(quiet, nobody, "waiting", "speaking")).toBe("listening");
  expect(phaseOf(quiet, nobody, "thinking", "speaking")).toBe("thinking");
});

test("between two sentences of an answer, however late the second is, a device is never told that the call listens", async () => {
  const first = Promise.withResolvers<void>();
  const { url, hearing, speaking, event } = await startVoiceServer({
    environment: { FRONTDESK_ADMIN_KEY: KEY },
    script: async function* () {
      yield { type: "text", text: "It is on its way. It comes" };
      await first.promise;
      yield { type: "text", text: " tomorrow." };
      yield { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } };
    },
  });
  hearing.understands = () => "where is my order";
  const device = openVoice(url, { Authorization: `Bearer ${KEY}` }, `?assistant=shop&conversation=${CONVERSATION}&device=kiosk-01`);
  await waitFor(() => device.socket.readyState === 1);
  device.say({ type: "call-open", activity: true });
  await device.hear("call-ready");
  device.listen();
  device.say({ type: "talk", held: true, atMs: 0 });
  device.say({ type: "talk", held: false, atMs: 900 });
  await waitFor(() => device.of("said").length === 1 && device.of("phase").at(-1)?.phase === "thinking");
  const sound = Promise.withResolvers<void>();
  speaking.waits = sound.promise;
  first.resolve();
  await event("turn-ended");
  await waitFor(() => speaking.said.includes("It comes tomorrow."));
  sound.resolve();
  await event("speech-heard");
  await waitFor(() => device.of("phase").at(-1)?.phase === "listening");
  const phases = device.of("phase").map(({ phase }) => phase);
  const answer = phases.slice(phases.indexOf("speaking"));
  expect(answer.indexOf("listening")).toBe(answer.length - 1);
});
