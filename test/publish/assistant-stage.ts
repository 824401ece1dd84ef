import { expect, onTestFinished } from "vitest";
import { type ModelScript, startScriptedModel } from "../story/scripted-model.ts";
import { backend, cancelOrder, type Desk, desk, type Published } from "./publish-harness.ts";

/** A desk with an assistant that has an HTTP tool, and a published server that asks it. */
export async function assistantStage(
  script: ModelScript,
  permission = "always_allow",
): Promise<{ server: Desk; published: Published; requests: readonly { body: string }[] }> {
  const model = await startScriptedModel(script);
  onTestFinished(() => model.close());
  const { url, requests } = await backend();
  const server = await desk();
  await server.api("POST", "/http-tools", cancelOrder(url));
  const made = await server.api("POST", "/assistants", {
    key: "helper",
    name: "Helper",
    prompt: "Help.",
    model: { provider: "openai-compatible", model: "small", baseUrl: model.url, apiKey: "sk-test" },
    allowedOrigins: ["https://shop.example"],
  });
  expect(made).toMatchObject({ status: 201 });
  const permissions = { cancel_order: { permission, approver: "customer" } };
  const connected = await server.api("POST", "/assistants/helper/connectors", { server: "http", permissions });
  expect(connected.status, JSON.stringify(connected.body)).toBeLessThan(300);
  return { server, published: await server.publish([{ source: "assistant", server: "helper", name: "ask_assistant" }]), requests };
}

export const ask = (message: string, more: object = {}) => ({ name: "ask_assistant", arguments: { message, ...more } });
