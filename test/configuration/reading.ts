/** Reads a configuration file that a test wrote. */
import { type Configuration, ConfigurationError, parseConfiguration } from "../../server/configuration/read-configuration.ts";

export const MODEL = { provider: "openai-compatible", model: "small", baseUrl: "https://models.example/v1" };
export const SHOP = { name: "Shop", prompt: "Help.", model: MODEL, allowedOrigins: ["https://shop.example"] };
export const SECRET = "s3cret-value-of-the-operator";

export function read(file: unknown, environment: Record<string, string> = {}): Configuration {
  return parseConfiguration(typeof file === "string" ? file : JSON.stringify(file), environment);
}

export function faults(file: unknown, environment: Record<string, string> = {}): readonly string[] {
  try {
    read(file, environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  throw new Error("The configuration was taken as it is.");
}

export const withShop = (change: object, rest: object = {}): object => ({ assistants: { shop: { ...SHOP, ...change } }, ...rest });
