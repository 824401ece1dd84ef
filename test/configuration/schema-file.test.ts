import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { configurationJsonSchema } from "../../server/configuration/json-schema.ts";
import { schemaText } from "../../scripts/generate-schema.ts";

const fromSchema = z.fromJSONSchema(configurationJsonSchema());

async function demo(): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(new URL("../../demo/frontdesk.json", import.meta.url), "utf8")) as Record<string, unknown>;
}

describe("frontdesk.schema.json", () => {
  it("is what the server's own schema says; else run `npm run build`", async () => {
    expect(await readFile(new URL("../../frontdesk.schema.json", import.meta.url), "utf8")).toBe(schemaText());
  });

  it("takes the demo's file", async () => {
    expect(fromSchema.safeParse(await demo()).error).toBeUndefined();
  });

  it("lets editors see what is wrong", async () => {
    expect(fromSchema.safeParse({ ...(await demo()), asistants: {} }).success).toBe(false);
    expect(fromSchema.safeParse({ ...(await demo()), mcpServers: { a: { url: "https://a.example", command: "x" } } }).success).toBe(false);
    expect(fromSchema.safeParse({ ...(await demo()), network: { allowPrivate: "127.0.0.1" } }).success).toBe(false);
  });
});
