import { expect, test } from "vitest";
import type { ModelPart, ModelRequest } from "../../server/conversation/ports/model.ts";
import { alwaysAllow } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { rested, written } from "../support/desk-waits.ts";

const VOICE_CALL = "voice-call-1";

const tell = async (desk: Harness, messageId: string, text: string) => {
  await desk.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId, text }, { voiceCallId: VOICE_CALL });
};

/** Looks things up for every second question, and summarises when it is asked to. */
function script({ messages, tools }: ModelRequest): ModelPart[] {
  const last = messages.at(-1);
  if (tools.length === 0) return say("Summary.");
  if (last?.role === "user" && last.text.includes("look")) return callTools({ name: "orders__lookup", arguments: { order: last.text } });
  return say(`Answer to: ${last?.text ?? ""}. ${"word ".repeat(30)}`);
}
const OPTIONS: HarnessOptions = {
  script,
  tools: [{ tool: "lookup", run: ({ order }) => textResult(`Found ${String(order)}. ${"detail ".repeat(20)}`) }],
  permissions: { lookup: alwaysAllow },
};

/** Something is learnt of the newest answer, or of one before it. */
async function learn(desk: Harness, index: number): Promise<void> {
  await rested(desk);
  const steps = await written(desk, "step-ended");
  const { turnId, step, text } = steps.at(index % 3 === 0 ? -1 : -4) ?? steps.at(-1)!;
  const place = { conversationId: CONVERSATION, voiceCallId: VOICE_CALL, speechId: `${index}`, turnId, step, kind: "answer" } as const;
  if (index % 2 === 0) await desk.voice.cut(CUSTOMER, { ...place, text: text.slice(0, 9), unheard: text.slice(9), cutBy: "speech" });
  else await desk.voice.heard(CUSTOMER, { ...place, text });
}

for (const contextTokens of [100_000, 1_000])
  test(`whoever goes on makes the same prompts as whoever reads the journal anew (window of ${contextTokens} tokens)`, async () => {
    const model = { provider: "openai-compatible", model: "scripted", contextTokens, maxOutputTokens: 100 } as const;
    const staying = await openDesk(OPTIONS, { assistant: { model } });
    let leaving = await openDesk(OPTIONS, { assistant: { model } });
    const anew: ModelRequest[] = [];
    for (let index = 0; index < 14; index += 1) {
      const text = index % 2 === 0 ? `look up ${index}` : `question ${index}`;
      await tell(staying, `message-${index}`, text);
      await staying.turnsEnded(index + 1);
      await learn(staying, index);
      leaving = await leaving.restart();
      await tell(leaving, `message-${index}`, text);
      await leaving.turnsEnded(1);
      await learn(leaving, index);
      anew.push(...leaving.requests);
    }
    expect((await written(staying, "summary-written")).length > 0).toBe(contextTokens < 100_000);
    expect(staying.requests.map(({ messages }) => messages)).toEqual(anew.map(({ messages }) => messages));
    expect(JSON.stringify(anew)).toContain("did not hear the rest");
    if (contextTokens < 100_000) expect(JSON.stringify(anew)).toContain("Of one of your answers above");
  });
