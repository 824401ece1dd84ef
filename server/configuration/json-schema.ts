import * as z from "zod";
import { configurationSchema } from "./schema.ts";

/** The JSON Schema of the configuration file as people write it: what has a default may be absent. */
export function configurationJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configurationSchema, { io: "input", target: "draft-2020-12", reused: "inline" });
}
