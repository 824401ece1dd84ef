/**
 * The text of `frontdesk.schema.json`, the JSON Schema of the configuration file, from the schema that the server
 * itself uses.
 */
import { configurationJsonSchema } from "../server/configuration/json-schema.ts";

export function schemaText(): string {
  return `${JSON.stringify(configurationJsonSchema(), null, 2)}\n`;
}
