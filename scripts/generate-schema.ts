/** Writes `frontdesk.schema.json`, the JSON Schema of the configuration file, from the schema that the server itself uses. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { configurationJsonSchema } from "../server/configuration/json-schema.ts";

export const SCHEMA_PATH = fileURLToPath(new URL("../frontdesk.schema.json", import.meta.url));

/** The file's text as it should be. */
export function schemaText(): string {
  return `${JSON.stringify(configurationJsonSchema(), null, 2)}\n`;
}

export async function generateSchema(): Promise<void> {
  await writeFile(SCHEMA_PATH, schemaText());
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await generateSchema();
