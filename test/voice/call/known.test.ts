/** Who may call is looked at while they call, too. */
import { expect, test } from "vitest";
import { RequestError } from "../../../protocol/errors.ts";
import { say } from "../../support/desk-scripts.ts";
import { openVoice } from "../../support/voice-client.ts";
import { waitFor } from "../../support/wait-for.ts";
import { CALLER, openStage, type Stage } from "./call-stage.ts";
import { CONVERSATION, startVoiceServer } from "./server-stage.ts";

const KEY = "k".repeat(32);
const ends = ({ written }: Stage) => written.flatMap((one) => (one.type === "ended" ? [one.call] : []));

test("a call ends with what its site says of the customer, unless the site says it anew", async () => {
  const stage = openStage();
  const identified = (afterMs: number) => ({ ...CALLER, claims: { kind: "identified", expiresAt: stage.clock.now() + afterMs } as const });
  await stage.call({ caller: identified(30_000) });
  await stage.forward(60_000);
  stage.calls.known(identified(30_000));
  await stage.forward(60_000);
  expect(ends(stage)).toEqual([]);
  await stage.forward(30_001);
  expect(ends(stage)).toMatchObject([{ reason: "left", cause: "The site says no longer who the customer is." }]);
  expect(stage.calls.size).toBe(0);
});

test("what another tab says of the customer, whose page is older, ends no call before its own time", async () => {
  const stage = openStage();
  const identified = (afterMs: number) => ({ ...CALLER, claims: { kind: "identified", expiresAt: stage.clock.now() + afterMs } as const });
  await stage.call({ caller: identified(90_000) });
  stage.calls.known(identified(10_000));
  await stage.forward(120_000);
  expect(ends(stage)).toEqual([]);
  await stage.forward(30_001);
  expect(ends(stage)).toMatchObject([{ reason: "left" }]);
});

test("what the site says between the token and the call counts: the customer thinks about the microphone", async () => {
  const stage = openStage();
  const identified = (afterMs: number) => ({ ...CALLER, claims: { kind: "identified", expiresAt: stage.clock.now() + afterMs } as const });
  const request = { conversationId: CONVERSATION, voiceCallId: "call-0001", takeOver: false };
  const { token } = await stage.calls.start(identified(5_000), request);
  stage.calls.known(identified(90_000));
  stage.calls.known(identified(1_000));
  stage.calls.known({ ...identified(300_000), id: "customer-two" });
  await stage.calls.open(token, { codec: "pcm", waitingBytes: 0, say: () => {}, frame: () => {}, close: () => {} });
  await stage.forward(149_000);
  expect(ends(stage)).toEqual([]);
  await stage.forward(1_001);
  expect(ends(stage)).toMatchObject([{ reason: "left" }]);
});

test("what is said after the owner lets in identified customers alone is no message, and the call ends", async () => {
  const stage = openStage();
  const page = await stage.call();
  stage.refusals.set("count", new RequestError("identity-required", { detail: "The assistant takes only identified customers by now." }));
  await page.speak("where is my order");
  await stage.settle();
  expect(stage.asked.filter(([method]) => method === "send")).toEqual([]);
  expect(ends(stage)).toMatchObject([{ reason: "assistant", cause: expect.stringContaining("only identified customers") }]);
});

test("what a device says whose key was revoked in the middle of the call is no message, and the call ends", async () => {
  const { url, hearing, event, journal } = await startVoiceServer({
    script: () => say("It is on its way."),
    environment: { FRONTDESK_ADMIN_KEY: KEY },
  });
  const api = async (method: string, path: string, body?: object): Promise<{ key: string; apiKey: { id: string } }> => {
    const headers = { Authorization: `Bearer ${KEY}`, "Content-Type": "application/json" };
    const answer = await fetch(`${url}/api/v1/api-keys${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return (answer.status === 204 ? {} : await answer.json()) as { key: string; apiKey: { id: string } };
  };
  const { key, apiKey } = await api("POST", "", { name: "Kiosk", roles: ["support"], scopes: ["conversations.write"] });
  hearing.understands = () => "where is my order";
  const device = openVoice(url, { Authorization: `Bearer ${key}` }, `?assistant=shop&conversation=${CONVERSATION}&device=kiosk-01`);
  await waitFor(() => device.socket.readyState === 1);
  device.say({ type: "call-open", activity: true });
  await device.hear("call-ready");
  await api("DELETE", `/${apiKey.id}`);
  device.listen();
  device.say({ type: "talk", held: true, atMs: 0 });
  device.say({ type: "talk", held: false, atMs: 900 });
  expect(await event("voice-call-ended")).toMatchObject({ reason: "assistant", cause: expect.stringContaining("key") });
  expect((await journal()).map(({ type }) => type)).toEqual(["voice-call-started", "voice-call-ended"]);
});
