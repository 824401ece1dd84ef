import { Agent, buildConnector, type Dispatcher } from "undici";
import type { ModelSettings } from "../../server/conversation/ports/assistant.ts";
import type { Model } from "../../server/conversation/ports/model.ts";
import { createModels, type ModelsPorts } from "../../server/model/models.ts";
import { quietLog, TestClock } from "./test-clock.ts";
import type { WireFormat } from "./wire-formats.ts";

export const KEY = "sk-test-0123456789abcdef";

/** Leads every request, whatever its host, to one port of this machine, unencrypted. */
export function leadingTo(port: number): Dispatcher {
  const connect = buildConnector({});
  return new Agent({
    allowH2: false,
    connect: (options, callback) =>
      connect({ ...options, protocol: "http:", hostname: "127.0.0.1", host: "127.0.0.1", port: String(port) }, callback),
  });
}

type Asked = Pick<WireFormat, "provider" | "own" | "model">;

export function settingsFor(format: Asked, url: string, more: Partial<ModelSettings> = {}): ModelSettings {
  return {
    provider: format.provider,
    model: format.model ?? "test-model",
    apiKey: KEY,
    ...(format.own === undefined ? { baseUrl: url } : {}),
    contextTokens: 100_000,
    maxOutputTokens: 1_000,
    ...more,
  };
}

export interface Harness {
  readonly model: Model;
  readonly clock: TestClock;
  readonly close: () => Promise<void>;
}

/** A model as a server makes it, whose provider is at `port` of this machine. Retries wait for no real time. */
export async function modelAt(
  format: Asked,
  port: number,
  {
    clock = new TestClock({ hurried: true }),
    settings = {},
    ...options
  }: Partial<ModelsPorts> & { clock?: TestClock; settings?: Partial<ModelSettings> } = {},
): Promise<Harness> {
  const dispatcher = format.own === undefined ? undefined : leadingTo(port);
  const models = createModels({
    clock,
    log: quietLog,
    utilization: () => 0,
    ...(dispatcher === undefined ? {} : { sockets: async () => ({ dispatcher, check: () => {} }) }),
    ...options,
  });
  const model = await models.of(settingsFor(format, `http://127.0.0.1:${port}`, settings));
  const close = async (): Promise<void> => {
    await models.close();
    await dispatcher?.destroy();
  };
  return { model, clock, close };
}
