import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { ModelChoice } from "./model-choice.ts";

/** As much of the configuration file as the demo touches; the rest passes through. */
const configurationSchema = z.looseObject({
  assistants: z.looseObject({ shop: z.looseObject({ model: z.unknown() }) }),
  network: z.looseObject({ allowPrivate: z.array(z.string()) }),
});
export type DemoConfiguration = z.infer<typeof configurationSchema>;

/**
 * Makes the configuration of this start from `demo/frontdesk.json`, writes it into the data folder and returns the
 * file's path.
 */
export function writeConfiguration(
  folder: string,
  choice: ModelChoice,
  configure: (configuration: DemoConfiguration) => DemoConfiguration,
): string {
  const configuration = configurationSchema.parse(JSON.parse(readFileSync(new URL("../frontdesk.json", import.meta.url), "utf8")));
  if (choice.block !== undefined) configuration.assistants.shop.model = choice.block;
  if (choice.privateHost !== undefined)
    configuration.network.allowPrivate = [...new Set([...configuration.network.allowPrivate, choice.privateHost])];
  const file = join(folder, "frontdesk.json");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(configure(configuration), null, 2)}\n`, { mode: 0o600 });
  return file;
}
