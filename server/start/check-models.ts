import type { Configuration } from "../configuration/read-configuration.ts";
import type { Assistant } from "../conversation/ports/assistant.ts";
import type { ModelTest, TestExchange } from "../conversation/ports/model-test.ts";
import { systemClock } from "./system-clock.ts";

/**
 * Tries the models of all assistants of a file, one after the other, and prints what it found in plain sentences. False:
 * one of them does not work, or cannot use the tools that its assistant has.
 */
export async function checkModels({ assistants, network }: Configuration, print: (line: string) => void): Promise<boolean> {
  const [{ createModels }, { openGuardedSockets }] = await Promise.all([
    import("../model/models.ts"),
    import("../guard/network/guarded-fetch.ts"),
  ]);
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const models = createModels({ clock: systemClock, log: quiet, sockets: () => openGuardedSockets(network) });
  let good = true;
  try {
    for (const assistant of assistants) {
      const test = await models.test(assistant.model, new AbortController().signal);
      const isGood = test.status === "works" || (test.status === "without-tools" && assistant.connectors.length === 0);
      good &&= isGood;
      for (const line of told(assistant, test, isGood)) print(line);
    }
  } finally {
    await models.close();
  }
  return good;
}

function told({ key, model, connectors }: Assistant, { status, exchanges, advice }: ModelTest, isGood: boolean): string[] {
  const name = `${model.provider}/${model.model}`;
  const fault = exchanges.find((one) => one.fault !== undefined)?.fault;
  const lines = [`The assistant "${key}" ${isGood ? "works" : "does not work"} with ${name}${timing(exchanges[0])}.`];
  if (status === "without-tools")
    lines.push(`  It answers, but does not use tools${connectors.length === 0 ? "; the assistant has none" : ""}.`);
  if (fault !== undefined) lines.push(`  ${fault.cause}`);
  for (const sentence of advice) if (sentence !== fault?.cause) lines.push(`  ${sentence}`);
  return lines;
}

function timing(word: TestExchange | undefined): string {
  if (word?.outcome !== "ok" || word.firstByteMs === undefined) return "";
  return `: first byte after ${word.firstByteMs} ms, a word after ${word.wholeMs} ms`;
}
